#!/bin/sh
# gradus report: redraws the page of a race, and refuses what is not one.
. "$srcdir/tests/cli/lib.sh"

cat >study.yaml <<END
study: small
question: Does momentum help?
problem: {name: quadratic, dimension: 10, condition: 10}
seeds: [1]
budget: {updates: 20}
methods:
  - {name: sgd, learning_rate: 0.1}
END
ends 0 race study.yaml --output results --quiet
rm -r results/report.html results/figures
ends 0 report results
present results/report.html results/figures/value-updates.gp results/figures/value-updates.dat
rm results/report.html

# A trace that lost its last line, which is whole otherwise, and one cut off in mid-line.
cp results/traces/sgd-1.csv trace.csv
sed '$d' trace.csv >results/traces/sgd-1.csv
refuses 'results/traces/sgd-1.csv: expected the numbers of the run' report results
head -c -9 trace.csv >results/traces/sgd-1.csv
refuses 'results/traces/sgd-1.csv:22: the last line is cut short' report results
absent results/report.html
ends 0 race study.yaml --output results --resume --quiet
[ "$(repeatable trace.csv)" = "$(repeatable results/traces/sgd-1.csv)" ] ||
    fail 'the trace that was cut off is not what it was'
present results/report.html
rm results/report.html

refuses 'nowhere is not a results folder' report nowhere
refuses 'expected' report
sed 3s/,.*// results/traces/sgd-1.csv >broken && mv broken results/traces/sgd-1.csv
refuses 'results/traces/sgd-1.csv:3: 1 cells' report results
absent results/report.html
finish
