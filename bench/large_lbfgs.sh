# Part of run.sh: lbfgs on many variables, against liblbfgs and against memory.

echo "== lbfgs, memory 10, extended Rosenbrock function of 100,000 variables"
# liblbfgs stops at |g| <= 1e-5 |x|, and |x| is near sqrt(100,000).
tolerance=3.16e-3
if ! "${CC:-cc}" -O3 -o "$work/rosenbrock_liblbfgs" "$source/rosenbrock_liblbfgs.c" -llbfgs \
    -lm 2>"$work/compiler"; then
    rm -f "$work/rosenbrock_liblbfgs"
fi
round=0
while [ $round -lt "$rounds" ]; do
    "$programs/large_lbfgs" rosenbrock 100000 10 "$repeats" $tolerance >>"$work/ours-lbfgs"
    if [ -x "$work/rosenbrock_liblbfgs" ]; then
        "$work/rosenbrock_liblbfgs" 100000 10 "$repeats" >>"$work/liblbfgs"
    fi
    round=$((round + 1))
done
# The minimum is 0: both are there, by their own values and gradients.
there() {
    for quantity in value gradient_norm; do
        field $quantity "$2"
    done | awk -v most=$tolerance '!($1 <= most) { bad = 1 } END { exit bad }' ||
        { echo "bench: $1 has not solved the problem" >&2; exit 1; }
}
there gradus "$work/ours-lbfgs"
field cpu_seconds "$work/ours-lbfgs" >"$work/a"
field evaluations "$work/ours-lbfgs" >"$work/u"
if [ -f "$work/liblbfgs" ]; then
    there liblbfgs "$work/liblbfgs"
    field evaluations "$work/liblbfgs" >"$work/b"
    r=$(ratio "$work/u" "$work/b")
    echo "Evaluations: gradus $(median <"$work/u"), liblbfgs $(median <"$work/b")," \
        "ratio $r (to reach: 1.1: $(verdict "$r" 1.1))"
    field cpu_seconds "$work/liblbfgs" >"$work/b"
    r=$(ratio "$work/a" "$work/b")
    echo "CPU-seconds: gradus $(median <"$work/a"), liblbfgs $(median <"$work/b")," \
        "ratio $r (to reach: 1: $(verdict "$r" 1))"
else
    echo "gradus: $(median <"$work/u") evaluations, $(median <"$work/a") CPU-seconds"
    echo "liblbfgs: not found (Debian: apt-get install liblbfgs-dev)"
fi

echo "== lbfgs, memory 10, one update of a cheap function of 10 million variables"
"$programs/large_lbfgs" separable 10000000 10 "$repeats" >"$work/separable"
field decrease "$work/separable" | awk '!($1 < 1e-2) { exit 1 }' ||
    { echo "bench: the updates lead nowhere" >&2; exit 1; }
field cpu_seconds "$work/separable" >"$work/a"
field billed_seconds "$work/separable" >"$work/u"
field stream_seconds "$work/separable" >"$work/b"
r=$(ratio "$work/a" "$work/b")
echo "CPU-seconds: with the run's tests $(cat "$work/a"), billed $(cat "$work/u"); STREAM" \
    "triad, bytes that must be moved $(cat "$work/b"), ratio $r (to reach: 1.3:" \
    "$(verdict "$r" 1.3)), billed $(ratio "$work/u" "$work/b")"
