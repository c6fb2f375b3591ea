#!/bin/sh
# Deep networks from the command line: mistakes, methods that fail beside others that go on,
# whitened coordinates, spectra before and after whitening.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

# Forty pictures of 3 x 3: one pixel is always 0, another always 1, and one repeats the first.
awk 'BEGIN { srand(5); for (i = 0; i < 40; i++) {
    first = sprintf("%.3f", rand()); line = i % 3 " 1:" first " 2:0 3:1 4:" first
    for (j = 5; j <= 9; j++) line = line sprintf(" %d:%.3f", j, rand())
    print line } }' >pictures.svm
autoencoder=autoencoder:data=pictures.svm
small=$autoencoder,layers=8-3
network=network:data=pictures.svm,layers=6-5,activation=tanh

# ---- Mistakes

refuses 'autoencoder: layers=8-0-3: layer 2: expected a number of units from 1 to' \
    solve --problem $autoencoder,layers=8-0-3 --method sgd --trace t.csv
refuses 'network: layers=0: layer 1: expected a number of units from 1 to' \
    check --problem network:data=pictures.svm,layers=0
refuses "pictures.svm: line 1: '5:" solve --problem "$small,features=4" --method sgd
sed 's/$/ 10:0.5/' pictures.svm >wider.svm
refuses 'wider.svm: line 1: ' solve --problem "$small,test=wider.svm" --method sgd
refuses 'prong: epsilon=-1: expected a number in [0, inf)' \
    solve --problem $small --method prong:epsilon=-1 --save x.h5
refuses '--whitening-epsilon -1: expected a number in [0, inf)' \
    solve --problem $small --method adam --coordinates whitened --whitening-epsilon -1
for method in prong kfac ekfac natural_gradient; do
    refuses "$method: interval=0: expected an integer in [1, " \
        solve --problem $small --method $method:interval=0
done
refuses '--whitening-interval 0: expected an integer in [1, ' \
    solve --problem $small --method adam --coordinates whitened --whitening-interval 0
refuses 'kfac needs back-propagated signals, which autoencoder does not have with these' \
    solve --problem $small,batch_norm=yes --method kfac
refuses 'needs Gauss-Newton products, which autoencoder does not have with these parameters' \
    spectrum --problem $small,batch_norm=yes
refuses 'natural_gradient keeps a dense matrix' \
    solve --problem $small --method natural_gradient:maximum_dimension=10

# ---- A race goes on beside what fails

cat >study.yaml <<'END'
study: failures
question: Who is left?
problem: {name: autoencoder, data: pictures.svm, layers: 8-3, activation: relu, loss: squared}
batch: 8
budget: {updates: 12}
measure: {every: 4}
methods:
  - {name: prong, label: diverged, learning_rate: 1e80, interval: 1}
  - {name: kfac, label: singular, damping: 0}
  - {name: natural_gradient, label: flat, damping: 0}
  - {name: prong, label: undamped, epsilon: 0, samples: 4}
  - {name: sgd, label: whitened, learning_rate: 1e100, coordinates: whitened, whitening_interval: 1}
  - {name: prong, label: left, interval: 3, samples: 5}
  - {name: kfac, label: too, interval: 3, samples: 5}
END
ends 0 race study.yaml --output results --quiet
outcome() {
    grep -q "^$1,[a-z_]*,1,$2,.*$3" results/summary.csv ||
        fail "$1: expected $2, $3: $(grep "^$1," results/summary.csv)"
}
outcome diverged diverged
outcome singular singular
outcome flat singular
outcome undamped singular
outcome whitened eigendecomposition
outcome left updates
outcome too updates
[ "$(wc -l <results/traces/left-1.csv)" -eq 5 ] || fail 'the last but one has no whole trace'
present results/report.html results/traces/diverged-1.csv
# What the method found out stands beside the reason.
for file in results/summary.csv results/report.html; do
    for detail in 'covariance of the inputs of layer 0 is singular, and epsilon is 0' \
        'inputs of layer [0-9] (is|are) not finite'; do
        grep -Eq "$detail" $file || fail "$file: not '$detail'"
    done
done
sed 's/damping: 0}/interval: 0}/' study.yaml >bad.yaml
refuses 'bad.yaml:9: kfac: interval=0: expected' race bad.yaml --output bad
sed 's/samples: 5}/epsilon: -1}/' study.yaml >bad.yaml
refuses 'bad.yaml:13: prong: epsilon=-1: expected' race bad.yaml --output bad
sed 's/layers: 8-3/layers: 8-0/' study.yaml >bad.yaml
refuses 'bad.yaml:3: autoencoder: layers=8-0: layer 2: expected' race bad.yaml --output bad

