#!/bin/sh
# What solve writes and how it ends.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

# A run that stops as asked.
ends 0 solve --problem quadratic:dimension=20,condition=100 --method sgd:learning_rate=0.01 \
    --updates 10 --measure-every=4 --trace t.csv --summary s.json --save x.h5
says 'budget of updates spent'
says 'updates        10'
present t.csv s.json x.h5
absent t.csv.part s.json.part x.h5.part
[ "$(column t.csv update | tr '\n' ' ')" = '0 4 8 10 ' ] || fail "rows at $(column t.csv update)"
for text in '"status": "updates"' '"updates": 10' '"seed": 1' '"threads": 1' \
    '"problem": "quadratic:dimension=20,condition=100"'; do
    grep -qF "$text" s.json || fail "no $text in s.json"
done

# What was saved is where it ended: to the last bit.
ends 0 evaluate --problem quadratic:dimension=20,condition=100 --at x.h5
says "value $(column t.csv train_value | tail -n 1)"
says "gradient_norm $(column t.csv gradient_norm | tail -n 1)"

# And going on from there is going on: 10 updates and 10 more are 20.
ends 0 solve --problem quadratic:dimension=20,condition=100 --method sgd:learning_rate=0.01 \
    --updates 10 --start x.h5 --trace more.csv --quiet
[ -s "$out" ] && fail '--quiet is not quiet'
ends 0 solve --problem quadratic:dimension=20,condition=100 --method sgd:learning_rate=0.01 \
    --updates 20 --trace all.csv
[ "$(column more.csv train_value | tail -n 1)" = "$(column all.csv train_value | tail -n 1)" ] ||
    fail 'going on from saved parameters is not going on'

# Other starts, other ends.
ends 0 solve --problem quadratic --method sgd --updates 0 --start zero --trace t.csv
[ "$(column t.csv update)" = 0 ] || fail 'no updates: expected one row'
ends 0 solve --problem quadratic --method sgd --target 1e9
says 'target value reached'
ends 0 solve --problem quadratic:condition=1 --method sgd:learning_rate=0.5
says 'gradient norm below the tolerance'
ends 0 solve --problem quadratic --method sgd --evaluations 3 --gradient-tolerance 0
says 'budget of evaluations spent'
ends 0 solve --problem quadratic --method sgd --passes 2
says 'budget of passes spent'

# An output may replace an old one, and be a link, a device or a pipe.
echo old >t.csv
ln -s t.csv link.csv
ends 0 solve --problem quadratic --method sgd --updates 1 --trace link.csv
[ -h link.csv ] || fail 'the link was replaced'
[ "$(column t.csv update | tr '\n' ' ')" = '0 1 ' ] || fail 'the link was not followed'
"$gradus" solve --problem quadratic --method sgd --updates 1 --quiet --trace /dev/stdout |
    cat >piped.csv
[ "$(column piped.csv update | tr '\n' ' ')" = '0 1 ' ] || fail 'a trace through a pipe'

mkfifo pipe
cat pipe >piped.csv &
ends 0 solve --problem quadratic --method sgd --updates 2 --quiet --trace pipe
wait
[ "$(column piped.csv update | tr '\n' ' ')" = '0 1 2 ' ] || fail 'a trace into a named pipe'

# A method that cannot go on: its outputs are results.
rm -f t.csv s.json x.h5
ends 1 solve --problem rosenbrock --method sgd:learning_rate=1000 --updates 100 \
    --trace t.csv --summary s.json --save x.h5
grep -q 'value or gradient became not finite' "$err" || fail "reason: $(cat "$err")"
present t.csv s.json
[ "$(column t.csv gradient_norm | tail -n 1)" = inf ] || fail 'divergence not in trace'
grep -qF '"status": "diverged"' s.json || fail 'status of a divergence'
grep -qF '"gradient_norm": null' s.json || fail 'value of a divergence'

