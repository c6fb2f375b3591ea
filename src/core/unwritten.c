/* Marking memory, and looking for the marks.  */

#include "core/unwritten.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const uint64_t MARK = 0x7ff0677261647573; /* signalling; the payload spells a name */
static const uint64_t QUIET = UINT64_C(1) << 51, SIGN = UINT64_C(1) << 63;
enum { TURNS = 16 }; /* calls until every block of a long vector has been watched */

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

gradus_watch gradus_watch_at(size_t n, size_t call) {
    if (n <= TURNS * GRADUS_WATCHED || call <= 1)
        return (gradus_watch){0, GRADUS_WATCHED};
    return (gradus_watch){call % TURNS * GRADUS_WATCHED, TURNS * GRADUS_WATCHED};
}

size_t gradus_watch_count(size_t n, size_t begin) {
    return n - begin < GRADUS_WATCHED ? n - begin : GRADUS_WATCHED;
}

static size_t size_of(const gradus_written *written) {
    return written->rows * written->columns;
}

static gradus_watch watch_of(const gradus_written *written) {
    return gradus_watch_at(size_of(written), written->rows > 1 ? 1 : written->call);
}

void gradus_unwritten_mark(const gradus_written *written) {
    double mark;
    memcpy(&mark, &MARK, sizeof mark);
    size_t n = size_of(written);
    gradus_watch watch = watch_of(written);
    for (size_t begin = watch.first; begin < n; begin += watch.stride)
        for (size_t i = 0; i < gradus_watch_count(n, begin); i++)
            written->entries[begin + i] = mark;
}

/* The first marked entry that is watched; one past the last entry when there is none.  */
static size_t find_first(const gradus_written *written) {
    const double *entries = written->entries;
    size_t n = size_of(written);
    gradus_watch watch = watch_of(written);
    for (size_t begin = watch.first; begin < n; begin += watch.stride) {
        if (!any_marked(gradus_watch_count(n, begin), entries + begin))
            continue;
        while (!is_marked(entries[begin]))
            begin++;
        return begin;
    }
    return n;
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
    size_t n = size_of(written), first = find_first(written);
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
        snprintf(more, sizeof more, " and %s%zu more of %zu entries",
                 watch_of(written).stride > GRADUS_WATCHED ? "at least " : "",
                 tally.count - 1, n);
    return gradus_fail(
        why, GRADUS_EINPUT, "%s %s %s%s at call %zu: expected %s to be set%s",
        written->function, added ? "added to" : "did not write", name, more, written->call,
        n > 1 ? "every entry" : "it", added ? ", since the array is not zeroed" : "");
}
