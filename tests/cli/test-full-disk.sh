#!/bin/sh
# A disk that is full, and standard output that is closed: exit 3, nothing half-written,
# nothing lost.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

call='solve --problem quadratic:dimension=4 --method sgd --quiet --updates'

if [ -c /dev/full ]; then
    # The trace has no room, the others have.
    ends 3 $call 5 --trace /dev/full --save x.h5
    grep -q '/dev/full: could not be written: No space left on device' "$err" || cat "$err"
    present x.h5
    absent x.h5.part
    rm -f x.h5

    # The summary has no room: what is complete stays.
    ends 3 $call 5 --trace t.csv --summary /dev/full --save x.h5
    grep -q '/dev/full: could not be written: No space left on device' "$err" ||
        fail "summary: $(cat "$err")"
    present t.csv x.h5
    rm -f t.csv x.h5

    # Standard output has no room.
    status=0
    "$gradus" solve --problem quadratic --method sgd --updates 1 --trace t.csv >/dev/full \
        2>"$err" || status=$?
    [ "$status" -eq 3 ] || fail "full standard output: exit $status"
    one_sentence 'full standard output'
    grep -q 'standard output: could not be written: No space left on device' "$err" ||
        fail "full standard output: $(cat "$err")"
    # More than one buffer: the reason is that of the first write that failed.
    "$gradus" manual >/dev/full 2>"$err"
    grep -q 'standard output: could not be written: No space left on device' "$err" ||
        fail "full standard output, a long text: $(cat "$err")"
    present t.csv
    rm -f t.csv
fi

# A file that may not grow: as on a full disk, no partial file stays.
(
    ulimit -f 8
    ends 3 $call 100000 --measure-every 1 --gradient-tolerance 0 --trace t.csv
    exit "$failures"
) || fail 'a file that may not grow'
absent t.csv t.csv.part

# Closed standard output, which must not become the trace.
for command in list 'describe sgd' manual --help --version 'solve --help' \
    'check --problem rosenbrock' 'evaluate --problem rosenbrock --at zero'; do
    status=0
    "$gradus" $command >&- 2>"$err" || status=$?
    [ "$status" -eq 3 ] || fail "$command: closed standard output: exit $status"
    one_sentence "$command"
    grep -q 'standard output: could not be written: Bad file descriptor' "$err" ||
        fail "$command: closed standard output: $(cat "$err")"
done
status=0
"$gradus" solve --problem quadratic --method sgd --updates 1 --trace t.csv >&- 2>"$err" ||
    status=$?
[ "$status" -eq 3 ] || fail "solve: closed standard output: exit $status"
[ "$(wc -l <t.csv)" -eq 3 ] || fail "the summary went into the trace: $(cat t.csv)"
ends 0 $call 1 --trace t.csv # prints nothing, so misses nothing

# Closed standard error: no sentence goes into a file that is open.
status=0
"$gradus" solve --problem quadratic --method sgd --updates 1 --trace t.csv \
    --summary /nowhere/s.json 2>&- >"$out" || status=$?
[ "$status" -ne 0 ] || fail 'closed standard error: exit 0'
grep -q gradus: t.csv && fail "a sentence went into the trace: $(cat t.csv)"
finish
