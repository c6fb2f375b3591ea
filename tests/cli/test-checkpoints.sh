#!/bin/sh
# gradus race --resume in the middle of a run: killed at any moment, a race goes on where its
# last checkpoint has it, and ends with the same traces, trajectories and targets.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

# Mini-batches and full ones, a plateau with its history, a stream of samples, whitened
# coordinates, a line search, what the study records, and targets.
cat >layers.yaml <<END_OF_STUDY
study: layers
problem: {name: softmax, data: $srcdir/tests/golden/small.svm, l2: 1e-3, validation: 0.25}
batch: 7
seeds: [1, 2]
budget: {updates: 600}
measure: {every: 10}
target: [1.0, 0.5]
record: [distance, best_value, gradient_error]
methods:
  - {name: sgd, momentum: 0.9, schedule: plateau, schedule_every: 5}
  - {name: adam, sampling: iid}
  - {name: vsgd}
  - {name: prong, learning_rate: 0.01, momentum: 0.5, interval: 30, samples: 12}
  - {name: adam, label: whitened, coordinates: whitened}
  - {name: lbfgs, batch: full}
END_OF_STUDY
cat >plane.yaml <<END_OF_STUDY
study: plane
problem: {name: rosenbrock}
vary: {methods.learning_rate: [1e-4, 1e-3]}
budget: {updates: 30000}
measure: {every: 100}
gradient_tolerance: 0
record: [parameters]
methods:
  - {name: sgd}
  - {name: rmsprop}
END_OF_STUDY

# same DIR DIR: traces but for the times, trajectories, and records but for times.
same() {
    for trace in "$1"/traces/*.csv; do
        name=${trace##*/}
        [ "$(repeatable "$trace")" = "$(repeatable "$2/traces/$name")" ] ||
            fail "$1 and $2 differ in traces/$name"
    done
    [ "$(ls -R "$1")" = "$(ls -R "$2" | sed "s|^$2|$1|")" ] || fail "$1 and $2 have other files"
    [ ! -d "$1/trajectories" ] || diff -r "$1/trajectories" "$2/trajectories" ||
        fail "$1 and $2 differ in trajectories"
    for file in "$1"/runs/*.json; do
        [ "$(sed 's/"[a-z_]*seconds": [^,}]*//; /started\|contaminated\|trace_bytes/d' "$file")" = \
            "$(sed 's/"[a-z_]*seconds": [^,}]*//; /started\|contaminated\|trace_bytes/d' \
                "$2/runs/${file##*/}")" ] || fail "$1 and $2 differ in ${file##*/}"
    done
    find "$2" -name '*.part' -o -name checkpoints | grep . && fail "$2: left-overs"
}

# killed STUDY DIR PAUSE MOST: killed every PAUSE seconds, until it comes to its end by itself or
# was killed MOST times.
killed() {
    kills=0
    until [ -e "$2/report.html" ] || [ "$kills" -ge "$4" ]; do
        "$gradus" race "$1" --output "$2" --resume --quiet --checkpoint-every 1e-3 \
            >"$out" 2>"$err" &
        race=$!
        sleep "$3"
        kill -KILL "$race" 2>/dev/null && kills=$((kills + 1))
        wait "$race" 2>/dev/null
        [ ! -s "$err" ] || fail "$1: $(cat "$err")"
    done
    ends 0 race "$1" --output "$2" --resume --quiet
    echo "$1: killed $kills times"
}

for study in layers plane; do
    ends 0 race $study.yaml --output $study --quiet
    killed $study.yaml $study-1 0.07 20
    same $study $study-1
    killed $study.yaml $study-2 0.19 10
    same $study $study-2
done

# ---- In the middle of a run: what had been recorded is kept, with its times

# begin SIGNAL: a race that is sent it when its first run has a checkpoint.  On a busy machine it
# may be over by then, and is begun once more.
begin() {
    for try in 1 2 3 4 5; do
        rm -rf begun
        "$gradus" race long.yaml --output begun --quiet --checkpoint-every 1e-3 >"$out" 2>"$err" &
        race=$!
        while [ ! -e begun/checkpoints/sgd-1.h5 ] && kill -0 "$race" 2>/dev/null; do
            sleep 0.01
        done
        cp begun/traces/sgd-1.csv.part first
        kill "-$1" "$race" 2>/dev/null
        wait "$race" 2>/dev/null
        [ ! -e begun/report.html ] && return
    done
    fail "$1: the race was over before it could be sent, $try times"
}

sed 's/600/120000/; /^seeds/s/2/2, 3/; s/every: 10/every: 1000/; /validation/s/, validation.*/}/; /plateau/s/, schedule.*/}/; /adam/,$d' \
    layers.yaml >long.yaml
ends 0 race long.yaml --output long --quiet
for signal in KILL TERM USR1; do
    begin $signal
    cp -r begun before
    ends 0 race long.yaml --output begun --resume --quiet
    [ "$(sed -n 1,2p first)" = "$(sed -n 1,2p begun/traces/sgd-1.csv)" ] ||
        fail "$signal: the run was begun anew"
    same long begun
    rm -rf begun && mv before begun
done

# ---- What is refused

# The folder is not touched: what is in it has its times.
resume_refuses() {
    untouched=$(ls -lR --time-style=full-iso begun)
    refuses "$1" race long.yaml --output begun --resume
    [ "$untouched" = "$(ls -lR --time-style=full-iso begun)" ] || fail "$1: the folder was touched"
}
mv begun/checkpoints/sgd-1.h5 good.h5
cp long/manifest.json begun/checkpoints/sgd-1.h5
resume_refuses 'begun/checkpoints/sgd-1.h5: '
rm begun/checkpoints/sgd-1.h5
cp good.h5 begun/checkpoints/sgd-2.h5
resume_refuses 'sgd-2.h5: a checkpoint of another run: its run seed is "1", expected "2"; without that file the run begins anew'
rm begun/checkpoints/*
cp begun/manifest.json kept.json
sed -i '0,/"version": "[^"]*"/s//"version": "0.0.9"/' begun/manifest.json
resume_refuses 'begun: the race was begun by gradus 0.0.9, and this is '
mv kept.json begun/manifest.json
sed -i 's/l2: 1e-3/l2: 1e-2/' long.yaml
resume_refuses 'begun: the folder belongs to another study'
sed -i 's/l2: 1e-2/l2: 1e-3/' long.yaml
ends 0 race long.yaml --output begun --resume --quiet # from the beginning of the run
same long begun

# ---- Two races at once

"$gradus" race long.yaml --output both --quiet >"$out" 2>"$err" &
race=$!
while [ ! -e both/manifest.json ]; do
    sleep 0.01
done
status=0
"$gradus" race long.yaml --output both --resume >"$out" 2>second.err || status=$?
kill -KILL "$race"
wait "$race" 2>/dev/null
[ "$status" -eq 2 ] && grep -q 'both: another race is at work in the folder' second.err ||
    fail "a second race: exit $status, $(cat second.err)"

finish
