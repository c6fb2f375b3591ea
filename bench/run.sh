#!/bin/sh
# `make bench`: speed, as ratios of medians within one run.  Every contender is verified before
# it is timed.  Not part of `make check`.
#
#   run.sh FOLDER-WITH-PROGRAMS GRADUS-PROGRAM SOURCE-FOLDER
set -eu
programs=$1 gradus=$2 source=$3
python=${PYTHON:-/usr/bin/python3}
data=${GRADUS_DATA:-/usr/share/datasets}/fashion-mnist
rounds=${ROUNDS:-5} repeats=${REPEATS:-20}
OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=passive
export OPENBLAS_NUM_THREADS OMP_WAIT_POLICY
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

median() { sort -g | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
field() { awk -v key="$1" '{for (i = 1; i < NF; i++) if ($i == key) print $(i + 1)}' "$2"; }
ratio() { paste "$1" "$2" | awk '{print $1 / $2}' | median; }
verdict() { awk -v r="$1" -v most="$2" 'BEGIN {print (r + 0 <= most + 0) ? "met" : "NOT met"}'; }

echo "== softmax regression on Fashion-MNIST: one value and gradient, double, 60,000 x 784 x 10"
round=0
while [ $round -lt "$rounds" ]; do
    "$programs/softmax_evaluate" 1 "$repeats" >>"$work/one"
    "$programs/softmax_evaluate" 2 "$repeats" >>"$work/two"
    if "$python" -c 'import numpy' 2>/dev/null; then
        "$python" "$source/softmax_evaluate.py" "$data" "$repeats" >>"$work/numpy"
    fi
    round=$((round + 1))
done

# The same value to 12 digits and the same gradient norm to 10, or nothing is reported.
same() {
    paste "$1" "$2" | awk '
        function near(a, b, t) { d = a - b; if (d < 0) d = -d; return d <= t * (b < 0 ? -b : b) }
        !near($2, $10, 1e-12) || !near($4, $12, 1e-10) { bad = 1 } END { exit bad }'
}
if [ -f "$work/numpy" ]; then
    same "$work/one" "$work/numpy" || { echo "bench: NumPy computes something else" >&2; exit 1; }
    field cpu_seconds "$work/one" >"$work/a"
    field cpu_seconds "$work/numpy" >"$work/b"
    r=$(ratio "$work/a" "$work/b")
    echo "CPU-seconds: gradus $(median <"$work/a"), NumPy $(median <"$work/b"), ratio $r" \
        "(to reach: 0.75, try 0.4: $(verdict "$r" 0.75), $(verdict "$r" 0.4))"
else
    echo "NumPy: not found (Debian: apt-get install python3-numpy)"
fi
same "$work/two" "$work/one" || { echo "bench: two threads compute something else" >&2; exit 1; }
field wall_seconds "$work/two" >"$work/a"
field wall_seconds "$work/one" >"$work/b"
r=$(ratio "$work/a" "$work/b")
echo "Two threads' wall time over one's: $r (to reach: 0.55: $(verdict "$r" 0.55))"

echo "== a full-batch run: bits, bill, memory"
spec=softmax:data=fashion-mnist,l2=1e-4
for threads in 1 2; do
    "$gradus" solve --problem $spec --method lbfgs --updates 30 --quiet --threads $threads \
        --trace "$work/trace-$threads.csv" --summary "$work/summary-$threads.json"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i !~ /_seconds$/) keep[i] = 1 }
             { line = ""; for (i = 1; i <= NF; i++) if (i in keep) line = line "," $i; print line }' \
        "$work/trace-$threads.csv" >"$work/bits-$threads"
done
if cmp -s "$work/bits-1" "$work/bits-2"; then
    echo "Traces with 1 and 2 threads: the same to the last bit"
else
    echo "Traces with 1 and 2 threads: DIFFERENT"
fi
"$programs/harness_cost" "$spec"
