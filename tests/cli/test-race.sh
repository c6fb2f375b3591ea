#!/bin/sh
# gradus race: exit statuses, sentences, what stands in the folder after every kind of end.
set -u
gradus=$builddir/gradus
work=$(mktemp -d "${TMPDIR:-/tmp}/gradus-race-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99
failures=0

fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# expect STATUS PART COMMAND...: its exit status, and one sentence with PART on standard error
# (none when PART is empty).
expect() {
    status=$1 part=$2
    shift 2
    "$@" >out 2>err
    got=$?
    [ "$got" -eq "$status" ] || fail "$*: exit status $got, want $status: $(cat err)"
    if [ -z "$part" ]; then
        [ -s err ] && fail "$*: said $(cat err)"
        return
    fi
    [ "$(wc -l <err)" -eq 1 ] || fail "$*: want one line on standard error: $(cat err)"
    grep -qF -- "$part" err || fail "$*: no '$part' in: $(cat err)"
}

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

# The columns whose name does not end in _seconds.
untimed() {
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) keep[i] = $i !~ /_seconds$/ }
        { line = ""; for (i = 1; i <= NF; i++) if (keep[i]) line = line "," $i; print line }' \
        "$1"
}

# same DIR DIR: the same traces but for the times.
same() {
    for trace in "$1"/traces/*.csv; do
        name=${trace##*/}
        untimed "$trace" >one
        untimed "$2/traces/$name" >two
        cmp -s one two || fail "$1 and $2 differ in $name"
    done
    [ "$(ls "$1/traces")" = "$(ls "$2/traces")" ] || fail "$1 and $2 have other traces"
}

complete() {
    [ -z "$(find "$1" -name '*.part')" ] || fail "$1: partial files are left"
    for file in manifest.json summary.csv report.html; do
        [ -s "$1/$file" ] || fail "$1: no $file"
    done
    [ "$(wc -l <"$1/summary.csv")" -eq 7 ] || fail "$1: summary.csv has not 6 runs"
    [ "$(find "$1/traces" -name '*.csv' | wc -l)" -eq 6 ] || fail "$1: not 6 traces"
}

# ---- A whole race
study small.yaml 400
expect 0 '' "$gradus" race small.yaml
grep -q '^first to reach 1: updates' out || fail "no winner in: $(cat out)"
complete results/small
grep -q '^wild,sgd,1,diverged,' results/small/summary.csv || fail 'divergence not recorded'
grep -q '^heavy,sgd,2,updates,' results/small/summary.csv || fail 'the race did not go on'
expect 0 '' "$gradus" race small.yaml --resume
grep -q 'complete' out || fail "a complete race does not say so: $(cat out)"
expect 2 'results/small: the folder is not empty' "$gradus" race small.yaml
expect 0 '' "$gradus" race small.yaml --output quiet --quiet
[ -s out ] && fail "--quiet printed $(cat out)"
expect 0 '' "$gradus" race small.yaml --output threads --threads 2
same results/small threads

# ---- Mistakes: nothing is written
sed 's/momentum: 0.9/momentun: 0.9/' small.yaml >bad.yaml
expect 2 "bad.yaml:12: sgd has no key 'momentun'; did you mean 'momentum'?" \
    "$gradus" race bad.yaml --output bad
sed 's/^target/targte/' small.yaml >bad.yaml
expect 2 "bad.yaml:7: a study has no key 'targte'; did you mean 'target'?" \
    "$gradus" race bad.yaml --output bad
sed 's/rate: 0.02}/rate: nan}/' small.yaml >bad.yaml
expect 2 'bad.yaml:10: sgd: learning_rate=nan: expected' "$gradus" race bad.yaml --output bad
sed 's/name: quadratic/name: quadratc/' small.yaml >bad.yaml
expect 2 "bad.yaml:3: there is no problem 'quadratc'" "$gradus" race bad.yaml --output bad
sed 's/label: wild/label: sgd/' small.yaml >bad.yaml
expect 2 "bad.yaml:11: the label 'sgd' is taken" "$gradus" race bad.yaml --output bad
: >bad.yaml
expect 2 'bad.yaml: the file holds no study' "$gradus" race bad.yaml --output bad
expect 2 'absent.yaml: cannot be read' "$gradus" race absent.yaml --output bad
expect 2 'expected STUDY.yaml' "$gradus" race
expect 2 "'more' is one argument too many" "$gradus" race small.yaml more
expect 2 '--threads 0: expected' "$gradus" race small.yaml --threads 0 --output bad
expect 2 'the name of the results folder is empty' "$gradus" race small.yaml --output ''
[ -e bad ] && fail 'a refused study left a folder'
echo 'not mine' >file
expect 2 'file: cannot be used as a folder' "$gradus" race small.yaml --output file
expect 2 'Not a directory' "$gradus" race small.yaml --output file/below
expect 2 'not the results of a race' "$gradus" race small.yaml --output . --resume
mkdir closed && chmod 555 closed
if ! [ -w closed ]; then # root may write anywhere
    expect 2 'closed/in: the folder cannot be made' "$gradus" race small.yaml --output closed/in
fi
study other.yaml 3
expect 2 'results/small: the folder belongs to another study' \
    "$gradus" race other.yaml --output results/small --resume

# cut DIR SIGNAL: begins a race and sends it SIGNAL when its first run is finished, again if
# a busy machine let it come to its end meanwhile.
cut() {
    for attempt in 1 2 3 4 5; do
        rm -rf "$1"
        "$gradus" race long.yaml --output "$1" >out 2>err &
        race=$!
        while [ ! -e "$1/runs/sgd-1.json" ] && kill -0 "$race" 2>/dev/null; do
            sleep 0.01
        done
        kill "-$2" "$race" 2>/dev/null
        wait "$race" 2>/dev/null
        got=$?
        [ -e "$1/report.html" ] || return 0
        echo "attempt $attempt was over before it could be cut short"
    done
    fail "$1: cannot be cut short"
}

# ---- Killed in the middle of a run, then resumed
study long.yaml 50000
expect 0 '' "$gradus" race long.yaml --output whole --quiet
cut killed KILL
kept=$(ls -i killed/traces/sgd-1.csv)
expect 2 'is not empty' "$gradus" race long.yaml --output killed
expect 0 '' "$gradus" race long.yaml --output killed --resume --quiet
[ "$kept" = "$(ls -i killed/traces/sgd-1.csv)" ] || fail 'a finished run was repeated'
complete killed
same whole killed

# ---- Interrupted: ends after the current update, in order
cut stopped TERM # a shell begins background jobs with SIGINT ignored
[ "$got" -eq 0 ] || fail "an interrupted race exits with $got"
grep -q 'runs finished; --resume goes on' err || fail "an interrupt says: $(cat err)"
[ -z "$(find stopped -name '*.part')" ] || fail 'an interrupted race leaves partial files'
expect 0 '' "$gradus" race long.yaml --output stopped --resume --quiet
complete stopped
same whole stopped

# ---- No room: complete files stay, and the race can be resumed.  A limit on the size of files
# stands for a full disk; only the traces are longer than that.
study rows.yaml 3000
sed -i 's/every: 50/every: 1/' rows.yaml
expect 3 'traces/sgd-1.csv: could not be written' \
    sh -c 'ulimit -f 200; exec "$0" race rows.yaml --output full --quiet' "$gradus"
[ -s full/manifest.json ] || fail 'no manifest is left when the disk is full'
expect 0 '' "$gradus" race rows.yaml --output full --resume --quiet
complete full

[ "$failures" -eq 0 ]
