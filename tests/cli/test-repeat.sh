#!/bin/sh
# gradus race of a manifest: the race is run again from what the manifest holds, and the numbers
# of every trace are compared.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

cp "$srcdir/tests/golden/small.svm" "$srcdir/tests/golden/two.svm" .
cat >small.yaml <<'EOF'
study: small
problem: {name: softmax}
vary: {problem.data: [small.svm, two.svm]}
batch: 4
seeds: [1, 2]
budget: {updates: 30}
gradient_tolerance: 0
methods:
  - {name: adam}
  - {name: lbfgs, batch: full}
EOF
ends 0 race small.yaml --quiet
manifest=results/small/manifest.json
mv small.yaml kept.yaml # the manifest has it

# ---- What the manifest tells

[ "$(grep -c '"trace_crc32": "[0-9a-f]\{8\}"' $manifest)" -eq 8 ] || fail 'not 8 checksums'
# Both data files, the second one where the varied value has it; and every parameter.
data=$(sed -n '/^  "data": \[/,/^  \],/p' $manifest)
[ "$(echo "$data" | grep -c '"checksum"')" -eq 2 ] || fail "data: $data"
[ "$(echo "$data" | grep '"path"' | sed -n 's/.*two.svm.*/two/p')" = two ] || fail "data: $data"
[ "$(grep -c '"beta2": "0.999' results/small/runs/adam-two.svm-2.json)" -eq 1 ] ||
    fail 'a default is not in the record of a run'
for key in configuration core dgemm_ cblas_dgemm dsyevd_ LAPACKE_dsyevd processor vectors flags \
    compiler commit threads; do
    grep -q "\"$key\": ." $manifest || fail "no $key"
done
grep -q '"flags": ".*-fopenmp' $manifest || fail 'the flags are not all there'

# ---- The same numbers, with any number of threads

ends 0 race $manifest
says "8 of 8 traces have the same numbers as those of $manifest"
present results/small-repeated/report.html
refuses 'results/small-repeated: the folder is not empty' race $manifest
ends 0 race $manifest --output more --threads 2 --quiet
[ -s "$out" ] && fail "quiet: $(cat "$out")"
ends 0 race $manifest --output more --resume

# ---- Other numbers are told

# spoil SED: in a copy of the manifest, as if the race had been another one.
spoil() {
    mkdir -p was
    sed "$1" $manifest >was/manifest.json
    rm -rf results/small-repeated
    ends 1 race was/manifest.json
}
sum=$(grep -m 1 '"trace_crc32"' $manifest | sed 's/.*: "//; s/".*//')
spoil "s/$sum/00000000/; s/\"compiler\": \"/&an old /"
grep -q 'was/manifest.json: 1 of 8 traces have other numbers' "$err" || fail "$(cat "$err")"
says ".csv: other numbers, checksum 00000000, now $sum"
says 'compiler was "an old '
says '7 of 8 traces have the same numbers'
grep -q '^flags was' "$out" && fail "what is the same is told: $(cat "$out")"
spoil 's/updates: 30/updates: 31/'
grep -q '8 of 8 traces have other numbers' "$err" || fail "$(cat "$err")"
sed -i '1s/^\([^ ]*\) /\1 1:0.125 /; 1s/ 1:0.125 1:[^ ]*/ 1:0.125/' two.svm
spoil ''
grep -q '4 of 8 traces have other numbers' "$err" || fail "$(cat "$err")"
says 'data was '

# ---- The data of every varied value must be those that the race began with

rm results/small/runs/lbfgs-two.svm-2.json results/small/report.html
mv kept.yaml small.yaml
refuses 'results/small: the data have changed since the race began' race small.yaml --resume

# ---- What the clock ended is not compared

cat >timed.yaml <<EOF
study: timed
problem: {name: rosenbrock}
budget: {wall_seconds: 1e-3}
methods: [{name: sgd, learning_rate: 1e-6}]
EOF
ends 0 race timed.yaml --quiet
ends 0 race results/timed/manifest.json
says '1 were ended by a budget of time and are not compared'

# ---- Mistakes

echo '{"study": "x", "runs": []}' >bad.json
refuses "bad.json: expected a results folder's manifest, with 'study', 'text' and 'runs'" \
    race bad.json
refuses 'nowhere.json: ' race nowhere.json
sed 's/methods:/method:/' $manifest >bad.json
refuses "bad.json:" race bad.json --output other

finish
