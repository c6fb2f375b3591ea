/* Collecting examples in chunks, which are not moved when there are more: only at the end
   is everything copied once to where it stays, and each chunk is freed when it has been.  */

#include "data/collect.h"

#include "base/memory.h"

#include <string.h>

enum {
    FIRST_ROOM = 1 << 10,
    SPARSE_RATIO = 4, /* compressed when at most one entry in so many is there */
};

/* Dense rows are for data that are dense: they may take DENSE_SIZE, or more when at least
   one entry in DENSE_RATIO is there.  */
static const uint64_t DENSE_SIZE = (uint64_t)2 << 30;
enum { DENSE_RATIO = 25 };

void gradus_collector_close(gradus_collector *c) {
    while (c->first) {
        gradus_chunk *chunk = c->first;
        c->first = chunk->next;
        gradus_free(chunk);
    }
    gradus_free(c->rows);
    *c = (gradus_collector){0};
}

bool gradus_collector_grow(gradus_collector *c) {
    gradus_chunk *chunk = GRADUS_NEW(1, gradus_chunk);
    if (!chunk)
        return false;
    if (c->last)
        c->last->next = chunk;
    else
        c->first = chunk;
    c->last = chunk;
    return true;
}

static bool grow_rows(gradus_collector *c) {
    size_t room = c->room ? 2 * c->room : FIRST_ROOM;
    gradus_collected_row *rows = GRADUS_NEW(room, gradus_collected_row);
    if (!rows)
        return false;
    if (c->count)
        memcpy(rows, c->rows, c->count * sizeof *rows);
    gradus_free(c->rows);
    c->rows = rows;
    c->room = room;
    return true;
}

bool gradus_collect_row(gradus_collector *c, double label) {
    if (c->count == c->room && !grow_rows(c))
        return false;
    size_t before = c->count ? c->rows[c->count - 1].end : 0;
    if (c->entries > before) { /* the last of a row is its largest */
        size_t columns = (size_t)c->last->columns[c->last->count - 1] + 1;
        c->columns = columns > c->columns ? columns : c->columns;
    }
    c->rows[c->count++] = (gradus_collected_row){label, c->entries};
    return true;
}

/* Frees the first chunk and returns the next.  */
static const gradus_chunk *next_chunk(gradus_collector *c) {
    gradus_chunk *done = c->first;
    c->first = done->next;
    gradus_free(done);
    return c->first;
}

static void fill_sparse(gradus_collector *c, gradus_dataset *out) {
    size_t at = 0;
    for (const gradus_chunk *chunk = c->first; chunk; chunk = next_chunk(c)) {
        memcpy(out->columns + at, chunk->columns, chunk->count * sizeof *out->columns);
        memcpy(out->doubles + at, chunk->values, chunk->count * sizeof *out->doubles);
        at += chunk->count;
    }
    for (size_t i = 0, begin = 0; i < c->count; begin = c->rows[i++].end)
        out->rows[i] = (gradus_sparse_row){.columns = out->columns + begin,
                                           .values = out->doubles + begin,
                                           .count = c->rows[i].end - begin};
}

static void fill_dense(gradus_collector *c, gradus_dataset *out) {
    size_t row = 0, at = 0;
    for (const gradus_chunk *chunk = c->first; chunk; chunk = next_chunk(c))
        for (size_t i = 0; i < chunk->count; i++, at++) {
            while (at == c->rows[row].end)
                row++;
            out->doubles[row * out->features + chunk->columns[i]] = chunk->values[i];
        }
}

static gradus_err refuse_dense(const gradus_dataset *out, const char *name, double bytes,
                               gradus_error *why) {
    return gradus_fail(
        why, GRADUS_EINPUT,
        "%s: %zu examples of %zu features would take %.3g GiB in dense rows; "
        "expected storage=sparse",
        name, out->examples, out->features, bytes / (1 << 30));
}

static gradus_err allocate(const gradus_collector *c, gradus_dataset *out, const char *name,
                           gradus_error *why) {
    bool sparse = out->storage == GRADUS_SPARSE;
    double all = (double)c->count * (double)out->features * sizeof(double);
    double bytes = sparse ? (double)c->entries * (sizeof(double) + sizeof(uint32_t)) : all;
    size_t count = c->entries;
    if (!sparse &&
        (__builtin_mul_overflow(out->examples, out->features, &count) ||
         (count > DENSE_SIZE / sizeof(double) && count / DENSE_RATIO > c->entries)))
        return refuse_dense(out, name, all, why);
    out->doubles = GRADUS_NEW(count, double);
    out->labels = GRADUS_NEW(out->examples, double);
    if (sparse) {
        out->columns = GRADUS_NEW(count, uint32_t);
        out->rows = GRADUS_NEW(out->examples, gradus_sparse_row);
    }
    return out->doubles && out->labels && (!sparse || (out->columns && out->rows))
               ? GRADUS_OK
               : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory for %.3g GiB", name,
                             bytes / (1 << 30));
}

gradus_err gradus_collector_finish(gradus_collector *c, gradus_dataset *out,
                                   const char *name, size_t features,
                                   gradus_storing storing, gradus_error *why) {
    double all = (double)c->count * (double)features;
    bool sparse =
        storing == GRADUS_STORE_SPARSE ||
        (storing == GRADUS_STORE_AUTO && (double)c->entries <= all / SPARSE_RATIO);
    out->examples = c->count;
    out->features = features;
    out->storage = sparse ? GRADUS_SPARSE : GRADUS_DOUBLES;
    out->scale = 1.0;
    gradus_err err = allocate(c, out, name, why);
    if (err)
        return err;
    for (size_t i = 0; i < c->count; i++)
        out->labels[i] = c->rows[i].label;
    if (sparse)
        fill_sparse(c, out);
    else
        fill_dense(c, out);
    gradus_collector_close(c);
    return GRADUS_OK;
}
