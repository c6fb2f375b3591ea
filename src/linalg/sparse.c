/* Products with compressed rows.  Four sums run side by side, for one waits several cycles
   for its last addition.  */

#include "linalg/sparse.h"

#include <string.h>

enum { TILE = 4 }; /* sums, or outputs, at a time */

/* ---- Forward ---- */

/* The sums are four variables: an array of them is kept in memory.  */
static double dot(const gradus_sparse_row *row, const double w[]) {
    const uint32_t *c = row->columns;
    const double *v = row->values;
    double a = 0.0, b = 0.0, d = 0.0, e = 0.0;
    size_t i = 0;
    for (; i + 4 <= row->count; i += 4) {
        a += v[i] * w[c[i]];
        b += v[i + 1] * w[c[i + 1]];
        d += v[i + 2] * w[c[i + 2]];
        e += v[i + 3] * w[c[i + 3]];
    }
    for (; i < row->count; i++)
        a += v[i] * w[c[i]];
    return (a + b) + (d + e);
}

/* Scores of TILE outputs; w points to the first one's weight in column 0.  */
static void dot_tile(const gradus_sparse_row *row, size_t k, const double w[],
                     double scores[]) {
    double sum[TILE] = {0.0};
    for (size_t i = 0; i < row->count; i++) {
        const double *at = w + row->columns[i] * k;
        for (size_t t = 0; t < TILE; t++)
            sum[t] += row->values[i] * at[t];
    }
    memcpy(scores, sum, sizeof sum);
}

static double dot_one(const gradus_sparse_row *row, size_t k, const double w[]) {
    double sum = 0.0;
    for (size_t i = 0; i < row->count; i++)
        sum += row->values[i] * w[row->columns[i] * k];
    return sum;
}

static void forward(size_t count, size_t columns, size_t k, const void *const rows[],
                    const double weights[], double scores[]) {
    (void)columns;
    if (k == 1) {
        for (size_t i = 0; i < count; i++)
            scores[i] = dot(rows[i], weights);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t t = 0;
        for (; t + TILE <= k; t += TILE)
            dot_tile(rows[i], k, weights + t, scores + i * k + t);
        for (; t < k; t++)
            scores[i * k + t] = dot_one(rows[i], k, weights + t);
    }
}

/* ---- Backward ---- */

/* Adds the entries FROM .. TO-1 of a row.  */
static void add(const gradus_sparse_row *row, size_t from, size_t to, size_t k,
                const double residual[], double sums[]) {
    const uint32_t *columns = row->columns;
    const double *values = row->values;
    if (k == 1) {
        double r = residual[0];
        for (size_t i = from; i < to; i++)
            sums[columns[i]] += r * values[i];
        return;
    }
    for (size_t i = from; i < to; i++) {
        double *at = sums + columns[i] * k;
        size_t t = 0;
        for (; t + TILE <= k; t += TILE)
            for (size_t lane = 0; lane < TILE; lane++)
                at[t + lane] += residual[t + lane] * values[i];
        for (; t < k; t++)
            at[t] += residual[t] * values[i];
    }
}

static void backward(size_t count, size_t columns, size_t k, const void *const rows[],
                     const double residuals[], double sums[]) {
    (void)columns;
    for (size_t i = 0; i < count; i++) {
        const gradus_sparse_row *row = rows[i];
        add(row, 0, row->count, k, residuals + i * k, sums);
    }
}

void gradus_sparse_divide(size_t columns, const size_t counts[], size_t parts,
                          size_t bounds[]) {
    size_t total = 0, before = 0, part = 0;
    for (size_t j = 0; j < columns; j++)
        total += counts[j];
    bounds[0] = 0;
    for (size_t j = 0; j < columns; j++) {
        while (part + 1 < parts &&
               (double)before * (double)parts >= (double)total * (double)(part + 1))
            bounds[++part] = j;
        before += counts[j];
    }
    while (part < parts)
        bounds[++part] = columns;
}

void gradus_sparse_cut(const gradus_sparse_row *row, size_t parts, const size_t bounds[],
                       uint32_t cuts[]) {
    size_t entry = 0;
    for (size_t part = 0; part <= parts; part++) {
        while (entry < row->count && row->columns[entry] < bounds[part])
            entry++;
        cuts[part] = (uint32_t)entry;
    }
}

void gradus_sparse_backward_part(size_t count, size_t k, const void *const rows[],
                                 const uint32_t *const cuts[], const double residuals[],
                                 double sums[]) {
    for (size_t i = 0; i < count; i++)
        add(rows[i], cuts[i][0], cuts[i][1], k, residuals + i * k, sums);
}

const gradus_row_kernels gradus_sparse_kernels = {
    .name = "compressed rows", .sparse = true, .forward = forward, .backward = backward};
