#!/bin/sh
# Studies that vary, record and claim: what they leave, what they say, what they refuse.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

# Gradient descent with the best rate for every condition: 3.45 (condition + 1) updates to a
# millionth, so the slope over 10 and 1000 is 1 to two digits, and never 1/2.
cat >valley.yaml <<'EOF'
study: valley
question: How do the updates grow with the condition?
problem: {name: quadratic, dimension: 2}
vary: {problem.condition: [10, 1e3]}
record: [parameters, distance, best_value, effective_rates]
seeds: [1, 2]
budget: {updates: "= 5 * condition"}
gradient_tolerance: 0
target: "= 1e-6 * (1 + condition) / 2"
methods:
  - {name: sgd, label: gd, learning_rate: "= 2 / (1 + condition)"}
  - {name: sgd, label: slow, learning_rate: "= 0.5 / (1 + condition)"}
claims:
  - {id: T1, that: updates grow like the condition,
     check: "trend(updates_to(gd, 1e-6 * (1 + value) / 2, value)) in [0.9, 1.1]"}
  - {id: T2, that: they grow like its square root,
     check: "trend(updates_to(gd, 1e-6 * (1 + value) / 2, value)) in [0.4, 0.6]"}
  - {id: T3, that: the rate is what was asked for,
     check: 'all(gd, update == 0 or abs(rate1 * 1001 / 2 - 1) < 1e-9, 1e3)'}
  - {id: T4, that: the slow one goes less far,
     check: 'last(slow, distance, 10) < last(gd, distance, 10) and final(slow, "10") > final(gd, 10)'}
EOF

# ---- A whole race: one verdict does not hold, and that is no error

ends 0 race valley.yaml
says 'problem.condition 1e3'
says 'T1 holds: updates grow like the condition (trend('
says 'T2 does not hold: they grow like its square root (trend('
says 'T3 holds: '
says 'T4 holds: '
for value in 10 1e3; do
    for label in gd slow; do
        for seed in 1 2; do
            present "results/valley/traces/$label-$value-$seed.csv" \
                "results/valley/runs/$label-$value-$seed.json"
        done
    done
done
[ "$(wc -l <results/valley/summary.csv)" -eq 9 ] || fail 'summary.csv has not 8 runs'
[ "$(column results/valley/summary.csv varied | sort -u | tr '\n' ' ')" = '10 1e3 ' ] ||
    fail 'summary.csv: varied'
trace=results/valley/traces/gd-1e3-1.csv
[ "$(tail -n 1 "$trace" | cut -d, -f1)" = 5000 ] || fail 'the budget does not follow the value'
[ "$(head -n 1 "$trace" | sed 's/.*ray_evaluations,//')" = \
    'x1,x2,distance,best_value,rate1,rate2' ] || fail 'recorded columns'
[ "$(sed -n 2p "$trace" | cut -d, -f26-)" = '0,0,0,500.5,,' ] ||
    fail "first row: $(sed -n 2p "$trace")"
present results/valley/claims.json results/valley/report.html
grep -q 'T2 does not hold' results/valley/report.html || fail 'the report lacks the verdicts'
# Who won, for every value: the fast one, which is the first there; the slow one does not arrive.
for words in 'ends lowest at <b>2</b> of 2 values of condition' '<small>condition 1e3</small>' \
    'Training value 0.0005005, condition 1e3' '<h2>Time to target</h2>' 'no other does' \
    '2 methods × 2 values × 2 seeds'; do
    grep -q "$words" results/valley/report.html || fail "the report lacks '$words'"
done
grep -q '<th>varied</th>' results/valley/report.html || fail 'the report lacks the values'
present results/valley/figures/updates-varied.gp results/valley/figures/value-varied.gp
absent results/valley/figures/value-updates.gp results/valley/figures/value-updates-1.gp
rm results/valley/claims.json
ends 0 report results/valley
grep -q '"T4"' results/valley/claims.json || fail 'report does not judge anew'

# ---- Mistakes are found before anything runs

# spoiled SED TEXT
spoiled() {
    sed "$1" valley.yaml >bad.yaml
    refuses "$2" race bad.yaml --output bad
}
spoiled 's/updates_to(gd,/updates_to(gdd,/' \
    "bad.yaml:15: T1: check, column 18: there is no method 'gdd'; did you mean 'gd'?"
spoiled 's/last(slow, distance/last(slow, distnce/' \
    "bad.yaml:21: T4: check, column 12: there is no column 'distnce'; did you mean 'distance'?"
spoiled 's/rate1/rate3/' "bad.yaml:19: T3: check, column 28: there is no column 'rate3'"
spoiled 's/ in \[0.4, 0.6\]/ in [0.4, 0.6/' "bad.yaml:17: T2: check, column 66: expected ']'"
spoiled 's/"10"/"11"/' "there is no varied value '11'"
spoiled 's/id: T2/id: T1/' "bad.yaml:16: claims: 'T1' is given twice"
spoiled 's/check: .all/chekc: '"'"'all/' "a claim has no key 'chekc'; did you mean 'check'?"
spoiled 's/distance, best/distanse, best/' \
    "bad.yaml:5: record: there is no measurement 'distanse'; did you mean 'distance'?"
spoiled 's/distance, best/parameters, best/' 'bad.yaml:5: record: parameters is given twice'
spoiled 's/dimension: 2/dimension: 17/' \
    'record: parameters is for problems of at most 16 parameters, and quadratic has 17'
