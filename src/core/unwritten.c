/* Marking memory, and looking for the marks.  */

#include "core/unwritten.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const uint64_t MARK = 0x7ff0677261647573; /* signalling; the payload spells a name */
static const uint64_t QUIET = UINT64_C(1) << 51, SIGN = UINT64_C(1) << 63;
enum { BLOCK = 512 }; /* entries looked at without a branch */

static uint64_t bits_of(double entry) {
    uint64_t bits;
    memcpy(&bits, &entry, sizeof bits);
    return bits;
}

static bool is_marked(double entry) { return (bits_of(entry) & ~(QUIET | SIGN)) == MARK; }

static bool any_marked(size_t n, const double entries[]) {
    uint64_t found = 0;
    for (size_t i = 0; i < n; i++)
        found |= is_marked(entries[i]);
    return found;
}

void gradus_unwritten_mark(const gradus_written *written) {
    double mark;
    memcpy(&mark, &MARK, sizeof mark);
    for (size_t i = 0; i < written->rows * written->columns; i++)
        written->entries[i] = mark;
}

/* The first marked entry; N when there is none.  */
static size_t find_first(size_t n, const double entries[]) {
    size_t i = 0;
    while (n - i >= BLOCK && !any_marked(BLOCK, entries + i))
        i += BLOCK;
    while (i < n && !is_marked(entries[i]))
        i++;
    return i;
}

typedef struct {
    size_t count, above, below; /* marked entries; those on either side of the diagonal */
} tally_t;

static tally_t count_marked(const gradus_written *written) {
    tally_t tally = {0};
    size_t columns = written->columns;
    for (size_t k = 0; k < written->rows * columns; k++) {
        bool marked = is_marked(written->entries[k]);
        tally.count += marked;
        tally.above += marked && k % columns > k / columns;
        tally.below += marked && k % columns < k / columns;
    }
    return tally;
}

/* "gradient[3]", "matrix[1][2]"; of a single number the name.  */
static void name_entry(const gradus_written *written, size_t k, char name[64]) {
    if (written->rows > 1)
        snprintf(name, 64, "%s[%zu][%zu]", written->array, k / written->columns,
                 k % written->columns);
    else if (written->columns > 1)
        snprintf(name, 64, "%s[%zu]", written->array, k);
    else
        snprintf(name, 64, "%s", written->array);
}

gradus_err gradus_unwritten_refuse(const gradus_written *written, gradus_error *why) {
    size_t n = written->rows * written->columns, first = find_first(n, written->entries);
    if (first == n)
        return GRADUS_OK;
    bool added = bits_of(written->entries[first]) & QUIET;
    tally_t tally = count_marked(written);
    size_t triangle = written->rows * (written->rows - 1) / 2;
    bool square = written->rows == written->columns && written->rows > 1;
    if (square && tally.count == triangle &&
        (tally.above == triangle || tally.below == triangle))
        return gradus_fail(
            why, GRADUS_EINPUT,
            "%s did not write the entries %s the diagonal of %s at call %zu: "
            "expected the whole symmetric matrix, %s first",
            written->function, tally.above ? "above" : "below", written->array,
            written->call, tally.above ? "matrix[0][1]" : "matrix[1][0]");
    char name[64], more[64] = "";
    name_entry(written, first, name);
    if (tally.count > 1)
        snprintf(more, sizeof more, " and %zu more of %zu entries", tally.count - 1, n);
    return gradus_fail(
        why, GRADUS_EINPUT, "%s %s %s%s at call %zu: expected %s to be set%s",
        written->function, added ? "added to" : "did not write", name, more, written->call,
        n > 1 ? "every entry" : "it", added ? ", since the array is not zeroed" : "");
}
