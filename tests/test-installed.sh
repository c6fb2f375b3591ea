#!/bin/sh
# What a user of the library does: installs it, asks pkg-config how to compile and link, and
# runs.  Everything goes into a folder of the test's own.
set -u
srcdir=$(cd "$srcdir" && pwd)
case $builddir in
*[[:space:]]*) place=/tmp ;; # libtool installs a library into no folder with such a name
*) place=$builddir ;;
esac
folder=$(mktemp -d "$place/installed-XXXXXX") || exit 99
trap 'cd /; rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
cd "$folder" || exit 99
failures=0
fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# A make of its own: the job server is the caller's.
MAKEFLAGS= MFLAGS= "${MAKE:-make}" -C "$builddir" DESTDIR="$folder" install-data \
    install-libLTLIBRARIES >log 2>&1 || {
    cat log
    echo 'the library cannot be installed'
    exit 1
}
pc=$(find "$folder" -name gradus.pc)
[ -n "$pc" ] || fail 'no gradus.pc was installed'
# The folder stands where the root would.
sed "s|^\\([a-z_]*\\)=/|\\1=$folder/|" "$pc" >gradus.pc
export PKG_CONFIG_PATH="$folder"
: "${PKG_CONFIG:=pkg-config}"
cflags=$($PKG_CONFIG --cflags gradus) && libs=$($PKG_CONFIG --libs gradus) ||
    fail 'pkg-config does not know gradus'
version=$($PKG_CONFIG --modversion gradus)
[ "gradus $version" = "$("$builddir/gradus" --version)" ] ||
    fail "gradus.pc says version $version"
LD_LIBRARY_PATH=$($PKG_CONFIG --variable=libdir gradus)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH

# A sanitized library needs a program that is.
case ${GRADUS_CFLAGS-} in
*-fsanitize=*) sanitizers=-fsanitize=address,undefined ;;
*) sanitizers= ;;
esac
strict="-pedantic -Wall -Wextra -Werror ${CFLAGS-} $sanitizers"

# builds NAME COMPILER SOURCE LIBRARIES: the program ./NAME.  pkg-config quotes for the shell
# what it says, a folder's name with spaces, say; so it is the shell that makes words of it.
builds() {
    eval "$2 $strict $cflags \"\$3\" -o \"\$1\" ${LDFLAGS-} $4" >log 2>&1 || {
        cat log
        fail "$3 cannot be built with $4"
        return 1
    }
}

# Counts of updates and evaluations hang on the last bits, which hang on the processor.
steady() {
    sed -E 's/[0-9]+ (updates|evaluations)/N \1/g'
}

# prints NAME EXPECTED: what ./NAME prints.
prints() {
    ./"$1" >"$1.out" 2>&1 || fail "$1 exits with $?"
    steady <"$1.out" >"$1.steady"
    steady <"$2" | diff -u - "$1.steady" || fail "$1 prints something else than $2"
}

examples=$(dirname "$(find "$folder" -name user_method.c)")
for source in "$srcdir"/examples/*.c; do
    name=$(basename "$source" .c)
    cmp -s "$source" "$examples/$name.c" || fail "$name.c was not installed"
    builds "$name" "${CC-cc} -std=c11" "$examples/$name.c" "$libs -lm" &&
        prints "$name" "$examples/$name.txt"
done
if [ -e "$(dirname "$(find "$folder" -name libgradus.la)")/libgradus.so" ]; then
    readelf -d minimize | grep -q 'NEEDED.*libgradus\.so' ||
        fail 'the examples do not link the shared library'
fi

# The program that README shows is the first of them.
sed -n '/^```c$/,/^```$/p' "$srcdir/README.md" | sed '1d;$d' >readme.c
sed -n '/^#include/,$p' "$srcdir/examples/minimize.c" | diff -u - readme.c ||
    fail 'README.md shows another program than examples/minimize.c'

# The static library, with all that it needs, by the same tool.
archive=$(find "$folder" -name libgradus.a)
static=$($PKG_CONFIG --static --libs gradus | sed "s|-lgradus|$archive|")
builds static "${CC-cc} -std=c11" "$examples/minimize.c" "$static" &&
    prints static "$examples/minimize.txt"

# The header in C99 and alone.
echo '#include <gradus.h>' >alone.c
builds alone "${CC-cc} -std=c99 -fsyntax-only" alone.c ''

cxx=${CXX-c++}
if command -v "$cxx" >/dev/null; then
    echo 'gradient_tolerance, x = 2.385, this version' >minimize.txt
    builds from_cxx "$cxx -std=c++11" "$srcdir/tests/installed/minimize.cc" "$libs" &&
        prints from_cxx minimize.txt
else
    echo "no $cxx: the header was not tried from C++"
fi

echo "$failures failures"
[ "$failures" -eq 0 ]
