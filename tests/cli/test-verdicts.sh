#!/bin/sh
# gradus verdicts: claims that hold and do not, that are open, that have no study.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

# f = x^2 / 2: the value falls by (1 - rate)^2 an update, so D1 to D3 and D10 are what they are.
cat >fall.yaml <<'EOF'
study: fall
question: Does it fall | fast?
problem: {name: quadratic, dimension: 1, condition: 1}
budget: {updates: 20}
gradient_tolerance: 0
methods:
  - {name: sgd, learning_rate: 0.5}
  - {name: sgd, label: slow, learning_rate: 0.1}
claims:
  - {id: D10, that: ten comes after two, check: final(sgd) < final(slow)}
  - {id: D1a, that: it falls, check: final(sgd) < 1e-9}
  - {id: D1b, that: so does the slow one, check: final(slow) < 1e-9}
  - {id: D2, that: it takes no time, check: 'last(sgd, cpu_seconds) < 1e9'}
EOF
sed '/^claims/,$d; s/fall$/budget/; s/updates: 20/wall_seconds: 1e-9/' fall.yaml >budget.yaml
cat >>budget.yaml <<'EOF'
claims:
  - {id: E1, that: it was ended by the clock, check: final(sgd) > 0}
EOF
sed '/^claims/,$d; s/: fall$/: silent/' fall.yaml >silent.yaml
cat >wanted.json <<'EOF'
[{"id": "D1", "where": "here", "that": "both fall"},
 {"id": "D2", "that": "time does not matter"},
 {"id": "D3", "that": "nobody looked"}]
EOF

for study in fall budget silent; do
    ends 0 race $study.yaml --output all/$study --quiet
done
mkdir all/empty

# ---- A folder, and a folder of them

ends 0 verdicts all/fall
[ "$(sed 's/ .*//' "$out" | tr '\n' ' ')" = 'D1a D1b D2 D10 ' ] || fail "order: $(cat "$out")"
says 'D1a holds: it falls (final(sgd) = '
says 'D1b does not hold: so does the slow one (final(slow) = '
grep 'D2 holds' "$out" | grep -q 'hangs on the machine' || fail "time is not marked: $(cat "$out")"
grep 'D1a' "$out" | grep -q 'hangs' && fail 'D1a does not hang on time'
ends 0 verdicts all --claims wanted.json --output page.md
says 'D3 has no study: nobody looked'
grep 'E1 holds' "$out" | grep -q 'hangs on the machine' || fail 'a budget of time is not marked'
present page.md page/fall.svg
grep -q '<svg style="background: white"' page/fall.svg || fail "the drawing has no background"
has() {
    grep -qF -- "$1" page.md || fail "expected '$1' in: $(cat page.md)"
}
has '| [D1](#d1) | both fall | holds in part: 1 of 2 checks |'
has '| [D2](#d2) | time does not matter | holds |'
has '| D3 | nobody looked | no study |'
has '| D1b | so does the slow one | does not hold | `final(slow) = '
has '| D2 | it takes no time | holds (time) | '
has '`fall.yaml`: Does it fall \| fast?'
has '![fall](page/fall.svg)'
grep -q '^| fall | 2 | [0-9.]* | [0-9]* | 20' page.md || fail 'no provenance of fall'
grep -q silent page.md && fail 'a study without claims has come in'

# ---- A wrong verdict is possible: other results, other verdicts

sed -i '/^claims/,$s/< 1e-9/> 1e-9/' fall.yaml
ends 0 race fall.yaml --output other --quiet
ends 0 verdicts other
says 'D1a does not hold'
says 'D1b holds'

# ---- What is not complete is open

sed -i 's/"complete": true/"complete": false/' other/manifest.json
ends 0 verdicts other
says 'D1a is open: it falls (the race is not complete)'
ends 0 verdicts other --output open.md
grep -qF 'open: 2 of 2 checks are not made' open.md || fail "$(cat open.md)"
grep -q '| holds' open.md && fail 'an open check holds'

# ---- Mistakes

refuses 'nowhere: cannot be read: ' verdicts nowhere
refuses 'all/empty: expected a results folder, or a folder of them' verdicts all/empty
refuses 'none.json:' verdicts all --claims none.json
echo '[{"id": "D1"}]' >bad.json
refuses "bad.json: claim 1: expected the texts 'id' and 'that'" verdicts all --claims bad.json
echo '{}' >all/fall/claims.json
refuses 'all/fall/claims.json: expected a JSON list' verdicts all --output other.md
absent other.md other.md.part
echo '[{}]' >all/fall/claims.json
refuses "all/fall: claim 1: expected an 'id'" verdicts all
echo '[' >all/fall/manifest.json
refuses 'all/fall/manifest.json: ' verdicts all

finish
