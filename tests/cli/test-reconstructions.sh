#!/bin/sh
# What a race of autoencoders shows of its images.
. "$srcdir/tests/cli/lib.sh"

# Twelve pictures of 2 x 2, and twelve examples that are none.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    echo "0 1:0.$((i % 10)) 2:0.5 3:0.$((i * 7 % 10)) 4:1"
done >pictures.svm
sed 's/$/ 5:0.3/' pictures.svm >rows.svm

cat >study.yaml <<'END'
study: images
question: What is left of an image?
problem: {name: autoencoder, data: pictures.svm, layers: 3}
vary: {problem.batch_norm: [no, yes]}
batch: 6
seeds: [2, 1]
budget: {updates: 3}
methods:
  - {name: sgd, label: slow, learning_rate: 0.001}
  - {name: sgd, learning_rate: 0.1}
END
ends 0 race study.yaml --output results --quiet
for label in slow sgd; do
    for value in no yes; do
        images=results/reconstructions/$label-$value.csv
        present "$images"
        [ "$(wc -l <"$images")" -eq 33 ] || fail "$images: not 8 images of 4 pixels"
    done
done
[ "$(ls results/reconstructions | wc -l)" -eq 4 ] || fail 'not a file a method and value'

# A row of inputs and a row a method: pixels, a column between two images, blank lines.
data=results/figures/reconstructions.dat
present "$data" results/figures/reconstructions.gp
[ "$(grep -c . "$data")" -eq $((3 * 2 * (8 * 3 - 1))) ] || fail "$data: $(wc -l <"$data")"
grep -q "set label 'slow'" results/figures/reconstructions.gp || fail 'no label'
if [ -e results/figures/value-updates.svg ] || [ -e results/figures/reconstructions.svg ]; then
    grep -q 'Reconstructions of test images' results/report.html || fail 'not in the report'
fi

# Broken files are said to be so, in the report.
spoiled() {
    sed "$1" "results/reconstructions/sgd-no.csv" >broken
    cp broken "results/reconstructions/sgd-no.csv"
    ends 0 report results
    grep -q "sgd-no.csv$2" results/report.html || fail "$1: not '$2' in the report"
}
spoiled '5s/,.*//' ':5: expected example'
spoiled '1s/input/inputs/' ':1: expected example'
spoiled '1s/inputs/input/; 2,$d' ':2: expected example'
rm results/reconstructions/sgd-no.csv results/figures/reconstructions.*
ends 0 report results
absent "$data"

# What is no square has no picture.
sed 's/pictures/rows/; /^vary/d; s/study: images/study: rows/' study.yaml >rows.yaml
ends 0 race rows.yaml --output rows --quiet
present rows/reconstructions/sgd.csv
absent rows/figures/reconstructions.dat
finish
