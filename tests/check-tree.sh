#!/bin/sh
# The tree against its own rules: what is registered, listed, tested and included from where.
set -u
cd "${srcdir:-.}" || exit 99
unset POSIXLY_CORRECT # options of grep follow its pattern here
failed=0
complain() {
    echo "check-tree: $*"
    failed=1
}

# Every descriptor is registered and every registered one exists.
registered=$(sed -n 's/^GRADUS_\(METHOD\|PROBLEM\|COORDINATES\)(\(.*\))$/\1 \2/p' src/core/registry.def |
    tr 'A-Z' 'a-z' | sort)
kinds='(method|problem|coordinates)'
found=$(grep -rhoE "^const gradus_${kinds}_type gradus_${kinds}_[a-z0-9_]+ =" \
    --include='*.c' src |
    sed -E "s/^const gradus_${kinds}_type gradus_${kinds}_(.*) =/\1 \3/" | sort)
[ -n "$found" ] || complain "no descriptor was found in src/"
[ "$registered" = "$found" ] ||
    complain "registry.def lists ($(echo $registered)), src/ defines ($(echo $found))"

# Every source is in its folder's local.mk, and what is listed exists.
for file in $(find src -name '*.[ch]'); do
    list=$(dirname "$file")/local.mk
    grep -q "%D%/$(basename "$file")\( \|\$\)" "$list" ||
        complain "$file is not listed in $list"
done
for list in $(find src -name local.mk); do
    for name in $(grep -o '%D%/[A-Za-z0-9_.]*\.[ch]\>' "$list" | sed 's|%D%/||'); do
        [ -f "$(dirname "$list")/$name" ] || complain "$list lists $name, which is not there"
    done
done

# Every test is run; tests/DIR/test_FILE.c stands for src/DIR/FILE.c.  Those in tests/
# itself and the golden one are generic.
for file in $(find tests -name 'test_*.c'); do
    name=${file#tests/}
    grep -q "%D%/${name%.c}\( \|\$\)" tests/local.mk || complain "$file is not run"
    case $name in
    golden/* | test_*) continue ;;
    esac
    source=src/$(dirname "$name")/$(basename "$name" | sed 's/^test_//')
    [ -f "$source" ] || complain "$file stands for $source, which is not there"
done
for file in $(find tests -name '*.sh'); do
    grep -q "%D%/${file#tests/}\( \|\$\)" tests/local.mk || complain "$file is not run"
done

# What is left out of the table of processors is a test.
for name in $(sed -n 's/^\(text\|long\)_tests += //p' tests/local.mk); do
    grep -q "^unit_tests += $name\$" tests/local.mk || complain "$name is no unit test"
done

# may FROM TO...: files of the room src/FROM include headers of these rooms only.
checked=' '
may() {
    from=$1
    checked="$checked$from "
    shift
    for use in $(grep -oE '^#include "[a-z_/]+/' "src/$from"/*.[ch] "src/$from"/*.def \
        /dev/null 2>/dev/null | sed 's|:#include "|:|; s|/$||'); do
        case " $from $* " in
        *" ${use#*:} "*) ;;
        *) complain "${use%%:*} includes ${use#*:}/, which is not below it" ;;
        esac
    done
}
# rooms PREFIX NAME...: the names with the prefix before each.
rooms() {
    prefix=$1
    shift
    for name; do
        printf '%s/%s ' "$prefix" "$name"
    done
}
# The arrows of the design: cli -> harness -> methods, problems -> core -> linalg -> base.
# A method and a problem never include each other, and in the harness what records a race
# and what reads one do not know each other.
numeric='base core linalg'
may base
may linalg base
may core base linalg
may data $numeric
may line_search $numeric
may first_order $numeric
may conjugate $numeric line_search
may newton $numeric line_search conjugate
may lbfgs $numeric line_search
may prong $numeric first_order
may natural $numeric first_order prong
for kind in functions linear network plane squares; do
    may problems/$kind $numeric data
done
may harness/io $numeric
may harness/language base
may harness/run $numeric data harness/io
may harness/measure $numeric prong $(rooms harness io run)
may harness/study $numeric data $(rooms harness io language run measure)
may harness/results $numeric $(rooms harness io run)
may harness/record $numeric data $(rooms harness io run measure study results)
may harness/analysis $numeric $(rooms harness io language results)
may harness/figures $numeric data $(rooms harness io run measure results analysis)
may harness/report $numeric $(rooms harness io results record analysis figures)
may harness/race $numeric data \
    $(rooms harness io language run measure study results record analysis figures report)
may cli $numeric data \
    $(rooms harness io language run measure study results record analysis figures report race)
for folder in $(find src -name '*.[ch]' | sed 's|^src/||; s|/[^/]*$||' | sort -u); do
    case $checked in
    *" $folder "*) ;;
    *) complain "src/$folder is not among the layers" ;;
    esac
done

# only PLACE PATTERN: in src/ the pattern occurs below PLACE alone.
only() {
    for file in $(grep -rlE "$2" --include='*.[ch]' src); do
        case $file in
        $1*) ;;
        *) complain "$file has what only $1 may: $2" ;;
        esac
    done
}
only src/linalg/ '#include *<(cblas|lapacke?|openblas_config)\.h>'
only src/base/stream.c '#include *<gsl/gsl_(randist|matrix|blas|linalg|multimin)\.h>'
only src/base/memory.c '[^_a-z](malloc|calloc|realloc|strdup) *\('

# A function fits on a screen.
long=$(find src -name '*.[ch]' -exec awk -v most=50 '
    FNR == 1 { inside = open = 0 }
    !inside && /^[a-z_].*\(/ && !/;$/ { begin = FNR; open = 1 }
    !inside && open && /;$/ { open = 0 }
    !inside && open && /\{$/ { inside = 1 }
    inside && /^}/ {
        if (FNR - begin + 1 > most)
            printf "%s:%d\n", FILENAME, begin
        inside = open = 0
    }' {} +)
[ -z "$long" ] || complain "functions of more than 50 lines: $(echo $long)"

# Nothing that makes NaN invisible, nothing left to do.
dangerous=$(printf -- '-%s|-%s' ffast-math Ofast)
for file in $(grep -rlE -- "$dangerous" configure.ac Makefile.am src tests bench \
    --include='*.ac' --include='*.am' --include='*.mk' --include='*.[ch]' 2>/dev/null); do
    complain "$file asks for unsafe mathematics"
done
unfinished=$(printf '%s|%s|%s' TO''DO FIX''ME XX''X)
for file in $(grep -rlwE "$unfinished" src include tests bench doc experiments \
    --include='*.[ch]' --include='*.mk' --include='*.sh' --include='*.yaml' 2>/dev/null |
    grep -v '^tests/check-tree.sh$'); do
    complain "$file has something left to do"
done

# The picture of the rooms is that of the sources.
sh doc/layers.sh | cmp -s - doc/layers.svg ||
    complain "doc/layers.svg is not what doc/layers.sh draws: make doc/layers.svg"

exit $failed
