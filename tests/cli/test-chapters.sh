#!/bin/sh
# The chapters in doc/: their commands run, their studies race, their links lead somewhere.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

commands=0
for chapter in "$srcdir"/doc/*.md; do
    name=$(basename "$chapter")
    # A study is written where it stands, under its name.
    awk '/^```yaml/ { inside = 1; text = ""; next }
        /^```/ && inside { inside = 0; if (study) printf "%s", text >study ".yaml"; next }
        inside { text = text $0 "\n"; if ($1 == "study:") study = $2 }' "$chapter"
    case $name in
    manual.md | reproduction.md) ;; # printed by the program
    *)
        sed -n 's/^ \{4,6\}gradus //p' "$chapter" >commands
        while read -r line; do
            commands=$((commands + 1))
            # shellcheck disable=SC2086  # they are words
            ends 0 $line
        done <commands
        ;;
    esac
    for link in $(grep -o '](\([^)]*\))' "$chapter" | sed 's/](//; s/)//' | sort -u); do
        case $link in
        http*) continue ;;
        '#'*) file=$name ;;
        *) file=${link%%#*} ;;
        esac
        [ -e "$srcdir/doc/$file" ] || fail "$name: the link to $file leads nowhere"
        case $link in
        *'#'*)
            grep -qix "##* ${link#*#}" "$srcdir/doc/$file" || fail "$name: $file has no ${link#*#}"
            ;;
        esac
    done
done
[ "$commands" -ge 8 ] || fail "only $commands commands were found"
echo "$commands commands"
present results/valley/report.html results/valley-repeated/report.html verdicts.md
grep -q 'M | momentum .* | holds' verdicts.md || fail "$(cat verdicts.md)"

# What is written by hand stands in the list of chapters.
for chapter in "$srcdir"/doc/*.md; do
    name=$(basename "$chapter")
    [ "$name" = README.md ] || grep -qF "($name)" "$srcdir/doc/README.md" ||
        fail "doc/README.md does not list $name"
done

finish