# What a run alone says of it.
ends 1 solve --problem $small,activation=relu,loss=squared --method sgd:learning_rate=1e100 \
    --coordinates whitened --whitening-interval 1 --batch 8 --updates 12
grep -Eq 'inputs of layer [0-9] (is|are) not finite$' "$err" || fail "which: $(cat "$err")"
ends 1 solve --problem $small --method adam --coordinates whitened --whitening-epsilon 0 \
    --whitening-samples 5 --updates 12
grep -q 'layer 0 is singular, and epsilon is 0$' "$err" || fail "which: $(cat "$err")"

# ---- Whitened coordinates for any method, refreshed or not; the bits are those of any threads

for method in lbfgs adam:learning_rate=0.02 newton_cg; do
    for more in '' '--whitening-interval 4'; do
        for batch in full 8; do
            for threads in 1 2 3; do
                ends 0 solve --problem $network --method $method --coordinates whitened \
                    $more --batch $batch --updates 8 --measure-every 4 --threads $threads \
                    --gradient-tolerance 0 --trace $threads.csv
            done
            for threads in 2 3; do
                [ "$(repeatable 1.csv)" = "$(repeatable $threads.csv)" ] ||
                    fail "$method $more, batch $batch: $threads threads"
            done
            column 1.csv train_value | awk 'NR == 1 { first = $1 } END { exit !($1 < first) }' ||
                fail "$method $more, batch $batch does not descend: $(column 1.csv train_value)"
        done
    done
done

# A refresh is a phase of its own in the trace.
ends 0 solve --problem $network --method prong:interval=2 --batch 8 --updates 4 --trace t.csv
[ "$(column t.csv eigendecomposition_seconds | tail -n 1)" != 0 ] || fail 'no phase'

# ---- Spectra

# condition WHERE PART: of the last table.
condition() {
    awk -v where="$1" -v part="$2" '$1 == where && $2 == part { print $NF }' "$out"
}
for matrix in fisher gauss-newton hessian; do
    ends 0 spectrum --problem $network --whitened --layers --matrix $matrix \
        --whitening-epsilon 1e-3 --values values.csv
    cp "$out" $matrix
    [ "$(wc -l <"$out")" -eq 9 ] || fail "spectrum: $(cat "$out")"
    for coordinates in canonical whitened; do
        [ "$(grep -c "^$coordinates,layer-1," values.csv)" -eq 35 ] || fail 'values of a layer'
    done
done
cmp -s fisher gauss-newton || fail 'the Fisher matrix is not the Gauss-Newton matrix'
cp fisher "$out"
for part in whole layer-0 layer-1 layer-2; do
    awk -v before="$(condition canonical $part)" -v after="$(condition whitened $part)" \
        'BEGIN { exit !(after + 0 >= 1 && after + 0 < before + 0) }' ||
        fail "$part: $(cat fisher)"
done

# At a saved point, and the same numbers as columns of a trace.
ends 0 solve --problem $network --method adam --updates 5 --save x.h5
ends 0 spectrum --problem $network --at x.h5 --layers
cat >record.yaml <<'END'
study: conditions
question: How well conditioned is it?
problem: {name: network, data: pictures.svm, layers: 6-5, activation: tanh}
budget: {updates: 5}
gradient_tolerance: 0
record: [condition, whitened_condition, layer_condition, whitened_layer_condition]
methods:
  - {name: adam}
END
cp "$out" table
ends 0 race record.yaml --output record --quiet
sed 's/layers: 6-5/layers: 50-50/' record.yaml >bad.yaml
refuses 'record: condition is for problems of at most 2000 parameters, and network has 3203' \
    race bad.yaml --output bad
trace=record/traces/adam-1.csv
cp table "$out"
for part in whole:condition layer-0:layer_condition1 layer-2:layer_condition3; do
    awk -v table="$(condition canonical ${part%:*})" \
        -v trace="$(column $trace ${part#*:} | tail -n 1)" \
        'BEGIN { exit !(trace / table > 0.999 && trace / table < 1.001) }' ||
        fail "$part: $(condition canonical ${part%:*}), $(column $trace ${part#*:})"
done
column $trace whitened_condition | awk '!($1 > 1) { exit 1 }' || fail 'whitened_condition'
for figure in condition whitened-condition; do
    present record/figures/$figure-updates.dat record/figures/$figure-updates.gp
    absent results/figures/$figure-updates.dat
done
if [ -e record/figures/condition-updates.svg ]; then
    grep -q 'Condition of the Fisher matrix by update' record/report.html || fail 'not in the report'
fi

finish
