# Sparse logistic regression: readers, passes, and LIBLINEAR on the same text.  Sourced by run.sh.
#
#   SPARSE_FILE       another LIBSVM file with two labels instead of the generated one
#   SPARSE_EXAMPLES   documents of the generated one

text=${SPARSE_FILE:-$work/words.svm}
if [ -z "${SPARSE_FILE:-}" ]; then
    "$programs/write_libsvm" words:examples="${SPARSE_EXAMPLES:-100000}" 7 >"$text"
fi
echo "== LIBSVM text: $(wc -c <"$text") bytes, $(wc -l <"$text") lines"
"$programs/sparse_pass" "$text" 1 "$repeats" >"$work/pass-1"
"$programs/sparse_pass" "$text" 2 "$repeats" >"$work/pass-2"
speed=$(field megabytes_per_second "$work/pass-1")
echo "Reading: $speed MB per CPU-second (to reach: 200: $(verdict "-$speed" -200))"
[ "$(field value "$work/pass-1")" = "$(field value "$work/pass-2")" ] ||
    { echo "bench: two threads compute something else" >&2; exit 1; }
floor=$(field floor_cpu "$work/pass-1")
over() { awk -v a="$(field "$1" "$2")" -v b="$3" 'BEGIN {print a / b}'; }
echo "$(field entries "$work/pass-1") entries of 12 bytes; over reading them once, $floor s: value and" \
    "gradient $(over gradient_cpu "$work/pass-1" "$floor")," \
    "product $(over product_cpu "$work/pass-1" "$floor")"
echo "Two threads' wall time over one's, value and gradient:" \
    "$(over gradient_wall "$work/pass-2" "$(field gradient_wall "$work/pass-1")")"

# With C = 1 and l2 = 1/N LIBLINEAR's objective is N times ours.  Each contender is given the
# loosest tolerance, a power of ten, with which it gets within 1e-10 of the minimum.
if command -v liblinear-train >/dev/null; then
    l2=$(grep -c '^[^#]' "$text" | awk '{printf "%.17g", 1 / $1}')
    spec=logistic:data=$text,l2=$l2,bias=no
    method=${SPARSE_METHOD:-newton_cg}
    ours() {
        "$gradus" solve --problem "$spec" --method "$method" --gradient-tolerance "$1" --quiet \
            --summary "$work/sparse.json" || true
    }
    reached() { awk -v f="$1" -v least="$2" 'BEGIN {exit !(f <= least + 1e-10 * least)}'; }
    ours 1e-11
    least=$(summary value "$work/sparse.json")
    tolerance='' epsilon=''
    for power in 3 4 5 6 7 8 9 10; do
        ours 1e-$power
        if reached "$(summary value "$work/sparse.json")" "$least"; then
            tolerance=1e-$power
            break
        fi
    done
    for power in 2 3 4 5 6 7 8 9; do
        liblinear-train -s 0 -c 1 -B -1 -e 1e-$power "$text" "$work/model" >"$work/liblinear.log"
        "$programs/liblinear_value" "$spec" "$work/model" >"$work/theirs"
        if reached "$(field value "$work/theirs")" "$least"; then
            epsilon=1e-$power
            break
        fi
    done
    # The same function: what LIBLINEAR printed last, in four digits, before its last step.
    awk -v f="$(awk '{for (i = 1; i < NF; i++) if ($i == "f") f = $(i + 1)} END {print f}' \
        "$work/liblinear.log")" '{d = f - $2 * $4; exit !(d * d <= 1e-6 * f * f)}' "$work/theirs" ||
        { echo "bench: LIBLINEAR computes something else" >&2; exit 1; }
    [ -n "$tolerance" ] && [ -n "$epsilon" ] ||
        { echo "bench: 1e-10 was not reached" >&2; exit 1; }
    round=0
    while [ $round -lt "$rounds" ]; do
        "$programs/cpu_seconds" "$gradus" solve --problem "$spec" --method "$method" \
            --gradient-tolerance $tolerance --quiet --save "$work/sparse.h5" >>"$work/sparse-ours"
        "$programs/cpu_seconds" sh -c 'exec liblinear-train "$@" >/dev/null' sh -s 0 -c 1 -B -1 \
            -e $epsilon "$text" "$work/model" >>"$work/sparse-theirs"
        round=$((round + 1))
    done
    field cpu_seconds "$work/sparse-ours" >"$work/a"
    field cpu_seconds "$work/sparse-theirs" >"$work/b"
    r=$(ratio "$work/a" "$work/b")
    echo "Sparse logistic regression, file to weights, to 1e-10: $method ($tolerance)" \
        "$(median <"$work/a") CPU-seconds, LIBLINEAR (-e $epsilon) $(median <"$work/b"), ratio $r" \
        "(to reach: 0.8, try 0.5: $(verdict "$r" 0.8), $(verdict "$r" 0.5))"
else
    echo "LIBLINEAR: not found (Debian: apt-get install liblinear-tools)"
fi
