#!/bin/sh
# Draws the rooms of src/ and who includes whom, as SVG on standard output.  A room stands one
# row below the lowest room that includes it, or, where none does, one row above the highest
# that it includes; an arrow is left out where a longer way leads to the same room.
set -eu
cd "${srcdir:-$(dirname "$0")/..}"

# A line "FROM TO" for every pair of rooms, and "FROM" for every room.
includes() {
    find src -name '*.[ch]' | sort | while read -r file; do
        room=$(dirname "${file#src/}")
        echo "$room"
        sed -nE "s|^#include \"([a-z_/]+)/[a-z_0-9]+\\.h\".*|$room \\1|p" "$file"
    done | sort -u
}

includes | awk '
NF == 1 { room[++rooms] = $1 }
NF == 2 && $1 != $2 { uses[$1, $2] = 1 }

function height(r,    i, top, h) {
    if (r in row)
        return row[r]
    top = -1
    for (i = 1; i <= rooms; i++)
        if ((r, room[i]) in uses && (h = height(room[i])) > top)
            top = h
    return row[r] = top + 1
}

# The row below the lowest room that includes R.
function ceiling(r,    i, low, h) {
    if (r in at)
        return at[r]
    low = 1000
    for (i = 1; i <= rooms; i++)
        if ((room[i], r) in uses && (h = ceiling(room[i])) < low)
            low = h
    return at[r] = low < 1000 ? low - 1 : row[r]
}

# Whether a way of two arrows or more leads from A to B.
function detour(a, b,    i) {
    for (i = 1; i <= rooms; i++)
        if ((a, room[i]) in uses && room[i] != b && reaches(room[i], b))
            return 1
    return 0
}

function reaches(a, b,    i) {
    if (row[a] <= row[b])
        return 0
    if ((a, b) in uses)
        return 1
    for (i = 1; i <= rooms; i++)
        if ((a, room[i]) in uses && reaches(room[i], b))
            return 1
    return 0
}

function colour(r) {
    return r ~ /^harness/ ? "#f6e8d6" : r ~ /^problems/ ? "#e1efe3" : \
           r ~ /^(base|linalg|core|data|cli)$/ ? "#e4e8f1" : "#f1e4ec"
}

END {
    WIDE = 118; HIGH = 26; ACROSS = 132; DOWN = 66
    for (i = 1; i <= rooms; i++)
        height(room[i])
    for (pass = 0; pass < 2; pass++) # the harness stands on the right
        for (i = 1; i <= rooms; i++) {
            r = room[i]
            if ((r ~ /^harness/) != pass)
                continue
            place[r] = filled[ceiling(r)]++
            top = at[r] > top ? at[r] : top
        }
    for (h = 0; h <= top; h++)
        most = filled[h] > most ? filled[h] : most
    width = most * ACROSS + 20
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" " \
           "font-family=\"sans-serif\" font-size=\"12\">\n", width, (top + 1) * DOWN + 10
    print "<title>The rooms of src/: an arrow points from a room to one that it includes</title>"
    print "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" " \
          "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">" \
          "<path d=\"M0 0L8 4L0 8z\" fill=\"#667\"/></marker></defs>"
    for (i = 1; i <= rooms; i++) {
        r = room[i]
        x[r] = width / 2 + (place[r] - (filled[at[r]] - 1) / 2) * ACROSS
        y[r] = (top - at[r]) * DOWN + 10
    }
    for (i = 1; i <= rooms; i++)
        for (j = 1; j <= rooms; j++) {
            a = room[i]; b = room[j]
            if ((a, b) in uses && !detour(a, b))
                printf "<line x1=\"%g\" y1=\"%g\" x2=\"%g\" y2=\"%g\" stroke=\"#667\" " \
                       "marker-end=\"url(#head)\"/>\n", x[a], y[a] + HIGH, x[b], y[b]
        }
    for (i = 1; i <= rooms; i++) {
        r = room[i]
        printf "<rect x=\"%g\" y=\"%g\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\" " \
               "stroke=\"#667\"/><text x=\"%g\" y=\"%g\" text-anchor=\"middle\">%s</text>\n",
               x[r] - WIDE / 2, y[r], WIDE, HIGH, colour(r), x[r], y[r] + 17, r
    }
    print "</svg>"
}'
