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
for list in src/*/local.mk; do
    for name in $(grep -o '%D%/[A-Za-z0-9_.]*\.[ch]' "$list" | sed 's|%D%/||'); do
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

# may FROM TO...: files of src/FROM include headers of those folders only.
checked=' '
may() {
    from=$1
    checked="$checked$from "
    shift
    for use in $(grep -roE '^#include "[a-z_]+/' --include='*.[ch]' --include='*.def' \
        "src/$from" 2>/dev/null | sed 's|:#include "|:|; s|/$||'); do
        case " $from $* " in
        *" ${use#*:} "*) ;;
        *) complain "${use%%:*} includes ${use#*:}/, which is not below it" ;;
        esac
    done
}
# The arrows of the design: cli -> harness -> methods, problems -> core and what it rests on.
# A method and a problem never include each other.
base='core linalg'
may core linalg
may linalg core
may data $base
may line_search $base
may first_order $base
may conjugate $base line_search
may newton $base line_search conjugate
may lbfgs $base line_search
may prong $base first_order
may natural $base first_order prong
may problems $base data
may harness $base data
may cli $base data harness
for folder in src/*/; do
    name=$(basename "$folder")
    case $checked in
    *" $name "*) ;;
    *) complain "src/$name is not among the layers" ;;
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
only src/core/stream.c '#include *<gsl/gsl_(randist|matrix|blas|linalg|multimin)\.h>'
only src/core/memory.c '[^_a-z](malloc|calloc|realloc|strdup) *\('

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

exit $failed
