#!/bin/sh
# gradus race: exit statuses, sentences, what stands in the folder after every kind of end.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

study() { # study FILE UPDATES
    cat >"$1" <<END
study: ${1%.yaml}
question: Does momentum help?
problem: {name: quadratic, dimension: 500, condition: 40}
seeds: [1, 2]
budget: {updates: $2}
measure: {every: 50}
target: [1, 1e-3]
gradient_tolerance: 0
methods:
  - {name: sgd, learning_rate: 0.02}
  - {name: sgd, label: wild, learning_rate: 1e3}
  - {name: sgd, label: heavy, learning_rate: 0.02, momentum: 0.9}
END
}

# same DIR DIR: the same traces but for the times.
same() {
    for trace in "$1"/traces/*.csv; do
        name=${trace##*/}
        [ "$(repeatable "$trace")" = "$(repeatable "$2/traces/$name")" ] ||
            fail "$1 and $2 differ in $name"
    done
    [ "$(ls "$1/traces")" = "$(ls "$2/traces")" ] || fail "$1 and $2 have other traces"
}

is_whole() {
    [ -z "$(find "$1" -name '*.part')" ] || fail "$1: partial files are left"
    present "$1/manifest.json" "$1/summary.csv" "$1/report.html"
    [ "$(wc -l <"$1/summary.csv")" -eq 7 ] || fail "$1: summary.csv has not 6 runs"
    [ "$(find "$1/traces" -name '*.csv' | wc -l)" -eq 6 ] || fail "$1: not 6 traces"
}

# ---- A whole race

study small.yaml 400
ends 0 race small.yaml
says 'first to reach 1: updates'
is_whole results/small
grep -q '^wild,sgd,1,diverged,' results/small/summary.csv || fail 'divergence not recorded'
grep -q '^heavy,sgd,2,updates,' results/small/summary.csv || fail 'the race did not go on'
ends 0 race small.yaml --resume
says 'the race is complete'
refuses 'results/small: the folder is not empty' race small.yaml
ends 0 race small.yaml --output quiet --quiet
[ -s "$out" ] && fail "--quiet printed $(cat "$out")"
ends 0 race small.yaml --output threads --threads 2
same results/small threads
ends 0 race small.yaml --output alone --threads 2 --at-once 1 --quiet
timeout 100 sh -c 'trap "" CHLD; exec "$0" "$@"' "$gradus" race small.yaml --output ignored \
    --threads 2 --quiet || fail 'a race does not end when ended processes are not told of'
same results/small alone

# ---- Mistakes: nothing is written

# spoiled SED TEXT: a study with a mistake in it, and what is said of it.
spoiled() {
    sed "$1" small.yaml >bad.yaml
    refuses "$2" race bad.yaml --output bad
}
spoiled 's/momentum: 0.9/momentun: 0.9/' \
    "bad.yaml:12: sgd has no key 'momentun'; did you mean 'momentum'?"
spoiled 's/^target/targte/' "bad.yaml:7: a study has no key 'targte'; did you mean 'target'?"
spoiled 's/rate: 0.02}/rate: nan}/' 'bad.yaml:10: sgd: learning_rate=nan: expected'
spoiled 's/rate: 0.02}/rate: 0.02x}/' 'bad.yaml:10: sgd: learning_rate=0.02x: expected'
spoiled 's/rate: 0.02}/rate: -1}/' 'bad.yaml:10: sgd: learning_rate=-1: expected'
spoiled 's/name: quadratic/name: quadratc/' "bad.yaml:3: there is no problem 'quadratc'"
spoiled 's/name: sgd, label: wild/name: sdg/' "bad.yaml:11: there is no method 'sdg'"
spoiled 's/label: wild/label: sgd/' "bad.yaml:11: the label 'sgd' is taken"
spoiled 's/^seeds:.*/seeds: [1, 1]/' 'bad.yaml:4: seeds: 1 is given twice'
spoiled 's/^target:.*/target: [1, 0.5, 1.0]/' \
    'bad.yaml:7: target: 1.0: the same target is given twice'
spoiled '/^budget/d' 'bad.yaml:9: sgd has no budget'
spoiled 's/name: sgd, learning_rate: 0.02}/name: prong}/' \
    'bad.yaml:10: prong needs a layer view, which quadratic does not have'
spoiled '/^problem/s/quadratic.*/softmax, data: absent.svm}/' 'bad.yaml:3: '
spoiled 's/^seeds:/seeds: [/' 'bad.yaml:5: not YAML: '
spoiled d 'bad.yaml: the file holds no study'
refuses 'absent.yaml: cannot be read' race absent.yaml --output bad
refuses 'expected STUDY.yaml' race
refuses "'more' is one argument too many" race small.yaml more
refuses '--threads 0: expected' race small.yaml --threads 0 --output bad
refuses 'the name of the results folder is empty' race small.yaml --output ''
echo 'not mine' >file
refuses 'file: cannot be used as a folder' race small.yaml --output file
refuses 'Not a directory' race small.yaml --output file/below
refuses 'not the results of a race' race small.yaml --output . --resume
mkdir closed && chmod 555 closed
if ! [ -w closed ]; then # root may write anywhere
    refuses 'closed/in: the folder cannot be made' race small.yaml --output closed/in
