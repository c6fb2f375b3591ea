#!/bin/sh
# `make check` in the surroundings that users have, each from a fresh copy of the release's
# sources, with a table at the end.  Not part of `make check`: each takes as long as that.
#
#   make check-surroundings
#   make check-surroundings ONLY='locale clang' CHECK_TESTS='tests/core/test_text'
#
# Logs are kept as tests/surroundings-NAME.log.
set -u
surroundings='user path locale processor tmpdir readonly session clang'
for name in ${ONLY-}; do
    case " $surroundings " in
    *" $name "*) ;;
    *)
        echo "check-surroundings: ONLY has '$name', expected words of: $surroundings" >&2
        exit 2
        ;;
    esac
done
unset MAKEFLAGS MFLAGS MAKELEVEL
umask 022
base=$(mktemp -d "${TMPDIR:-/tmp}/surroundings-XXXXXX") || exit 99
trap 'chmod -R u+w "$base"; rm -rf "$base"' EXIT
trap 'exit 99' HUP INT TERM
chmod 755 "$base" # for the ordinary user, too

# copy FOLDER: the release's sources are there.
copy() {
    mkdir -p "$1" && tar -xzf "$archive" -C "$1" --strip-components=1 --no-same-owner
}

# What is run in a folder for the build: configure's path, then its arguments.
cat >"$base/check" <<'END'
jobs=$(nproc)
programs=$(printf '%s\n' $CHECK_TESTS | grep -v '\.sh$')
"$@" -q && make -s -j"$jobs" >/dev/null && make -j"$jobs" check \
    ${CHECK_TESTS:+TESTS="$CHECK_TESTS" check_PROGRAMS="$(echo $programs)"}
END
check="sh $base/check"

# As root, what follows is run as the user nobody, to whom FOLDER is given; others are
# ordinary users already.
ordinary=
[ "$(id -u)" -ne 0 ] ||
    ordinary='setpriv --reuid=nobody --regid=nogroup --clear-groups'
give() {
    [ -z "$ordinary" ] || chown -R nobody:nogroup "$1"
}

surroundings_user() {
    copy user && give user && mkdir home && chmod a-w home && cd user &&
        HOME=$base/home $ordinary $check ./configure
}

# configure takes no source folder whose name, as it is called, has a space; "." has none.
# All that is written has such names too: results, data and temporary files; installed files
# have no spaces, for libtool's sake.
surroundings_path() {
    folder="$base/Grad us – ü"
    copy "$folder/sources" && mkdir "$folder/tmp" && cd "$folder/sources" &&
        TMPDIR=$folder/tmp $check ./configure --prefix="$base/stallé" &&
        make -s install && "$base/stallé/bin/gradus" --version
}

# The locale with a decimal comma need not be installed: it is made here.
surroundings_locale() {
    mkdir locales && localedef -i de_DE -f UTF-8 "$base/locales/de_DE.UTF-8" &&
        export LOCPATH="$base/locales" LC_ALL=de_DE.UTF-8 &&
        [ "$(env printf %.1f 0,5)" = 0,5 ] && copy locale && cd locale &&
        $check ./configure
}

surroundings_processor() {
    copy processor && cd processor &&
        taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" $check ./configure
}

surroundings_tmpdir() {
    long=$(printf '%0100d' 0 | sed 's/0/a temporary folder /g' | cut -c 1-200)
    mkdir -p "$base/${long}x/${long}x" && copy tmpdir && cd tmpdir &&
        TMPDIR="$base/${long}x/${long}x" $check ./configure
}

surroundings_readonly() {
    copy readonly && chmod -R a-w readonly && mkdir build && give build && cd build &&
        $ordinary $check ../readonly/configure
}

# A job of a system's own: no terminal, input, home or network, strict umask, another zone.
# Its input is empty and not closed, since libtool copies it (0: Bad file descriptor).
surroundings_session() {
    copy session && cd session && umask 077 && unset HOME &&
        $(unshare -n true 2>/dev/null && echo unshare -n) setsid -w env POSIXLY_CORRECT=1 \
            TZ=Asia/Kathmandu $check ./configure </dev/null
}

surroundings_clang() {
    copy clang && cd clang && $check ./configure CC=clang
}

# missing NAME: what is lacking for those surroundings, or nothing.
missing() {
    case $1 in
    locale) need localedef locales ;;
    processor) need taskset util-linux ;;
    session) need setsid util-linux ;;
    clang) need clang 'clang libomp-dev' ;;
    esac
}
need() {
    command -v "$1" >/dev/null || echo "$1 is not there (Debian: apt-get install $2)"
}

# counted LOG WORD: the number after "# WORD:" in automake's summary.
counted() {
    number=$(sed -n "s/^# $2: *//p" "$1" | tail -n 1)
    echo "${number:-0}"
}

# row NAME STATUS: of the table.
row() {
    log=$builddir/tests/surroundings-$1.log
    bad=$(sed -nE 's/^(FAIL|ERROR): *([^ ]*).*/\2/p' "$log" | tr '\n' ' ')
    [ "$2" -eq 0 ] || [ -n "$bad" ] || bad="no verdict: $(tail -n 1 "$log")"
    printf '%-12s %6s %6s %7s  %s\n' "$1" "$(counted "$log" PASS)" \
        $(($(counted "$log" FAIL) + $(counted "$log" ERROR))) "$(counted "$log" SKIP)" "$bad"
}

failed=0
printf '%-12s %6s %6s %7s  %s\n' surroundings passed failed skipped failures >"$base/table"
for name in ${ONLY:-$surroundings}; do
    lack=$(missing "$name")
    if [ -n "$lack" ]; then
        printf '%-12s not tried: %s\n' "$name" "$lack" >>"$base/table"
        continue
    fi
    echo "check-surroundings: $name"
    status=0
    (cd "$base" && "surroundings_$name") >"$builddir/tests/surroundings-$name.log" 2>&1 ||
        status=$? failed=1
    row "$name" "$status" >>"$base/table"
done
cat "$base/table"
exit $failed
