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

echo "== one Adam update of 2.8 million parameters, gradient given, double, one thread"
round=0
while [ $round -lt "$rounds" ]; do
    "$programs/adam_update" "$repeats" >>"$work/adam"
    if "$python" -c 'import torch' 2>/dev/null; then
        "$python" "$source/adam_update.py" "$repeats" >"$work/forms"
        # Every form must have computed the same; the fastest one counts.
        while read -r line; do
            tail -n 1 "$work/adam" | sed 's/ move_seconds.*//' >"$work/ours"
            echo "$line" | sed 's/ cpu_seconds.*//' >"$work/theirs"
            paste "$work/ours" "$work/theirs" | awk '
                function near(a, b) { d = a - b; return (d < 0 ? -d : d) <= 1e-12 * (b < 0 ? -b : b) }
                !near($2, $6) || !near($4, $8) { bad = 1 } END { exit bad }' ||
                { echo "bench: PyTorch's Adam computes something else" >&2; exit 1; }
        done <"$work/forms"
        sort -k 6,6g "$work/forms" | head -n 1 >>"$work/torch-adam"
    fi
    round=$((round + 1))
done
field move_seconds "$work/adam" >"$work/a"
field update_seconds "$work/adam" >"$work/u"
field stream_seconds "$work/adam" >"$work/b"
r=$(ratio "$work/a" "$work/b")
echo "CPU-seconds: pass $(median <"$work/a"), with the look at the gradient" \
    "$(median <"$work/u"); STREAM triad, same bytes $(median <"$work/b"), ratio $r" \
    "(to reach: 1.3: $(verdict "$r" 1.3))"
if [ -f "$work/torch-adam" ]; then
    field cpu_seconds "$work/torch-adam" >"$work/b"
    r=$(ratio "$work/a" "$work/b")
    echo "PyTorch, fastest form ($(field form "$work/torch-adam" | sort | uniq -c | sort -rn |
        awk 'NR == 1 {print $2}')): $(median <"$work/b"), ratio $r (to reach: 0.8:" \
        "$(verdict "$r" 0.8)); with the look at the gradient $(ratio "$work/u" "$work/b")"
else
    echo "PyTorch: not found (Debian: apt-get install python3-torch)"
fi

echo "== mini-batch softmax regression on Fashion-MNIST: SGD, batch 256, double"
updates=${UPDATES:-1000} verified=10
summary() { sed -n "s/^  \"$1\": \([^,]*\),*$/\1/p" "$2"; }
sgd() { # what was asked, options ...
    out=$1
    shift
    "$gradus" solve --problem softmax:data=fashion-mnist,l2=1e-4 --method sgd:learning_rate=0.1 \
        --gradient-tolerance 0 --quiet --summary "$out" "$@"
}
sgd "$work/full.json" --updates $verified
round=0
while [ $round -lt "$rounds" ]; do
    sgd "$work/batch.json" --batch 256 --updates "$updates" --measure-every "$updates"
    echo "full_value $(summary value "$work/full.json") value" \
        "$(summary value "$work/batch.json") cpu_seconds" \
        "$(summary cpu_seconds "$work/batch.json")" >>"$work/sgd"
    if "$python" -c 'import torch' 2>/dev/null; then
        "$python" "$source/softmax_updates.py" "$data" "$updates" $verified |
            sort -k 6,6g | head -n 1 >>"$work/torch-sgd"
    fi
    round=$((round + 1))
done
field cpu_seconds "$work/sgd" >"$work/a"
echo "Updates per CPU-second: gradus $(median <"$work/a" | awk -v n="$updates" '{print n / $1}')"
if [ -f "$work/torch-sgd" ]; then
    # The same value after full-batch updates; after mini-batch ones, other batches, nearly.
    paste "$work/sgd" "$work/torch-sgd" | awk '
        function near(a, b, t) { d = a - b; return (d < 0 ? -d : d) <= t * b }
        !near($2, $8, 1e-12) || !near($4, $10, 0.02) { bad = 1 } END { exit bad }' ||
        { echo "bench: PyTorch's SGD computes something else" >&2; exit 1; }
    field cpu_seconds "$work/torch-sgd" >"$work/b"
    r=$(ratio "$work/b" "$work/a")
    echo "PyTorch, best of its threads: $(median <"$work/b" | awk -v n="$updates" '{print n / $1}')," \
        "ratio $r (to reach: 2, try 4: $(verdict "-$r" -2), $(verdict "-$r" -4))"
