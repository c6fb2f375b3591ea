#!/bin/sh
# The binary interface of the library: what it exports, how large its structs are, what its
# codes mean.  tests/abi.txt is what it is now, tests/abi-released.txt what it was in the last
# release; the interface version in configure.ac must say how they differ.
#
#   check-abi.sh           compares
#   check-abi.sh --write   writes tests/abi.txt: `make abi`
set -u
kept=$srcdir/tests/abi.txt
released=$srcdir/tests/abi-released.txt
library=$builddir/.libs/libgradus.so
LC_ALL=C
export LC_ALL
[ -e "$library" ] || {
    echo 'there is no shared library'
    exit 77
}
folder=$(mktemp -d "$builddir/abi-XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM

# difference OLD NEW: same, larger or changed.
difference() {
    if [ -n "$(comm -23 "$1" "$2")" ]; then
        echo changed
    elif [ -n "$(comm -13 "$1" "$2")" ]; then
        echo larger
    else
        echo same
    fi
}

# version_after OLD DIFFERENCE: CURRENT:AGE by the rules of libtool.
version_after() {
    current=${1%%:*} age=${1##*:}
    case $2 in
    same) echo "$current:$age" ;;
    larger) echo "$((current + 1)):$((age + 1))" ;;
    changed) echo "$((current + 1)):0" ;;
    esac
}

# The rules themselves, on made-up lists.
rules() {
    printf 'a\nb\n' >"$folder/old"
    printf 'a\nb\nc\n' >"$folder/more"
    printf 'a\nc\n' >"$folder/other"
    for expected in old:same:3:1 more:larger:4:2 other:changed:4:0; do
        name=${expected%%:*}
        found=$(difference "$folder/old" "$folder/$name")
        [ "$name:$found:$(version_after 3:7:1 "$found")" = "$expected" ] || {
            echo "check-abi: expected $expected, got $found"
            exit 99
        }
    done
}

# One line a symbol, a struct and a code, sorted.  Sizes are those of a 64-bit machine.
interface() {
    nm -D --defined-only "$library" | sed 's/^[^ ]* \(.\) /symbol /; s/@.*//' >"$1"
    structs=$(sed -n 's/^} \(gradus_[a-z_]*\);$/SIZE(\1)/p' "$srcdir/include/gradus.h")
    cat >"$folder/sizes.c" <<END
#include <gradus.h>
#include <stdio.h>
#define STOP(name, code, word, text) printf("code %s %d %s\n", #name, code, word);
#define ERROR(name, code, text)      printf("code %s %d\n", #name, code);
#define SIZE(name)                   printf("size %s %zu\n", #name, sizeof(name));
int main(void) {
    GRADUS_STOP_LIST(STOP)
    GRADUS_ERROR_LIST(ERROR)
    $structs
}
END
    ${CC-cc} -I"$srcdir/include" "$folder/sizes.c" -o "$folder/sizes" || exit 99
    "$folder/sizes" >>"$1"
    sort -o "$1" "$1"
}

rules
interface "$folder/now"
if [ "${1-}" = --write ]; then
    { echo "version $GRADUS_VERSION_INFO" && cat "$folder/now"; } >"$kept.part" &&
        mv "$kept.part" "$kept"
    exit
fi

status=0
if grep -v '^symbol gradus_' "$folder/now" | grep '^symbol'; then
    echo 'check-abi: exported, but not a name of the library'
    status=1
fi
grep -v '^version' "$kept" | diff -u - "$folder/now" || {
    echo 'check-abi: the interface is not what tests/abi.txt says.  If that is meant, run'
    echo '    make abi'
    echo 'and commit tests/abi.txt'
    status=1
}
if [ -s "$released" ]; then
    before=$(sed -n 's/^version //p' "$released")
    grep -v '^version' "$released" >"$folder/before"
    what=$(difference "$folder/before" "$folder/now")
    wanted=$(version_after "$before" "$what")
else
    what='not released yet' wanted=0:0
fi
if [ "$(echo "$GRADUS_VERSION_INFO" | sed 's/:.*:/:/')" != "$wanted" ]; then
    echo "check-abi: against the last release the interface is $what: GRADUS_VERSION_INFO in" \
        "configure.ac must be ${wanted%:*}:REVISION:${wanted#*:}, not $GRADUS_VERSION_INFO"
    [ "$what" = changed ] && comm -23 "$folder/before" "$folder/now" | sed 's/^/  lost: /'
    status=1
fi
exit $status
