/* Sums over compressed rows, divided by columns.  */

#include "problems/linear/linear_parts.h"

#include "base/memory.h"
#include "core/blocks.h"

#include <string.h>

/* Gives every thread columns with about as many entries.  */
static void cut_rows(const gradus_parts *p, size_t counts[], size_t bounds[]) {
    const gradus_sparse_row *rows = (const gradus_sparse_row *)(const void *)p->view->base;
    for (size_t i = 0; i < p->view->count; i++)
        for (size_t e = 0; e < rows[i].count; e++)
            counts[rows[i].columns[e]]++;
    gradus_sparse_divide(p->view->columns, counts, p->threads, bounds);
    for (size_t i = 0; i < p->view->count; i++)
        gradus_sparse_cut(&rows[i], p->threads, bounds, p->cuts + i * (p->threads + 1));
}

gradus_err gradus_parts_open(gradus_parts *p, const gradus_view *view, size_t outputs,
                             size_t threads) {
    *p = (gradus_parts){.view = view, .outputs = outputs, .threads = threads};
    size_t *counts = GRADUS_NEW(view->columns, size_t);
    size_t *bounds = GRADUS_NEW(threads + 1, size_t);
    p->residuals = GRADUS_NEW(view->count * outputs, double);
    p->cuts = GRADUS_NEW(view->count * (threads + 1), uint32_t);
    bool ok = counts && bounds && p->residuals && p->cuts;
    if (ok)
        cut_rows(p, counts, bounds);
    gradus_free(counts);
    gradus_free(bounds);
    return ok ? GRADUS_OK : GRADUS_ENOMEM;
}

void gradus_parts_close(gradus_parts *p) {
    gradus_free(p->residuals);
    gradus_free(p->cuts);
    *p = (gradus_parts){0};
}

void gradus_parts_keep(const gradus_parts *p, size_t first, size_t count,
                       const double residuals[]) {
    memcpy(p->residuals + first * p->outputs, residuals,
           count * p->outputs * sizeof *residuals);
}

/* Adds what is one thread's.  */
static void add_part(const gradus_parts *p, const gradus_batch *batch, size_t part,
                     double sums[]) {
    const void *rows[GRADUS_PIECE];
    const uint32_t *cuts[GRADUS_PIECE];
    for (size_t first = 0, count; first < batch->count; first += count) {
        size_t left = batch->count - first;
        count = left < GRADUS_PIECE ? left : GRADUS_PIECE;
        gradus_view_rows(p->view, batch, first, count, rows);
        for (size_t i = 0; i < count; i++)
            cuts[i] =
                p->cuts + gradus_batch_row(batch, first + i) * (p->threads + 1) + part;
        gradus_sparse_backward_part(count, p->outputs, rows, cuts,
                                    p->residuals + first * p->outputs, sums);
    }
}

void gradus_parts_add(const gradus_parts *p, const gradus_batch *batch, double sums[]) {
#pragma omp parallel for num_threads(p->threads) schedule(static)
    for (size_t part = 0; part < p->threads; part++)
        add_part(p, batch, part, sums);
}
