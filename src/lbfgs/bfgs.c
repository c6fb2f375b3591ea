/* BFGS with a dense matrix.

     x <- x + t d,   d = -H g,   t by a line search,
     H <- (I - rho s y') H (I - rho y s') + rho s s',   rho = 1 / s'y,

   with s the change of x and y that of g.  H is I at first, and (s'y / y'y) I just before
   its first update.

   Nocedal and Wright, Numerical Optimization, 2006, algorithm 6.1 and formula 6.20.  */

#include "line_search/update.h"
#include "linalg/symmetric.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

typedef struct {
    long maximum_dimension;
    gradus_search_params search;
} params_t;

#define CURVATURE 0.9 /* of the search: the directions are well scaled */

static const gradus_param params[] = {
    GRADUS_MAXIMUM_DIMENSION_ROW(params_t),
    GRADUS_SEARCH_ROWS(params_t, GRADUS_MORE_THUENTE, CURVATURE),
    {0}};

typedef struct {
    size_t n, threads;
    gradus_search search;
    double *h;      /* n x n: inverse Hessian, lower triangle; meaningful after an update */
    double *g, *d;  /* n each: gradient and direction of this update */
    double *s, *y;  /* n each: the pair */
    size_t updates; /* of H since it was last I */
    double scale;   /* of the gradients that H belongs to, a power of two */
} bfgs_t;

static gradus_err bfgs_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    return gradus_search_check("bfgs", &p->search, CURVATURE, why);
}

static gradus_err bfgs_open(void *self, const void *values, gradus_oracle *oracle,
                            gradus_state *state, gradus_error *why) {
    bfgs_t *b = self;
    const params_t *p = values;
    size_t n = b->n = gradus_oracle_dimension(oracle);
    b->threads = gradus_oracle_threads(oracle);
    gradus_err err = gradus_dense_check("bfgs", n, p->maximum_dimension, why);
    if (err)
        return err;
    gradus_search_open(&b->search, &p->search, CURVATURE, oracle, state);
    b->h = gradus_state_vector(state, "inverse_hessian", n * n);
    b->g = gradus_state_scratch(state, n, sizeof(double));
    b->d = gradus_state_scratch(state, n, sizeof(double));
    b->s = gradus_state_scratch(state, n, sizeof(double));
    b->y = gradus_state_scratch(state, n, sizeof(double));
    b->scale = 1.0;
    gradus_state_keep_size(state, "updates", &b->updates);
    gradus_state_keep_real(state, "gradient_scale", &b->scale);
    return GRADUS_OK;
}

/* d = -H g.  A new scale makes H I again.  */
static void find_direction(bfgs_t *b, double norm) {
    double scale = gradus_update_scale(norm, b->scale);
    if (scale != b->scale)
        b->updates = 0;
    b->scale = scale;
    if (b->updates > 0)
        gradus_symmetric_product(b->n, b->h, b->g, b->d);
    else
        memcpy(b->d, b->g, b->n * sizeof *b->d);
    for (size_t i = 0; i < b->n; i++)
        b->d[i] *= b->updates > 0 ? -scale : -1.0;
}

/* H <- H + s w' + w s' with w = -rho H y + 1/2 rho (1 + rho y'H y) s; W is d, which has
   served.  */
static void update_matrix(bfgs_t *b, double sy, double yy) {
    size_t n = b->n;
    double *w = b->d, rho = 1.0 / sy;
    if (b->updates == 0) {
        memset(b->h, 0, n * n * sizeof *b->h);
        for (size_t i = 0; i < n; i++)
            b->h[i * n + i] = sy / yy;
    }
    gradus_symmetric_product(n, b->h, b->y, w);
    double yhy = gradus_dot(n, b->y, w, b->threads);
    double factor = 0.5 * rho * (1.0 + rho * yhy);
    for (size_t i = 0; i < n; i++)
        w[i] = factor * b->s[i] - rho * w[i];
    gradus_symmetric_update(n, b->s, w, b->h);
    b->updates++;
}

/* Moves X to the point found and updates H if the pair is safe.  */
static void accept(bfgs_t *b, double x[]) {
    double sy, yy;
    for (size_t i = 0; i < b->n; i++) {
        b->s[i] = b->search.x[i] - x[i];
        b->y[i] = b->scale * b->search.g[i] - b->scale * b->g[i];
        x[i] = b->search.x[i];
    }
    if (gradus_update_safe_pair(b->n, b->s, b->y, b->threads, &sy, &yy))
        update_matrix(b, sy, yy);
}

static gradus_err bfgs_step(void *self, gradus_oracle *oracle, double x[],
                            gradus_report *report) {
    bfgs_t *b = self;
    double value, norm;
    bool fell_back;
    gradus_err err =
        gradus_update_begin(oracle, b->threads, x, &value, b->g, &norm, report);
    if (err || report->stop)
        return err;
    find_direction(b, norm);
    bool steepest = b->updates == 0;
    double step = steepest ? gradus_update_first_step(&b->search, x, value, norm) : 1.0;
    err = gradus_update_search(&b->search, oracle, x, value, b->g, norm, b->d, step,
                               steepest, &fell_back, report);
    if (fell_back)
        b->updates = 0; /* a matrix that led nowhere */
    if (!err && !report->stop)
        accept(b, x);
    return err;
}

const gradus_method_type gradus_method_bfgs = {
    .name = "bfgs",
    .brief = "BFGS with a dense inverse Hessian and a line search",
    .formula =
        "x <- x - t H g,  H by the BFGS update of the inverse from (s'y / y'y) I,  t "
        "by a line search",
    .citation = "Nocedal and Wright, Numerical Optimization, 2006, algorithm 6.1",
    .notes =
        "The first trial step is 1, at the first update min(1, 1/|g|).  H is updated when "
        "s'y > 2.2e-15 sum |s_i y_i|.  When a search fails, H is I again and steepest "
        "descent is "
        "tried in the same update.  An update costs some n^2 operations: lbfgs is for "
        "larger problems.  Both gradients of a pair are on the same batch.",
    .size = sizeof(bfgs_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = bfgs_check,
    .open = bfgs_open,
    .step = bfgs_step,
};
