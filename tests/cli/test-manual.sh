#!/bin/sh
# gradus manual --format man and bash: complete, and understood by man and bash.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

# ---- The page

ends 0 manual --format man
mv "$out" gradus.1
if command -v man >/dev/null && man --version >/dev/null 2>&1; then
    MANWIDTH=80 LC_ALL=C man --warnings -E ascii -l gradus.1 >text 2>warnings || fail 'man refuses the page'
    [ ! -s warnings ] || fail "man warns: $(head -3 warnings)"
    grep -q '^ *--checkpoint-every VALUE' text || fail 'an option is missing in the text'
fi
for command in $("$gradus" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    grep -q "^.SS gradus $command" gradus.1 || fail "the page lacks $command"
done
for name in $("$gradus" list methods | awk '{ print $1 }') $("$gradus" list problems | awk '{ print $1 }'); do
    grep -qx "\.SS $name" gradus.1 || fail "the page lacks $name"
done

# ---- Completion

command -v bash >/dev/null || { finish; exit; }
ends 0 manual --format bash
mv "$out" gradus.bash
cat >ask.bash <<'EOF'
source ./gradus.bash
COMP_LINE=$1 COMP_POINT=${#1}
_gradus
echo "${COMPREPLY[*]}"
EOF
# completes LINE ANSWERS: what bash would put in the place of the last word, which it breaks at :
# and =.
completes() {
    answer=$(bash ask.bash "$1" 2>&1)
    [ "$answer" = "$2" ] || fail "'$1': expected '$2', got '$answer'"
}
# offers LINE WORD: it is among the answers.
offers() {
    case " $(bash ask.bash "$1" 2>&1) " in
    *" $2 "*) ;;
    *) fail "'$1' does not offer '$2'" ;;
    esac
}
completes 'gradus ra' 'race'
completes 'gradus so' 'solve'
completes 'gradus solve --checkpoint-e' '--checkpoint-every'
completes 'gradus solve --problem quadratic --gradient-' '--gradient-tolerance'
completes 'gradus solve --method adag' 'adagrad'
completes 'gradus solve --method=adag' 'adagrad'
completes 'gradus solve --method lbfgs:mem' 'memory='
completes 'gradus solve --method=lbfgs:mem' 'memory='
completes 'gradus solve --method lbfgs:memory=5,line_s' '5,line_search='
completes 'gradus solve --method sgd:form=av' 'averaged'
completes 'gradus solve --method=sgd:momentum=0.9,form=av' 'averaged'
completes 'gradus solve --problem softmax:data=fash' 'fashion-mnist'
completes 'gradus solve --sampling i' 'iid'
completes 'gradus manual --format=ba' 'bash'
completes 'gradus list da' 'data'
completes 'gradus describe ekf' 'ekfac'
completes 'gradus solve --save x' ''
completes 'gradus race stu' ''
completes 'gradus nonsense x' ''
for method in $("$gradus" list methods | awk '{ print $1 }'); do
    offers 'gradus solve --method ' "$method"
    offers "gradus describe $method" "$method"
done
for problem in $("$gradus" list problems | awk '{ print $1 }'); do
    offers 'gradus solve --problem ' "$problem"
done
for key in $("$gradus" describe adam | sed -n 's/^  \([a-z_0-9]*\)$/\1/p'); do
    offers 'gradus solve --method adam:' "$key="
done

finish
