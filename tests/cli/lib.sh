# What the tests of the program share: a folder of their own and two kinds of expectation.
# Sourced by the tests; expects $srcdir and $builddir.

gradus=$builddir/gradus
folder=$(mktemp -d "$builddir/cli-XXXXXX") || exit 99
cd "$folder" || exit 99
failures=0

fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# The numbers that awk reads and writes have a decimal point, as the program's have.
awk() {
    LC_ALL=C command awk "$@"
}

# finish: the verdict, which is the exit status of the test.
finish() {
    echo "$failures failures"
    [ "$failures" -eq 0 ]
}

# run ARGUMENTS...: sets $status; output in ../NAME.out and .err, outside the folder, so that
# whatever the program leaves behind shows.
out=$folder.out
err=$folder.err
trap 'cd /; rm -rf "$folder" "$out" "$err"' EXIT
trap 'exit 99' HUP INT TERM
run() {
    status=0
    "$gradus" "$@" >"$out" 2>"$err" || status=$?
}

# one_sentence CALL: standard error is one line with the program's name.
one_sentence() {
    [ "$(wc -l <"$err")" -eq 1 ] && grep -q '^gradus: ' "$err" ||
        fail "$*: expected one sentence, got: $(cat "$err")"
    grep -q '\.$' "$err" && fail "$*: a full stop ends the sentence"
    return 0
}

# refuses TEXT ARGUMENTS...: exit 2, one sentence that holds TEXT, nothing written.
refuses() {
    text=$1
    shift
    before=$(ls -A)
    run "$@"
    [ "$status" -eq 2 ] || fail "$*: exit $status instead of 2"
    one_sentence "$*"
    grep -qF -- "$text" "$err" || fail "$*: expected '$text', got: $(cat "$err")"
    [ -s "$out" ] && fail "$*: something on standard output"
    [ "$(ls -A)" = "$before" ] || fail "$*: left something behind: $(ls -A)"
    return 0
}

# ends STATUS ARGUMENTS...: that exit status, with a sentence if and only if it is not 0.
ends() {
    wanted=$1
    shift
    run "$@"
    [ "$status" -eq "$wanted" ] || fail "$*: exit $status instead of $wanted: $(cat "$err")"
    if [ "$wanted" -eq 0 ]; then
        [ -s "$err" ] && fail "$*: $(cat "$err")"
    else
        one_sentence "$*"
    fi
    return 0
}

# says TEXT: standard output of the last run holds it.
says() {
    grep -qF -- "$1" "$out" || fail "expected '$1' in: $(cat "$out")"
}

# present FILE... and absent FILE...: after the last run.
present() {
    for file; do
        [ -s "$file" ] || fail "$file is missing or empty"
    done
}
absent() {
    for file; do
        [ ! -e "$file" ] || fail "$file should not be there"
    done
}

# column FILE NAME: that column of a trace, without the header.
column() {
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
                          { print $c }' "$1"
}

# repeatable FILE: a trace without its times.
repeatable() {
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) keep[i] = $i !~ /_seconds$/ }
             { line = ""; for (i = 1; i <= NF; i++) if (keep[i]) line = line "," $i
               print line }' "$1"
}
