# Part of run.sh: softmax regression on Fashion-MNIST to a relative gap of 1e-6.  SciPy takes
# minutes, so it runs once; SCIPY=no leaves it out.

echo "== softmax regression on Fashion-MNIST, l2=1e-4, to a relative gap of 1e-6, full batch"
minimum=0.37947707845
target=$(awk -v f=$minimum 'BEGIN { printf "%.14g", f * (1 + 1e-6) }')
methods="newton_cg lbfgs nonlinear_cg"
for method in $methods; do
    "$gradus" solve --problem softmax:data=fashion-mnist,l2=1e-4 --method "$method" \
        --target "$target" --gradient-tolerance 0 --updates 5000 --quiet \
        --summary "$work/gap-$method.json"
done
if [ "${SCIPY:-yes}" = yes ] && "$python" -c 'import scipy' 2>/dev/null; then
    "$python" "$source/softmax_gap.py" "$data" "$target" >"$work/scipy"
fi
# Below the target, and not below the minimum.
there() {
    awk -v v="$2" -v most="$target" -v least=$minimum \
        'BEGIN { exit !(v <= most && v >= least * (1 - 1e-10)) }' ||
        { echo "bench: $1 is not at the minimum but at $2" >&2; exit 1; }
}
if [ -f "$work/scipy" ]; then
    there SciPy "$(field value "$work/scipy")"
    scipy=$(field cpu_seconds "$work/scipy")
    echo "SciPy's L-BFGS-B: $(field evaluations "$work/scipy") evaluations, $scipy CPU-seconds"
elif [ "${SCIPY:-yes}" = yes ]; then
    echo "SciPy: not found (Debian: apt-get install python3-scipy)"
else
    echo "SciPy: left out"
fi
for method in $methods; do
    summary=$work/gap-$method.json
    there "gradus's $method" "$(summary value "$summary")"
    line="$method: $(summary passes "$summary") passes,"
    line="$line $(summary gradient_evaluations "$summary") gradients,"
    line="$line $(summary products "$summary") products,"
    line="$line $(summary ray_evaluations "$summary") on rays,"
    line="$line $(summary cpu_seconds "$summary" | head -n 1) CPU-seconds"
    if [ -f "$work/scipy" ]; then
        r=$(awk -v a="$(summary cpu_seconds "$summary" | head -n 1)" -v b="$scipy" 'BEGIN { print a / b }')
        line="$line, ratio $r (to reach with some method: 0.3, try 0.1:"
        line="$line $(verdict "$r" 0.3), $(verdict "$r" 0.1))"
    fi
    echo "$line"
done
