#!/bin/sh
# The commands that print what there is, and check.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

ends 0 --version
grep -Eq '^gradus [0-9]+\.[0-9]+\.[0-9]+$' "$out" || fail "version: $(cat "$out")"

# Every command is in --help, and has a --help of its own with its options.
ends 0 --help
for command in list describe solve evaluate check manual; do
    says "  $command "
done
cp "$out" help
sed -n 's/^  \([a-z]*\)  .*/\1/p' help | while read -r command; do
    ends 0 "$command" --help
    says "usage: gradus $command"
    [ "$failures" -eq 0 ] || exit 1
done || fail 'help of a command'
ends 0 solve --help
for option in problem method start trace summary save threads quiet batch seed updates \
    passes evaluations cpu-seconds wall-seconds target gradient-tolerance \
    value-tolerance step-tolerance measure-every measure-examples measure-test-examples; do
    says "  --$option"
done

# list, and describe for everything that list shows.
ends 0 list
for text in methods: problems: data: sgd quadratic fashion-mnist; do
    says "$text"
done
for kind in methods problems; do
    ends 0 list $kind
    sed 's/^ *\([^ ]*\).*/\1/' "$out" >names
    [ -s names ] || fail "list $kind is empty"
    while read -r name; do
        ends 0 describe "$name"
        says "$name ("
    done <names
done
ends 0 list data
says 'idx:PREFIX'
ends 0 describe sgd
says 'default 0.01; takes a number in (0, inf)'
says 'takes classical|averaged'
ends 0 describe run
says 'gradient_tolerance'

# evaluate: reconstructions, of the training data where there are no others.
printf '0 1:0.1 2:0.9\n1 1:0.8 2:0.3\n' >two.svm
ends 0 evaluate --problem autoencoder:data=two.svm,layers=3-1 --at default \
    --reconstructions r.csv --reconstructed 2
[ "$(head -n 1 r.csv)" = 'example,feature,input,output' ] || fail "r.csv: $(head -n 1 r.csv)"
[ "$(cut -d, -f1-3 r.csv | sed 1d | tr '\n' ' ')" = '1,1,0.10000000000000001 1,2,0.90000000000000002 2,1,0.80000000000000004 2,2,0.29999999999999999 ' ] ||
    fail "r.csv: $(cat r.csv)"
awk -F, 'NR > 1 && !($4 > 0 && $4 < 1) { exit 1 }' r.csv || fail "r.csv: $(cat r.csv)"
refuses 'softmax does not reconstruct' evaluate --problem softmax:data=two.svm --at zero \
    --reconstructions no.csv
refuses 'expected at most 2' evaluate --problem autoencoder:data=two.svm,layers=1 --at zero \
    --reconstructions no.csv
rm two.svm r.csv

# evaluate: 17 digits.
ends 0 evaluate --problem rosenbrock --at default
says 'value 24.199999999999996'
grep -Eq '^gradient_norm 232\.86[0-9]{10,}$' "$out" || fail "evaluate: $(cat "$out")"

# Where the problem is strongly convex, how far the minimum can be: 50^2 / (2 * 50).
grep -q gap_bound "$out" && fail 'a bound for a function that is not convex'
ends 0 evaluate --problem quadratic:dimension=1,condition=50 --at default
says 'gap_bound 25'
ends 0 solve --problem quadratic:dimension=1,condition=50 --method sgd --updates 0 \
    --summary bound.json
says 'above minimum  25 at most'
grep -qF '"gap_bound": 25.0' bound.json || fail 'the bound in the summary'

# check, also elsewhere; the seed matters and is repeatable.
ends 0 check --problem rosenbrock:dimension=6
says 'order 3.00, expected 3'
grep -q WRONG "$out" && fail 'a right derivative is called wrong'
cp "$out" first
ends 0 check --problem=rosenbrock:dimension=6 --seed 1
cmp -s first "$out" || fail 'check is not repeatable'
ends 0 check --problem rosenbrock:dimension=6 --seed 2
cmp -s first "$out" && fail 'the seed of check has no effect'
ends 0 check --problem quadratic --start zero
says 'the remainder is rounding'

# spectrum: a quadratic's is known; every value goes to the file.
ends 0 spectrum --problem quadratic:dimension=30,condition=1e3 --matrix hessian \
    --values values.csv
says 'canonical   whole           30 all                 30            1         1000         1000'
[ "$(wc -l <values.csv)" = 31 ] || fail "spectrum: $(cat values.csv)"
ends 0 spectrum --problem quadratic:dimension=30 --matrix hessian --largest-dense 29 \
    --lanczos-steps 7
says 'lanczos-7'
refuses '--layers: rosenbrock has no layers' spectrum --problem rosenbrock --layers
refuses '--whitened: rosenbrock has no layers' \
    spectrum --problem rosenbrock --matrix hessian --whitened --values no.csv
refuses 'this spectrum needs Gauss-Newton products, which rosenbrock does not have' \
    spectrum --problem rosenbrock --matrix fisher --values no.csv

finish
