/* Limited-memory BFGS.

     x <- x + t d,   d = -H g,   t by a strong Wolfe line search,

   H is what the BFGS update

     H <- (I - rho s y') H (I - rho y s') + rho s s',   rho = 1 / s'y,

   makes of gamma I with the last `memory` pairs s = change of x, y = change of g, oldest
   first; gamma = s'y / y'y of the newest pair.  The two loops compute H g without H.

   Liu and Nocedal, "On the limited memory BFGS method for large scale optimization",
   Mathematical Programming 45, 1989; Nocedal and Wright, Numerical Optimization, 2006,
   algorithms 7.4 and 7.5.  */

#include "line_search/update.h"
#include "linalg/vector.h"

#include <math.h>

typedef struct {
    long memory;
    gradus_search_params search;
} params_t;

#define CURVATURE 0.9 /* of the search: the directions are well scaled */

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, memory), .initial = 10, .minimum = 1, .maximum = 10000,
     .flags = GRADUS_LOG, .grid = {5, 20, 3},
     .help = "Pairs kept; each takes two vectors of the dimension."},
    GRADUS_SEARCH_ROWS(params_t, GRADUS_MORE_THUENTE, CURVATURE),
    {0}};

typedef struct {
    size_t n, threads, memory;
    gradus_search search;
    double *g, *d;      /* n each: gradient and direction of this update */
    double *s, *y;      /* memory x n each: a ring of pairs */
    double *rho;        /* memory: 1 / s'y */
    double *alpha;      /* memory: scratch of the two loops */
    double gamma;       /* of the newest pair */
    size_t count, next; /* pairs in the ring, and where the next one goes */
} lbfgs_t;

static gradus_err lbfgs_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    return gradus_search_check("lbfgs", &p->search, CURVATURE, why);
}

static gradus_err lbfgs_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    lbfgs_t *l = self;
    const params_t *p = values;
    (void)why;
    l->n = gradus_oracle_dimension(oracle);
    l->threads = gradus_oracle_threads(oracle);
    l->memory = (size_t)p->memory;
    gradus_search_open(&l->search, &p->search, CURVATURE, oracle, state);
    l->g = gradus_state_scratch(state, l->n, sizeof(double));
    l->d = gradus_state_scratch(state, l->n, sizeof(double));
    l->alpha = gradus_state_scratch(state, l->memory, sizeof(double));
    l->s = gradus_state_vector(state, "steps", l->memory * l->n);
    l->y = gradus_state_vector(state, "gradient_changes", l->memory * l->n);
    l->rho = gradus_state_vector(state, "inverse_curvatures", l->memory);
    gradus_state_keep_real(state, "scale", &l->gamma);
    gradus_state_keep_size(state, "pairs", &l->count);
    gradus_state_keep_size(state, "next_pair", &l->next);
    return GRADUS_OK;
}

/* The place in the ring of the pair of the given AGE, 0 being the newest.  */
static size_t place(const lbfgs_t *l, size_t age) {
    return (l->next + l->memory - 1 - age) % l->memory;
}

/* d = -H g by the two loops; -g while there are no pairs.  */
static void find_direction(lbfgs_t *l) {
    size_t n = l->n;
    double *d = l->d;
    for (size_t i = 0; i < n; i++)
        d[i] = -l->g[i];
    for (size_t age = 0; age < l->count; age++) {
        size_t k = place(l, age);
        l->alpha[k] = l->rho[k] * gradus_dot(n, l->s + k * n, d, l->threads);
        gradus_add(n, -l->alpha[k], l->y + k * n, d, l->threads);
    }
    for (size_t i = 0; i < n && l->count > 0; i++)
        d[i] *= l->gamma;
    for (size_t age = l->count; age-- > 0;) {
        size_t k = place(l, age);
        double beta = l->rho[k] * gradus_dot(n, l->y + k * n, d, l->threads);
        gradus_add(n, l->alpha[k] - beta, l->s + k * n, d, l->threads);
    }
}

/* Moves X to the point found and keeps the pair if it is safe.  */
static void accept(lbfgs_t *l, double x[]) {
    size_t n = l->n;
    double *s = l->s + l->next * n, *y = l->y + l->next * n;
    if (l->count == l->memory)
        l->count--; /* the oldest pair was here */
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        s[i] = l->search.x[i] - x[i];
        y[i] = l->search.g[i] - l->g[i];
        x[i] = l->search.x[i];
    }
    double sy, yy;
    if (!gradus_update_safe_pair(n, s, y, l->threads, &sy, &yy))
        return;
    l->rho[l->next] = 1.0 / sy;
    l->gamma = sy / yy;
    l->next = (l->next + 1) % l->memory;
    l->count++;
}

static gradus_err lbfgs_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    lbfgs_t *l = self;
    double value, norm;
    bool fell_back;
    gradus_err err =
        gradus_update_begin(oracle, l->threads, x, &value, l->g, &norm, report);
    if (err || report->stop)
        return err;
    find_direction(l);
    bool steepest = l->count == 0;
    double step = steepest ? gradus_update_first_step(norm) : 1.0;
    err = gradus_update_search(&l->search, oracle, x, value, l->g, norm, l->d, step,
                               steepest, &fell_back, report);
    if (fell_back)
        l->count = 0; /* pairs that led nowhere */
    if (!err && !report->stop)
        accept(l, x);
    return err;
}

const gradus_method_type gradus_method_lbfgs = {
    .name = "lbfgs",
    .brief = "limited-memory BFGS with a strong Wolfe line search",
    .formula = "x <- x - t H g,  H from the last `memory` pairs s, y and (s'y / y'y) I by "
               "two loops,  t by a line search",
    .citation = "Liu and Nocedal, Mathematical Programming 45, 1989; More and Thuente, ACM "
                "TOMS 20(3), 1994",
    .notes =
        "The first trial step is 1, at the first update min(1, 1/|g|).  A pair is kept "
        "when s'y > 2.2e-16 |s| |y|.  When a search fails, the pairs are dropped and "
        "steepest descent is tried in the same update.  Both gradients of a pair are "
        "on the same batch.",
    .size = sizeof(lbfgs_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = lbfgs_check,
    .open = lbfgs_open,
    .step = lbfgs_step,
};
