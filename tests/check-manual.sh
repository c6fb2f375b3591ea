#!/bin/sh
# doc/manual.md is what `gradus manual` prints; `make manual` writes it.
"$builddir/gradus" manual >"$builddir/manual.now" || exit 1
diff -u "$srcdir/doc/manual.md" "$builddir/manual.now" || {
    echo 'doc/manual.md is out of date: run make manual'
    exit 1
}
rm -f "$builddir/manual.now"
