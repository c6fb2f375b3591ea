#!/bin/sh
# The tests with more than one thread, and races with runs side by side, under clang's thread
# sanitizer.  Archer, which comes with LLVM's OpenMP, tells it what a region's end, a critical
# section or a reduction orders; of gcc's OpenMP no detector knows that.
#
#   make check-threads
#   make check-threads CHECK_TESTS='tests/core/test_blocks'
#
# The log is kept as tests/threads.log.
set -u
log=$builddir/tests/threads.log
archer=$(clang -print-resource-dir 2>/dev/null)/../../libarcher.so
[ -e "$archer" ] || {
    echo 'check-threads: clang with LLVM'"'"'s OpenMP is not there (Debian: apt-get install' \
        'clang libomp-dev)' >&2
    exit 2
}
unset MAKEFLAGS MFLAGS MAKELEVEL
base=$(mktemp -d "${TMPDIR:-/tmp}/threads-XXXXXX") || exit 99
trap 'rm -rf "$base"' EXIT
trap 'exit 99' HUP INT TERM
cd "$base" || exit 99

# Libraries without the sanitizer's calls are left out; a process that a race starts may have
# threads of its own.
export OMP_TOOL_LIBRARIES="$archer"
export TSAN_OPTIONS='ignore_noninstrumented_modules=1:die_after_fork=0'

# counts NAME PRAGMA: a program whose two threads count together, with that before each count.
counts() {
    cat >"$1.c" <<END
#include <stdio.h>
int main(void) {
    int count = 0;
#pragma omp parallel for num_threads(2) schedule(static, 1)
    for (int i = 0; i < 1000; i++) {
$2
        count++;
    }
    printf("%d\n", count);
}
END
    clang -g -fopenmp -fsanitize=thread "$1.c" -o "$1" || exit 99
    "./$1" >"$1.out" 2>&1
}
# The detector itself: it sees a race where there is one, and none where there is none.
counts racing ''
grep -q 'WARNING: ThreadSanitizer: data race' racing.out || {
    echo 'check-threads: the detector misses a race that was put there'
    exit 99
}
counts ordered '#pragma omp critical' || {
    cat ordered.out
    echo 'check-threads: the detector reports a race where a critical section orders all'
    exit 99
}

tar -xzf "$archive" --strip-components=1 --no-same-owner || exit 99
# test-race.sh is not among them: the sanitizer itself has no room under its limit of a file.
scripts='tests/harness/test_side_by_side tests/cli/test-repeat.sh tests/cli/test-networks.sh'
tests=${CHECK_TESTS:-$(find tests -name 'test_*.c' -exec grep -lE 'threads|pthread_create' {} + |
    sed 's/\.c$//' | sort | tr '\n' ' ')$scripts}
programs=$(printf '%s\n' $tests | grep -v '\.sh$')
jobs=$(nproc)
status=0
{
    ./configure -q CC=clang --enable-thread-sanitizer --disable-shared &&
        make -s -j"$jobs" >/dev/null &&
        make -j"$jobs" check TESTS="$tests" check_PROGRAMS="$(echo $programs)"
} >"$log" 2>&1 || status=1
[ ! -e test-suite.log ] || cat test-suite.log >>"$log"
sed -nE '/^(PASS|FAIL|ERROR|SKIP): .*[^)]$/p' "$log" | sort -u
races=$(grep -c 'WARNING: ThreadSanitizer' "$log")
[ "$races" -eq 0 ] || status=1
grep -q '^# TOTAL' "$log" || echo "check-threads: no verdict: $(tail -n 1 "$log")"
echo "check-threads: $races reports, see tests/threads.log"
exit $status
