#!/bin/sh
# Ctrl-C and termination: the run ends after its update, with everything written.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

# wait_for FILE: until it has a row; gives up after ten seconds.
wait_for() {
    tries=0
    until [ -e "$1" ] && [ "$(wc -l <"$1")" -ge 2 ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || return 1
        sleep 0.05
    done
}

# interrupt SIGNAL ARGUMENT...: a run without an end gets it.  A shell starts background jobs
# with SIGINT ignored, which env undoes.
interrupt() {
    rm -f t.csv s.json x.h5
    signal=$1
    shift
    env --default-signal=INT "$gradus" solve "$@" --gradient-tolerance 0 --wall-seconds 60 \
        --trace t.csv --summary s.json --save x.h5 >"$out" 2>"$err" &
    child=$!
    wait_for t.csv.part || fail "SIG$signal: the run did not begin"
    absent t.csv s.json x.h5
    kill -s "$signal" "$child"
    status=0
    wait "$child" || status=$?
    [ "$status" -eq 0 ] || fail "SIG$signal: exit $status: $(cat "$err")"
    [ -s "$err" ] && fail "SIG$signal: $(cat "$err")"
    says 'interrupted'
    present t.csv s.json x.h5
    absent t.csv.part s.json.part x.h5.part
    grep -qF '"status": "interrupted"' s.json || fail "SIG$signal: status"
    last=$(column t.csv update | tail -n 1)
    grep -qF "\"updates\": $last," s.json || 
        fail "SIG$signal: the last row is not the last update"
    [ "$(awk -F, 'NR == 1 { n = NF } NF != n' t.csv | wc -l)" -eq 0 ] ||
        fail "SIG$signal: a row is cut short"
}

for each in INT TERM; do
    interrupt $each --problem quadratic:dimension=4 --method sgd:learning_rate=1e-12 \
        --measure-every 100000
done
# Nearly all of the time is inside updates, of hundreds of products each.
interrupt INT --problem logistic:data=random:examples=50000:features=400 \
    --method newton_cg:forcing=1e-14
finish
