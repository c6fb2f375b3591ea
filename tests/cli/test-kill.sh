#!/bin/sh
# A race killed at KILLS moments (10), spread over its whole duration, goes on with --resume
# to the same traces and claims, on THREADS (one, then two) threads.  Every second
# resumption is killed too.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"
: "${KILLS:=10}"
GNUPLOT=/nonexistent # drawing takes longer than all the rest
export GNUPLOT

cat >s.yaml <<'END'
study: kill
problem: {name: quadratic, dimension: 30}
budget: {updates: 60}
target: [0.5]
claims:
  - {id: a, that: it is so, check: 'last(b, train_value) < last(sgd, train_value)'}
tuning: {untuned: no, budget: {updates: 20}}
methods:
  - {name: sgd, tune: {search: quasi-random, trials: 3}}
  - {name: sgd, label: b, momentum: 0.5, tune: {search: quasi-random, trials: 3}}
  - {name: lbfgs}
END

# results FOLDER: all that a race says and that no clock decides.
results() {
    for trace in "$1"/traces/*.csv "$1"/tuning/traces/*.csv; do
        [ ! -e "$trace" ] || { echo "${trace#"$1"/}" && repeatable "$trace"; }
    done
    cat "$1/claims.json"
}

now() {
    date +%s%N
}

# race FOLDER: with THREADS threads, and a checkpoint as often as may be.
race() {
    exec "$gradus" race s.yaml --output "$1" --quiet --threads "$threads" \
        --checkpoint-every 1e-9 --resume 2>>said
}

# killed FOLDER NANOSECONDS: a race that is killed then, unless it is over.
killed() {
    (race "$1") &
    child=$!
    sleep "$(awk -v t="$2" 'BEGIN { printf "%.4f", t / 1e9 }')"
    kill -KILL "$child" 2>/dev/null && met=$((met + 1))
    wait "$child" 2>/dev/null
}

for threads in ${THREADS:-1 2}; do
    started=$(now)
    (race whole) || fail "$threads threads: the race that nothing kills: $(cat said)"
    duration=$(($(now) - started))
    results whole >expected
    [ "$(wc -l <expected)" -gt 200 ] || fail "$threads threads: too little to compare"
    met=0
    kill=0
    while [ "$kill" -lt "$KILLS" ]; do
        # Moments at equal distances, each moved by chance within its own distance.
        chance=$(od -An -N2 -tu2 /dev/urandom)
        moment=$((duration * (kill * 65536 + chance) / (KILLS * 65536)))
        rm -rf r
        : >said
        killed r "$moment"
        [ $((kill % 2)) -eq 0 ] || killed r $((duration - moment))
        (race r) || fail "$threads threads, killed after $moment ns: $(cat said)"
        results r >found
        cmp -s expected found ||
            fail "$threads threads, killed after $moment of $duration ns: other results"
        partial=$(find r -name '*.part')
        [ -z "$partial" ] || fail "a partial file is left: $partial"
        [ ! -d r/checkpoints ] || fail 'checkpoints are left'
        kill=$((kill + 1))
    done
    echo "$threads threads: $KILLS moments, $met kills"
    [ "$met" -gt 0 ] || fail "$threads threads: every race was over before it was killed"
    rm -rf whole
done
finish