# What it saved is the best point that was measured: here the start.
grep -qF '"saved": "best"' s.json || fail 'what was saved of a divergence'
best=$(sed -n 's/.*"best_value": \([^,]*\),.*/\1/p' s.json)
ends 0 evaluate --problem rosenbrock --at x.h5
grep -q 'value *24.1999' "$out" || fail "the best point: $(cat "$out")"
[ "${best%.*}" = 24 ] || fail "the best value: $best"

# Why a search failed, with what was found out.
ends 1 solve --problem slopes --method lbfgs --summary s.json
says 'the value falls without bound; in proportion to the step'
grep -q 'the value falls without bound; in proportion to the step' "$err" ||
    fail "detail: $(cat "$err")"
grep -qF '"detail": "in proportion to the step' s.json || fail 'detail in the summary'
grep -qF '"saved": "best"' s.json || fail 'what was saved of an unbounded function'
ends 0 solve --problem rosenbrock --method newton_cg --probe
ends 2 solve --problem slopes --method lbfgs --probe

# A run that ends and goes on is the run that did not end.
goes_on() { # OPTIONS...: of a run of 9 updates, cut after 4
    rm -f c.h5 whole.csv one.csv two.csv
    ends 0 solve "$@" --updates 9 --trace whole.csv --save whole.h5
    ends 0 solve "$@" --updates 4 --trace one.csv --checkpoint c.h5 --checkpoint-every 1e-9
    ends 0 solve "$@" --updates 9 --resume-from c.h5 --trace two.csv --save two.h5
    cmp whole.h5 two.h5 || fail "$*: other parameters"
    repeatable whole.csv | sed 1,5d >want
    repeatable two.csv | sed 1d >got
    cmp want got || fail "$*: another trace: $(cat want got)"
    [ "$(wc -l <got)" -ge 6 ] || fail "$*: rows of the second half"
}
goes_on --problem rosenbrock --method lbfgs:memory=3
goes_on --problem quadratic --method sgd:momentum=0.5,schedule=step,schedule_every=2

# Ctrl-C and budgets leave a checkpoint, a divergence does not.
ends 1 solve --problem rosenbrock --method sgd:learning_rate=1000 --checkpoint none.h5
[ -e none.h5 ] && fail 'a checkpoint of a divergence'
ends 0 solve --problem quadratic --method sgd --updates 0 --checkpoint zero.h5
ends 0 solve --problem quadratic --method sgd --updates 2 --resume-from zero.h5

# The same trace for any number of threads, but for the times.
for threads in 1 2 3; do
    ends 0 solve --problem quadratic:dimension=100000,condition=10 --threads $threads \
        --method sgd:learning_rate=0.1,momentum=0.5 --updates 8 --trace "t$threads.csv"
    repeatable "t$threads.csv" >"r$threads"
done
[ "$(wc -l <r1)" -eq 10 ] || fail 'rows of the threads test'
cmp r1 r2 && cmp r1 r3 || fail 'the trace depends on the number of threads'
head -n 1 r1 | grep -q 'train_value' || fail 'nothing was compared'

# Whitened coordinates: another path from the same start, measured in canonical ones.
for i in 1 2 3 4 5 6; do
    echo "$((i % 2)) 1:$i 2:$((i * i % 5)).5 3:7"
done >six.svm
for coordinates in canonical whitened; do
    ends 0 solve --problem logistic:data=six.svm,l2=0.1 --method sgd:learning_rate=0.1 \
        --updates 3 --coordinates $coordinates --trace $coordinates.csv --save x.h5
done
values=$(column canonical.csv train_value | tr '\n' ' ')
white=$(column whitened.csv train_value | tr '\n' ' ')
[ "${white%% *}" = "${values%% *}" ] || fail 'whitened coordinates start elsewhere'
[ "$white" != "$values" ] || fail 'whitened coordinates change nothing'
ends 0 evaluate --problem logistic:data=six.svm,l2=0.1 --at x.h5
says "value $(column whitened.csv train_value | tail -n 1)"

# The environment of the thread libraries is set whatever it was.
(
    unset OPENBLAS_NUM_THREADS OMP_WAIT_POLICY
    ends 0 solve --problem quadratic --method sgd --updates 1 --threads 2
    says 'updates        1'
    exit "$failures"
) || fail 'a clean environment'

finish