else
    echo "PyTorch: not found (Debian: apt-get install python3-torch)"
fi

echo "== one SGD update of the autoencoder 784-1000-500-250-30, batch 256, double, two threads"
round=0
while [ $round -lt "$rounds" ]; do
    "$programs/autoencoder_update" 2 "$repeats" >>"$work/autoencoder"
    if "$python" -c 'import torch' 2>/dev/null; then
        env -u OPENBLAS_NUM_THREADS -u OMP_WAIT_POLICY "$python" \
            "$source/autoencoder_update.py" "$data" "$repeats" | sort -k 6,6g |
            head -n 1 >>"$work/torch-autoencoder"
    fi
    round=$((round + 1))
done
field wall_seconds "$work/autoencoder" >"$work/a"
field product_seconds "$work/autoencoder" >"$work/b"
r=$(ratio "$work/a" "$work/b")
echo "Wall seconds: gradus $(median <"$work/a"), its products at the rate of large ones by dgemm" \
    "$(median <"$work/b"), ratio $r (to reach: 1.15: $(verdict "$r" 1.15))"
field tile_seconds "$work/autoencoder" >"$work/b"
echo "By its own kernel: $(median <"$work/b"), ratio $(ratio "$work/a" "$work/b")"
field cpu_seconds "$work/autoencoder" >"$work/c"
field product_cpu_seconds "$work/autoencoder" >"$work/b"
echo "CPU-seconds: $(median <"$work/c"), products $(median <"$work/b"), ratio" \
    "$(ratio "$work/c" "$work/b")"
if [ -f "$work/torch-autoencoder" ]; then
    paste "$work/autoencoder" "$work/torch-autoencoder" | awk '
        function near(a, b, t) { d = a - b; return (d < 0 ? -d : d) <= t * b }
        !near($2, $18, 1e-12) || !near($4, $20, 1e-12) { bad = 1 } END { exit bad }' ||
        { echo "bench: PyTorch's autoencoder computes something else" >&2; exit 1; }
    field wall_seconds "$work/torch-autoencoder" >"$work/b"
    r=$(ratio "$work/a" "$work/b")
    echo "PyTorch, best of its threads: $(median <"$work/b"), ratio $r (to reach: 0.85:" \
        "$(verdict "$r" 0.85))"
    field cpu_seconds "$work/torch-autoencoder" >"$work/b"
    echo "CPU-seconds: $(median <"$work/b"), ratio $(ratio "$work/c" "$work/b")"
else
    echo "PyTorch: not found (Debian: apt-get install python3-torch)"
fi

echo "== one prong update over one SGD update, batch 256, double, a refresh in 100 updates"
prong() { # layers, threads, most that is to reach
    rm -f "$work/prong"
    round=0
    while [ $round -lt "$rounds" ]; do
        "$programs/prong_update" "$1" "$2" "$((repeats * 2))" >>"$work/prong" || exit 1
        round=$((round + 1))
    done
    r=$(awk '{for (i = 1; i < NF; i += 2) v[$i] = $(i + 1)
              print (v["prong_cpu_seconds"] * 0.99 + v["refresh_cpu_seconds"] * 0.01) / v["sgd_cpu_seconds"]}' \
        "$work/prong" | median)
    field sgd_cpu_seconds "$work/prong" >"$work/a"
    field prong_cpu_seconds "$work/prong" >"$work/b"
    field refresh_cpu_seconds "$work/prong" >"$work/c"
    echo "784-$1, threads $2: CPU-seconds: SGD $(median <"$work/a"), prong" \
        "$(median <"$work/b"), with a refresh $(median <"$work/c"); ratio $r (by counting" \
        "multiplications $(tail -n 1 "$work/prong" | awk '{print $NF / $(NF - 2)}') and the" \
        "refresh; to reach: $3: $(verdict "$r" "$3"))"
}
prong 1000-500-250-30 2 1.6
prong 200-100-50-10 2 1.9

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

. "$source/large_lbfgs.sh"
. "$source/toms566.sh"
. "$source/softmax_gap.sh"
. "$source/sparse.sh"
