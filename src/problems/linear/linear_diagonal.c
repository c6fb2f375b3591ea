/* A row at a time.  Of compressed rows only what is listed is visited: with entries (scale
   raw - shift) factor,

     sum c z^2 = factor^2 (scale^2 sum c raw^2 - 2 scale shift sum c raw + shift^2 sum c).  */

#include "problems/linear/linear_diagonal.h"

#include "linalg/sparse.h"

#include <string.h>

typedef gradus_linear_diagonal_job job_t;

/* The loss's second derivative in score K, at probabilities P.  */
static double curvature(const job_t *job, size_t k, const double p[], double u[]) {
    memset(u, 0, job->outputs * sizeof *u);
    u[k] = 1.0;
    job->link->curve(job->outputs, p, u);
    return u[k];
}

static void dense_block(void *context, const gradus_batch *batch, size_t first,
                        size_t count, double sums[], void *scratch) {
    const job_t *job = context;
    const gradus_view *view = &job->examples->training;
    size_t columns = view->columns, outputs = job->outputs;
    double *u = scratch, *row = u + outputs;
    for (size_t i = first; i < first + count; i++) {
        gradus_examples_row(job->examples, view, gradus_batch_row(batch, i), row);
        for (size_t k = 0; k < outputs; k++) {
            double c = curvature(job, k, job->p + i * outputs, u);
            double *sum = sums + k * columns;
            for (size_t j = 0; j < columns; j++)
                sum[j] += c * row[j] * row[j];
            sums[outputs * columns + k] += c;
        }
    }
}

static void add_sparse(const job_t *job, const gradus_batch *batch, double sums[]) {
    const gradus_view *view = &job->examples->training;
    const gradus_sparse_row *rows = (const gradus_sparse_row *)(const void *)view->base;
    size_t columns = view->columns, outputs = job->outputs;
    for (size_t i = 0; i < batch->count; i++) {
        const gradus_sparse_row *row = &rows[gradus_batch_row(batch, i)];
        for (size_t k = 0; k < outputs; k++) {
            double c = curvature(job, k, job->p + i * outputs, job->u);
            for (size_t e = 0; e < row->count; e++) {
                size_t at = k * columns + row->columns[e];
                double raw = row->values[e] * view->scale;
                sums[at] += c * raw * raw;
                job->cross[at] += c * raw;
            }
            sums[outputs * columns + k] += c;
        }
    }
}

static void scale_sparse(const job_t *job, double sums[]) {
    const double *shift = job->examples->shift, *factor = job->examples->factor;
    size_t columns = job->examples->training.columns, outputs = job->outputs;
    for (size_t k = 0; factor && k < outputs; k++)
        for (size_t j = 0; j < columns; j++) {
            size_t at = k * columns + j;
            double c = sums[outputs * columns + k];
            double moved =
                sums[at] - 2.0 * shift[j] * job->cross[at] + shift[j] * shift[j] * c;
            sums[at] = factor[j] * factor[j] * moved;
        }
}

void gradus_linear_diagonal_sums(const gradus_linear_diagonal_job *job,
                                 const gradus_batch *batch, double sums[]) {
    size_t columns = job->examples->training.columns;
    size_t width = job->outputs * columns + job->outputs;
    if (!job->examples->training.kernels->sparse) {
        memcpy(sums, gradus_blocks_sum(job->blocks, batch, width, dense_block, (void *)job),
               width * sizeof *sums);
        return;
    }
    memset(sums, 0, width * sizeof *sums);
    memset(job->cross, 0, job->outputs * columns * sizeof *sums);
    add_sparse(job, batch, sums);
    scale_sparse(job, sums);
}
