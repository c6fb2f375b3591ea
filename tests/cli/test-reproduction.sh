#!/bin/sh
# The claims of the documents once more: the cheapest of their studies must end with the verdicts
# that stand in doc/reproduction.md, which `make reproduce` writes.  What hangs on time is left
# out.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"
written=$srcdir/doc/reproduction.md
most=12 # CPU-seconds of all together, as they were when they were written

# verdicts PAGE: "STUDY ID VERDICT", a line for each that does not hang on time.
verdicts() {
    awk -F ' [|] ' '/^`/ { study = substr($0, 2, index($0, ".yaml`") - 2) }
        /^[|] C[0-9]+[a-z]* / && NF > 3 && $3 !~ /time/ {
            sub(/^[|] /, "", $1); print study, $1, $3 }' "$1"
}

cheapest=$(awk -F ' [|] ' '/^## Where it was run/ { races = 1 }
    races && $3 ~ /^[0-9.]+$/ { sub(/^[|] /, "", $1); print $3, $1 }' "$written" |
    sort -n | awk -v most="$most" '(sum += $1) <= most { print $2 }')
[ -n "$cheapest" ] || fail "no study was found in $written"
for study in $cheapest; do
    ends 0 race "$srcdir/experiments/$study.yaml" --output "now/$study" --quiet
done
ends 0 verdicts now --output now.md
verdicts now.md >found
verdicts "$written" | while read -r study rest; do
    case " $(echo "$cheapest" | tr '\n' ' ') " in
    *" $study "*) echo "$study $rest" ;;
    esac
done >expected
[ -s expected ] || fail "no verdict was found in $written"
sort found >found.sorted
sort expected | diff - found.sorted ||
    fail 'other verdicts than those in doc/reproduction.md (<)'
echo "$(wc -l <expected) verdicts of $(echo "$cheapest" | wc -l) studies"

finish