spoiled 's/distance, best/distance, layer_condition, best/' \
    'record: layer_condition needs'
spoiled 's/problem.condition/problem.conditio/' \
    "bad.yaml:4: vary: quadratic has no key 'conditio'; did you mean 'condition'?"
spoiled 's/problem.condition/methods.momentun/; s/"= [^"]*condition[^"]*"/1/g' \
    "bad.yaml:4: vary: no method of the study has the key 'momentun'; did you mean 'momentum'?"
spoiled 's/problem.condition/methods.learning_rate/; s/"= [^l]*condition.*"/1/' \
    'bad.yaml:11: learning_rate is what the study varies; leave it out here'
spoiled 's/problem.condition/seeds/' "bad.yaml:4: vary: 'seeds': expected problem, problem.NAME"
spoiled 's/\[10, 1e3\]/[10, 1e1]/' "bad.yaml:4: vary: '1e1' is '10' once more"
spoiled 's/\[10, 1e3\]/[10, 0.1]/' 'bad.yaml:4: quadratic: condition=0.1: expected'
spoiled 's/= 5 \* condition/= 5 * conditio/' \
    "bad.yaml:7: updates: after '=', column 6: there is no 'conditio'; the study varies 'condition'"
spoiled 's/= 5 \* condition/= condition \/ 3/' 'bad.yaml:7: budget: updates=3.33'
spoiled '/^vary/d' "bad.yaml:8: target: after '=', column 14: there is no 'condition': the study varies nothing"

# ---- Cut short: made again only what is missing, and the verdicts are the same

sed 's/^budget.*/budget: {updates: "= 60 * condition"}\nmeasure: {every: 20}/' valley.yaml >long.yaml
ends 0 race long.yaml --output whole
grep '^T[0-9]' "$out" >whole.verdicts
for attempt in 1 2 3 4 5; do
    rm -rf killed
    "$gradus" race long.yaml --output killed >"$out" 2>"$err" &
    race=$!
    while [ ! -e killed/runs/gd-1e3-1.json ] && kill -0 "$race" 2>/dev/null; do
        sleep 0.01
    done
    kill -KILL "$race" 2>/dev/null
    wait "$race" 2>/dev/null
    [ -e killed/report.html ] || break
    echo "attempt $attempt was over before it could be cut short"
done
absent killed/report.html killed/claims.json
kept=$(ls -i killed/runs/gd-10-2.json killed/runs/gd-1e3-1.json)
ends 0 race long.yaml --output killed --resume
grep '^T[0-9]' "$out" | cmp -s - whole.verdicts || fail "other verdicts: $(cat "$out")"
[ "$kept" = "$(ls -i killed/runs/gd-10-2.json killed/runs/gd-1e3-1.json)" ] ||
    fail 'a finished run was repeated'
for trace in whole/traces/*.csv; do
    [ "$(repeatable "$trace")" = "$(repeatable "killed/traces/${trace##*/}")" ] ||
        fail "a race that was cut short differs in ${trace##*/}"
done

# ---- Values that are words, and a batch

cat >words.yaml <<'EOF'
study: words
problem: {name: quadratic, dimension: 20}
vary: {methods.form: [classical, averaged]}
record: [best_value]
budget: {updates: 30}
methods:
  - {name: sgd, learning_rate: 0.01, momentum: 0.5}
  - {name: adam}
claims:
  - id: W
    that: the averaged form takes half the rate
    check: final(sgd, classical) < final(sgd, averaged) and final(adam, classical) == final(adam, averaged)
EOF
ends 0 race words.yaml
says 'W holds'
absent results/words/figures/updates-varied.gp results/words/figures/value-varied.gp
for stem in value-updates-1 value-cpu-1 value-updates-2 value-cpu-2; do
    present results/words/figures/$stem.gp
done
grep -q 'Training value by CPU time, form = averaged' results/words/report.html ||
    fail 'the report lacks the curves of the second word'
sed 's/: words/: batch/; s/methods.form: .*/batch: [1, full]}/; s/form: //; s/\[best_value\]/[effective_rates]/
     s/dimension: 20/dimension: 3/; s/classical/1/g; s/averaged/full/g' words.yaml >batch.yaml
ends 0 race batch.yaml
present results/batch/traces/adam-full-1.csv
refuses 'words.yaml: the study varies methods.form, and a drawing is of one problem' \
    draw words.yaml --output drawn

# ---- The error of a batch's gradient: here the mean over all is 0, so that it is as long as the
# step; in full batch it is rounding

cat >error.yaml <<'EOF'
study: error
problem: {name: slopes, slopes: "0.1x9 -0.9"}
vary: {batch: [1, full]}
record: [gradient_error]
budget: {updates: 25}
gradient_tolerance: 0
measure: {every: 1}
methods:
  - {name: sgd, learning_rate: 0.5}
claims:
  - {id: E1, that: it is that of the last batch,
     check: 'all(sgd, update == 0 or abs(gradient_error - step_norm / 0.5) < 1e-14, 1)'}
  - {id: E2, that: one of the ten is the other one, check: 'maximum(sgd, gradient_error, 1) > 0.89'}
  - {id: E3, that: nothing is in error over all data, check: 'maximum(sgd, gradient_error, full) < 1e-15'}
EOF
ends 0 race error.yaml
says 'E1 holds'
says 'E2 holds'
says 'E3 holds'
[ "$(sed -n 2p results/error/traces/sgd-1-1.csv | sed 's/.*,//')" = '' ] ||
    fail 'an error before the first update'

finish
