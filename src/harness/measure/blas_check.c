/* Examining the bound BLAS and LAPACK: the memory, the sizes and the verdict.  */

#include "harness/measure/blas_check.h"

#include "base/memory.h"
#include "base/stream.h"
#include "harness/io/json.h"
#include "harness/measure/blas_parts.h"
#include "harness/run/provenance.h"
#include "linalg/blas.h"
#include "linalg/symmetric.h"
#include "linalg/vector.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

enum {
    QUICK_LARGEST = 130,
    LARGEST = 600, /* crosses every blocking of OpenBLAS's products and factors */
    BESIDE = 8,    /* columns more than a matrix has */
};

gradus_blas_callers gradus_blas_bound(void) {
    size_t slowest = 0; /* which is dgemm */
    while (gradus_tile_level_for(slowest + 1))
        slowest++;
    return (gradus_blas_callers){.product = gradus_tile_level_for(slowest)->tile,
                                 .dot = gradus_block_dot,
                                 .symmetric_product = gradus_symmetric_product,
                                 .symmetric_update = gradus_symmetric_update,
                                 .cholesky = gradus_cholesky,
                                 .cholesky_solve = gradus_cholesky_solve,
                                 .cholesky_invert = gradus_cholesky_invert,
                                 .symmetric_solve = gradus_symmetric_solve,
                                 .eigen = gradus_eigen,
                                 .eigenvalues = gradus_eigenvalues,
                                 .tridiagonal = gradus_eigen_tridiagonal};
}

void gradus_blas_note(gradus_blas_examination *e, const gradus_blas_place *place,
                      double error, double bound) {
    gradus_blas_row *row = &e->report->rows[place->function];
    double units = error <= 0.0 ? 0.0 : error / bound;
    row->cases++;
    if (isnan(units))
        units = INFINITY;
    if (row->cases > 1 && units <= row->worst)
        return;
    row->worst = units;
    snprintf(row->shape, sizeof row->shape, place->format, place->m, place->n, place->k);
}

/* The tiles of OpenBLAS's kernels have 2 to 32 rows and columns; its blocks from 64 on.  */
size_t gradus_blas_side(const gradus_blas_examination *e, size_t i) {
    static const size_t few[] = {1,  2,  3,  4,  5,  7,  8,   9, 12,
                                 15, 16, 17, 31, 33, 65, 130, 0},
                        many[] = {1,   2,   3,   4,   5,   6,   7,   8,   9,  10, 11,
                                  12,  13,  14,  15,  16,  17,  20,  23,  24, 25, 31,
                                  32,  33,  47,  48,  49,  63,  64,  65,  95, 96, 97,
                                  127, 128, 129, 255, 256, 257, 385, 600, 0};
    return e->quick ? few[i] : many[i];
}

static gradus_err no_memory(gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "the check of BLAS: out of memory");
}

static size_t workspace_bytes(size_t n) {
    size_t a = gradus_eigen_workspace(n), b = gradus_symmetric_workspace(n);
    return a > b ? a : b;
}

/* One piece of memory: the pool, the matrices, the vectors and the workspace.  */
static double *lay_out(gradus_blas_examination *e) {
    size_t side = e->largest + BESIDE, square = side * side;
    size_t work = workspace_bytes(e->largest) / sizeof(double) + 1;
    double *memory = GRADUS_NEW(4 * square + 3 * side + work, double), *next = memory;
    if (!memory)
        return NULL;
    gradus_stream *numbers = gradus_stream_open(1, GRADUS_FOR_CHECKS);
    for (size_t i = 0; numbers && i < square; i++)
        memory[i] = 2.0 * gradus_stream_uniform(numbers) - 1.0;
    gradus_stream_close(numbers);
    if (!numbers) {
        gradus_free(memory);
        return NULL;
    }
    e->pool = next, next += square;
    for (int i = 0; i < 3; i++)
        e->matrix[i] = next, next += square;
    for (int i = 0; i < 3; i++)
        e->vector[i] = next, next += side;
    e->workspace = next;
    return memory;
}

gradus_err gradus_blas_examine(gradus_blas_report *out, const gradus_blas_callers *callers,
                               bool quick, gradus_error *why) {
    static const char *const names[] = {"dgemm",  "ddot",          "dsymv",  "dsyr2",
                                        "dpotrf", "dpotrs",        "dpotri", "dsytrf",
                                        "dsyevd", "dsyevd values", "dsterf"};
    gradus_blas_examination e = {.callers = callers,
                                 .report = out,
                                 .quick = quick,
                                 .largest = quick ? QUICK_LARGEST : LARGEST};
    *out = (gradus_blas_report){0};
    for (int i = 0; i < GRADUS_BLAS_FUNCTIONS; i++)
        out->rows[i].name = names[i];
    double *memory = lay_out(&e);
    if (!memory)
        return no_memory(why);
    gradus_blas_examine_products(&e);
    gradus_blas_examine_factors(&e);
    gradus_free(memory);
    return GRADUS_OK;
}

bool gradus_blas_right(const gradus_blas_row *row) { return row->worst <= 1.0; }

gradus_err gradus_blas_judge(const gradus_blas_report *report, gradus_error *why) {
    char path[PATH_MAX];
    for (int i = 0; i < GRADUS_BLAS_FUNCTIONS; i++)
        if (!gradus_blas_right(&report->rows[i]))
            return gradus_fail(
                why, GRADUS_EIO,
                "%s of %s, with its kernels for %s, is wrong for %s: expected an "
                "error of at most what rounding allows, which it is %.3g times; set "
                "OPENBLAS_CORETYPE to another kind of processor, as Haswell, or install "
                "another build of OpenBLAS",
                report->rows[i].name, gradus_provider("cblas_dgemm", path, sizeof path),
                gradus_blas_core(), report->rows[i].shape, report->rows[i].worst);
    return GRADUS_OK;
}

json_t *gradus_blas_record(const gradus_blas_report *report) {
    const gradus_blas_row *worst = report->rows;
    size_t cases = 0;
    for (int i = 0; i < GRADUS_BLAS_FUNCTIONS; i++) {
        cases += report->rows[i].cases;
        if (report->rows[i].worst > worst->worst)
            worst = &report->rows[i];
    }
    json_t *o = json_object();
    int failed = json_object_set_new(o, "core", json_string(gradus_blas_core())) |
                 json_object_set_new(o, "cases", json_integer((json_int_t)cases)) |
                 json_object_set_new(o, "worst", gradus_json_number(worst->worst)) |
                 json_object_set_new(o, "function", json_string(worst->name)) |
                 json_object_set_new(o, "shape", json_string(worst->shape));
    return gradus_json_unless(failed, o);
}
