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
if [ "${QUICK:-0}" = 1 ]; then # one of each length of vectors
    kinds='Prescott Nehalem Sandybridge Haswell SkylakeX'
fi
logs=$builddir/check-processors
mkdir -p "$logs" || exit 99

# used KIND VECTORS WHAT: what the program says that it is using; a signal ends it where the
# processor lacks an instruction.
used() {
    { OPENBLAS_CORETYPE=$1 GRADUS_VECTORS=$2 "$builddir/gradus" check --blas; } 2>&1 |
        sed -n "s/^$3  *//p"
}

# run KIND VECTORS: sets $passed, $failed and $names.
run() {
    passed=0 failed=0 names=
    for program in "${programs[@]}"; do
        log=$logs/$1-$2-$(basename "$program").log
        if OPENBLAS_CORETYPE=$1 GRADUS_VECTORS=$2 "$program" >"$log" 2>&1; then
            passed=$((passed + 1))
            rm -f "$log"
        else
            failed=$((failed + 1))
            names="$names ${program#"$builddir"/}"
        fi
    done
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
