#!/usr/bin/env bash
# check-processors.sh PROGRAM...: the tests PROGRAM under every kind of OpenBLAS's kernels that
# this processor can run, times the vectors of Gradus's own kernels, and a table at the end.
# A kind that OpenBLAS does not take, for which it chooses by itself, or whose instructions the
# processor lacks, is left out, and so are vectors that the processor lacks.
set -u
builddir=${builddir:-.}
kinds='Prescott Core2 Penryn Dunnington Nehalem Sandybridge Haswell SkylakeX Cooperlake
    Sapphirerapids Atom Nano Athlon Opteron Opteron_SSE3 Barcelona Bobcat Bulldozer Piledriver
    Steamroller Excavator Zen'
if [ "${QUICK:-0}" = 1 ]; then # one of each length of vectors, with vectors of that length
    kinds='Nehalem Sandybridge Haswell SkylakeX'
fi
jobs=$(nproc)
logs=$builddir/check-processors
mkdir -p "$logs" || exit 99

# used KIND VECTORS WHAT: what the program says that it is using; a signal ends it where the
# processor lacks an instruction.
used() {
    { OPENBLAS_CORETYPE=$1 GRADUS_VECTORS=$2 "$builddir/gradus" check --blas; } 2>&1 |
        sed -n "s/^$3  *//p"
}

# wanted KIND VECTORS: whether the table has that cell.
wanted() {
    [ "${QUICK:-0}" = 1 ] || return 0
    case $1-$2 in
    Haswell-avx2 | SkylakeX-avx512) ;;
    Haswell-* | SkylakeX-*) return 1 ;;
    *-generic) ;;
    *) return 1 ;;
    esac
}

# one LOG PROGRAM: prints whether it passes, and its name; a log stays where it does not.
one() {
    if "$2" >"$1" 2>&1; then
        echo "passed $2"
        rm -f "$1"
    else
        echo "failed $2"
    fi
}
export -f one

# run KIND VECTORS: sets $passed, $failed and $names.
run() {
    ended=$(for program in "${programs[@]}"; do
        printf '%s\0%s\0' "$logs/$1-$2-$(basename "$program").log" "$program"
    done | OPENBLAS_CORETYPE=$1 GRADUS_VECTORS=$2 \
        xargs -0 -n 2 -P "$jobs" bash -c 'one "$@"' one)
    passed=$(grep -c '^passed ' <<<"$ended")
    failed=$((${#programs[@]} - passed))
    names=$(sed -n 's/^failed / /p' <<<"$ended" | tr -d '\n')
}

programs=("$@")
all_passed=0 all_failed=0 failures=
table=$(printf '%-16s' kernels)
vectors=
for one in generic avx2 avx512; do
    [ "$(used '' $one vectors)" = $one ] && vectors="$vectors $one"
done
for one in $vectors; do
    table="$table$(printf '  %-22s' "$one")"
done
for kind in $kinds; do
    if [ "$(used "$kind" generic core)" != "$kind" ]; then
        echo "$kind: cannot be run here"
        continue
    fi
    table="$table
$(printf '%-16s' "$kind")"
    for one in $vectors; do
        if ! wanted "$kind" "$one"; then
            table="$table$(printf '  %-22s' '')"
            continue
        fi
        run "$kind" "$one"
        echo "$kind, $one: $passed passed, $failed failed$names"
        table="$table$(printf '  %-22s' "$passed passed, $failed failed")"
        all_passed=$((all_passed + passed))
        all_failed=$((all_failed + failed))
        [ -z "$names" ] || failures="$failures
$kind, $one:$names"
    done
done
echo
echo "$table"
[ -z "$failures" ] || echo "failed (logs in $logs):$failures"
echo "processors: $all_passed passed, $all_failed failed"
[ "$all_failed" -eq 0 ] && [ "$all_passed" -gt 0 ]