fi
study other.yaml 3
refuses 'results/small: the folder belongs to another study' \
    race other.yaml --output results/small --resume

# ---- Cut short

# cut DIR SIGNAL: begins a race and sends it SIGNAL when its first run is finished, again if
# a busy machine let it come to its end meanwhile.
cut() {
    for attempt in 1 2 3 4 5; do
        rm -rf "$1"
        "$gradus" race long.yaml --output "$1" >"$out" 2>"$err" &
        race=$!
        while [ ! -e "$1/runs/sgd-1.json" ] && kill -0 "$race" 2>/dev/null; do
            sleep 0.01
        done
        kill "-$2" "$race" 2>/dev/null
        wait "$race" 2>/dev/null
        status=$?
        [ -e "$1/report.html" ] || return 0
        echo "attempt $attempt was over before it could be cut short"
    done
    fail "$1: cannot be cut short"
}

study long.yaml 50000
ends 0 race long.yaml --output whole --quiet

cut killed KILL
kept=$(ls -i killed/traces/sgd-1.csv)
refuses 'is not empty' race long.yaml --output killed
# The report says what is missing and shows the rest.
made=$(ls killed/runs/*.json | wc -l)
ends 0 report killed
grep -q "$((6 - made)) of 6 runs are missing" killed/report.html ||
    fail "$made of 6 runs were made: $(grep 'are missing' killed/report.html)"
grep -q '<td.*sgd' killed/report.html || fail 'the run that was made is not shown'
ends 0 race long.yaml --output killed --resume --quiet
[ "$kept" = "$(ls -i killed/traces/sgd-1.csv)" ] || fail 'a finished run was repeated'
is_whole killed
same whole killed

cut stopped TERM # a shell begins background jobs with SIGINT ignored
[ "$status" -eq 0 ] || fail "an interrupted race exits with $status"
grep -q 'runs finished; --resume goes on' "$err" || fail "interrupted: $(cat "$err")"
[ -z "$(find stopped -name '*.part')" ] || fail 'an interrupted race leaves partial files'
ends 0 race long.yaml --output stopped --resume --quiet
is_whole stopped
same whole stopped

# The same with runs side by side, each a process of its own.  None of them outlives the race.
side='--threads 3'
cut_side() {
    for attempt in 1 2 3 4 5; do
        rm -rf "$1"
        "$gradus" race long.yaml --output "$1" $side >"$out" 2>"$err" &
        race=$!
        while ! ls "$1"/runs/*.json >/dev/null 2>&1 && kill -0 "$race" 2>/dev/null; do
            sleep 0.01
        done
        kill "-$2" "$race" 2>/dev/null
        wait "$race" 2>/dev/null
        status=$?
        [ -e "$1/report.html" ] || return 0
        echo "attempt $attempt was over before it could be cut short"
    done
    fail "$1: cannot be cut short"
}
ends 0 race long.yaml --output side --quiet $side
same whole side
grep -q '"at_once": 3' side/manifest.json || fail 'the runs were not side by side'
cut_side side-killed KILL
sleep 0.2 # until the kernel has ended the runs
ends 0 race long.yaml --output side-killed --resume --quiet
is_whole side-killed
same whole side-killed
cut_side side-stopped TERM
[ "$status" -eq 0 ] || fail "an interrupted race of runs side by side exits with $status"
grep -q 'runs finished; --resume goes on' "$err" || fail "interrupted: $(cat "$err")"
refuses 'cannot go on otherwise' race long.yaml --output side-stopped --resume --threads 2
ends 0 race long.yaml --output side-stopped --resume --quiet
is_whole side-stopped
same whole side-stopped
refuses 'expected 1 or the number of threads' \
    race long.yaml --output none --threads 3 --at-once 2
# Where the question is time, runs go on one at a time.
sed 's/^budget:.*/budget: {cpu_seconds: 0.05, updates: 20}/' small.yaml >timed.yaml
ends 0 race timed.yaml --output timed --quiet --threads 2
grep -q '"at_once": 1' timed/manifest.json || fail 'timed runs were side by side'

# ---- No room: complete files stay, and the race can be resumed.  A limit on the size of files
# stands for a full disk; only the traces are longer than that.

study rows.yaml 3000
sed -i 's/every: 50/every: 1/' rows.yaml
status=0
(ulimit -f 200 && exec "$gradus" race rows.yaml --output full --quiet) >"$out" 2>"$err" ||
    status=$?
[ "$status" -eq 3 ] || fail "a full disk: exit $status instead of 3"
one_sentence 'a full disk'
grep -q 'traces/sgd-1.csv: could not be written' "$err" || fail "full disk: $(cat "$err")"
present full/manifest.json
status=0
(ulimit -f 200 && exec "$gradus" race rows.yaml --output full-side --quiet $side) >"$out" \
    2>"$err" || status=$?
[ "$status" -eq 3 ] || fail "a full disk, runs side by side: exit $status instead of 3"
one_sentence 'a full disk, runs side by side'
grep -q 'csv: could not be written' "$err" || fail "full disk: $(cat "$err")"
ends 0 race rows.yaml --output full-side --resume --quiet
is_whole full-side
ends 0 race rows.yaml --output full --resume --quiet
is_whole full

finish
