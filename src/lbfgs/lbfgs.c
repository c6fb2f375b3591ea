/* Limited-memory BFGS.

     x <- x + t d,   d = -H g,   t by a strong Wolfe line search,

   H is what the BFGS update

     H <- (I - rho s y') H (I - rho y s') + rho s s',   rho = 1 / s'y,

   makes of gamma I with the last `memory` pairs s = change of x, y = change of g, oldest
   first.  The two loops compute H g without H.  They need the pairs' products among each
   other and with g only: d is a sum of g and the pairs, whose coefficients cost nothing.  So
   an update reads the pairs twice, once for products and once for the sum, and the products
   of a pair with the others are found when its first ones with a gradient are.

   With pairs=damped, y is replaced by theta y + (1 - theta) B s, B being the inverse of H,
   so that s'y >= 0.2 s'B s: as s = t d, B s is -t g.

   Liu and Nocedal, "On the limited memory BFGS method for large scale optimization",
   Mathematical Programming 45, 1989, where the scalings are M3, M2 and M1; Nocedal and
   Wright, Numerical Optimization, 2006, algorithms 7.4 and 7.5 and procedure 18.2; Chen,
   Wang and Zhou, "Large-scale L-BFGS using MapReduce", Advances in Neural Information
   Processing Systems 27, 2014, for the loops without vectors; Powell, "Algorithms for
   nonlinear constraints that use Lagrangian functions", Mathematical Programming 14, 1978,
   for the damping.  */

#include "line_search/update.h"
#include "linalg/pairs.h"
#include "linalg/vector.h"

#include <math.h>

typedef struct {
    long memory, pairs, scaling;
    gradus_search_params search;
} params_t;

#define CURVATURE 0.9 /* of the search: the directions are well scaled */

enum { SAFE, DAMPED };
enum { EVERY, FIRST, NONE };

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, memory), .initial = 10, .minimum = 1, .maximum = 10000,
     .flags = GRADUS_LOG, .grid = {5, 20, 3},
     .help = "Pairs kept; each takes two vectors of the dimension."},
    {GRADUS_FIELD(params_t, pairs), .initial = SAFE, .choices = "safe|damped",
     .help = "Pairs without positive curvature are left out, or made to have it."},
    {GRADUS_FIELD(params_t, scaling), .initial = EVERY, .choices = "every|first|none",
     .help = "Scale of the matrix before the pairs: s'y / y'y of the newest pair, or of "
             "the first one since there were none, or 1."},
    GRADUS_SEARCH_ROWS(params_t, GRADUS_MORE_THUENTE, CURVATURE),
    {0}};

static const double DAMPING = 0.2; /* least s'y over s'B s: Powell's */

typedef struct {
    size_t n, threads, memory;
    const params_t *p;
    gradus_search search;
    double *g, *d; /* n each: gradient and direction of this update */
    double *s, *y; /* memory x n each: a ring of pairs */
    double *sy;    /* memory x memory: s_i'y_j; what is used has i older than j, or i = j */
    double *yy;    /* memory x memory: y_i'y_j */
    double *sg, *yg, *alpha; /* memory each: s_i'g, y_i'g, and of the first loop */
    double gamma;            /* scale of the matrix before the pairs */
    double scale;            /* of the gradients in the pairs, a power of two */
    size_t count, next;      /* pairs in the ring, and where the next one goes */
    size_t fresh; /* 1: the products of the newest pair with the others are not known */
} lbfgs_t;

static gradus_err lbfgs_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    return gradus_search_check("lbfgs", &p->search, CURVATURE, why);
}

static gradus_err lbfgs_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    lbfgs_t *l = self;
    (void)why;
    l->p = values;
    l->n = gradus_oracle_dimension(oracle);
    l->threads = gradus_oracle_threads(oracle);
    size_t m = l->memory = (size_t)l->p->memory;
    gradus_search_open(&l->search, &l->p->search, CURVATURE, oracle, state);
    l->g = gradus_state_scratch(state, l->n, sizeof(double));
    l->d = gradus_state_scratch(state, l->n, sizeof(double));
    l->sg = gradus_state_scratch(state, m, sizeof(double));
    l->yg = gradus_state_scratch(state, m, sizeof(double));
    l->alpha = gradus_state_scratch(state, m, sizeof(double));
    l->s = gradus_state_vector(state, "steps", m * l->n);
    l->y = gradus_state_vector(state, "gradient_changes", m * l->n);
    l->sy = gradus_state_vector(state, "curvatures", m * m);
    l->yy = gradus_state_vector(state, "change_products", m * m);
    l->gamma = l->scale = 1.0;
    gradus_state_keep_real(state, "scale", &l->gamma);
    gradus_state_keep_real(state, "gradient_scale", &l->scale);
    gradus_state_keep_size(state, "pairs", &l->count);
    gradus_state_keep_size(state, "next_pair", &l->next);
    gradus_state_keep_size(state, "fresh_pair", &l->fresh);
    gradus_state_bound(state, &l->count, m);
    gradus_state_bound(state, &l->next, m - 1);
    gradus_state_bound(state, &l->fresh, 1);
    return GRADUS_OK;
}

/* The place in the ring of the pair of the given AGE, 0 being the newest.  */
static size_t place(const lbfgs_t *l, size_t age) {
    return (l->next + l->memory - 1 - age) % l->memory;
}

/* ---- The first pass over the pairs: products ---- */

/* What one pass looks at.  */
enum { PAIR_SUMS = 4, GROUP = GRADUS_SWEEP_WIDTH / PAIR_SUMS };
typedef struct {
    const lbfgs_t *l;
    size_t first, count; /* ages */
} group_t;

static void multiply_block(const void *context, size_t begin, size_t count, double sums[]) {
    const group_t *group = context;
    const lbfgs_t *l = group->l;
    const double *newest = l->fresh ? l->y + place(l, 0) * l->n + begin : NULL;
    for (size_t i = 0; i < group->count; i++) {
        size_t offset = place(l, group->first + i) * l->n + begin;
        gradus_pair_dots(count, l->s + offset, l->y + offset, l->g + begin, newest,
                         sums + PAIR_SUMS * i);
    }
}

/* Products of all pairs with g, and with the newest one if it is fresh.  */
static void multiply(lbfgs_t *l) {
    size_t m = l->memory, newest = place(l, 0);
    double sums[GRADUS_SWEEP_WIDTH];
    for (size_t first = 0; first < l->count; first += GROUP) {
        size_t left = l->count - first;
        group_t group = {l, first, left < GROUP ? left : GROUP};
        gradus_sweep(l->n, group.count * PAIR_SUMS, multiply_block, &group, l->threads,
                     sums);
        for (size_t i = 0; i < group.count; i++) {
            size_t k = place(l, first + i);
            l->sg[k] = l->scale * sums[PAIR_SUMS * i];
            l->yg[k] = l->scale * sums[PAIR_SUMS * i + 1];
            if (!l->fresh || k == newest)
                continue;
            l->sy[k * m + newest] = sums[PAIR_SUMS * i + 2];
            l->yy[k * m + newest] = l->yy[newest * m + k] = sums[PAIR_SUMS * i + 3];
        }
    }
    l->fresh = 0;
}

/* ---- The two loops, in coefficients ---- */

/* With q = -g - sum of alpha_j y_j after the first loop, and r = gamma q + sum of c_j s_j,
   c = alpha - beta, in the second.  Leaves alpha, and c in SG.  */
static void find_coefficients(lbfgs_t *l) {
    size_t m = l->memory;
    for (size_t age = 0; age < l->count; age++) {
        size_t k = place(l, age);
        double sq = -l->sg[k];
        for (size_t newer = 0; newer < age; newer++)
            sq -= l->alpha[place(l, newer)] * l->sy[k * m + place(l, newer)];
        l->alpha[k] = sq / l->sy[k * m + k];
    }
    for (size_t age = l->count; age-- > 0;) {
        size_t k = place(l, age);
        double yq = -l->yg[k], yr = 0.0;
        for (size_t j = 0; j < l->count; j++)
            yq -= l->alpha[place(l, j)] * l->yy[k * m + place(l, j)];
        for (size_t older = l->count; older-- > age + 1;)
            yr += l->sg[place(l, older)] * l->sy[place(l, older) * m + k];
        double beta = (l->gamma * yq + yr) / l->sy[k * m + k];
        l->sg[k] = l->alpha[k] - beta;
    }
}

/* ---- The second pass: the direction ---- */

static void combine_block(const void *context, size_t begin, size_t count, double sums[]) {
    const lbfgs_t *l = context;
    double *d = l->d + begin, gamma = l->count > 0 ? l->gamma : 1.0;
    double part = l->count > 0 ? l->scale * gamma : 1.0;
    (void)sums;
    for (size_t i = 0; i < count; i++)
        d[i] = -part * l->g[begin + i];
    for (size_t age = 0; age < l->count; age++) {
        size_t k = place(l, age), offset = k * l->n + begin;
        gradus_pair_add(count, l->sg[k], l->s + offset, -gamma * l->alpha[k], l->y + offset,
                        d);
    }
}

/* d = -H g; -g while there are no pairs, and they belong to one scale of gradients.  */
static void find_direction(lbfgs_t *l, double norm) {
    double scale = gradus_update_scale(norm, l->scale);
    if (scale != l->scale)
        l->count = 0;
    l->scale = scale;
    multiply(l);
    find_coefficients(l);
    gradus_sweep(l->n, 0, combine_block, l, l->threads, NULL);
}

/* ---- Pairs ---- */

/* A move to the point that the search found.  */
typedef struct {
    const lbfgs_t *l;
    double *x;
} move_t;

enum { SIZE, SY, YY, SG, GY, MOVE_SUMS };

/* sums: of |s_i y_i|, s'y, y'y, and for the damping s'g and g'y.  */
static void move_block(const void *context, size_t begin, size_t count, double sums[]) {
    const move_t *move = context;
    const lbfgs_t *l = move->l;
    double *s = l->s + l->next * l->n + begin, *y = l->y + l->next * l->n + begin;
    const double *g = l->g + begin, scale = l->scale;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        s[i] = l->search.x[begin + i] - move->x[begin + i];
        y[i] = scale * l->search.g[begin + i] - scale * g[i];
        move->x[begin + i] = l->search.x[begin + i];
    }
    sums[SIZE] += gradus_search_size(count, s, y);
    sums[SY] += gradus_block_dot(count, s, y);
    sums[YY] += gradus_block_dot(count, y, y);
    if (l->p->pairs != DAMPED)
        return;
    sums[SG] += gradus_block_dot(count, s, g);
    sums[GY] += gradus_block_dot(count, g, y);
}

/* y <- theta y - (1 - theta) t g where the curvature of the pair is below what H promises;
   the sums follow.  */
static void damp(lbfgs_t *l, double sums[]) {
    double t = l->scale * l->search.step, promised = -t * sums[SG];
    if (sums[SY] >= DAMPING * promised)
        return;
    double theta = (1.0 - DAMPING) * promised / (promised - sums[SY]);
    double *y = l->y + l->next * l->n, part = -(1.0 - theta) * t;
#pragma omp simd
    for (size_t i = 0; i < l->n; i++)
        y[i] = theta * y[i] + part * l->g[i];
    sums[SY] = gradus_dot(l->n, l->s + l->next * l->n, y, l->threads);
    sums[YY] = gradus_dot(l->n, y, y, l->threads);
}

/* Moves X to the point found and keeps the pair if it is safe.  */
static void accept(lbfgs_t *l, double x[]) {
    move_t move = {l, x};
    double sums[MOVE_SUMS];
    bool first = l->count == 0;
    if (l->count == l->memory)
        l->count--; /* the oldest pair was here */
    gradus_sweep(l->n, MOVE_SUMS, move_block, &move, l->threads, sums);
    if (l->p->pairs == DAMPED)
        damp(l, sums);
    if (!gradus_update_safe_products(sums[SIZE], sums[SY], sums[YY]))
        return;
    size_t k = l->next * l->memory + l->next;
    l->sy[k] = sums[SY];
    l->yy[k] = sums[YY];
    if (l->p->scaling == EVERY || (l->p->scaling == FIRST && first))
        l->gamma = sums[SY] / sums[YY];
    l->next = (l->next + 1) % l->memory;
    l->count++;
    l->fresh = 1;
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
    find_direction(l, norm);
    bool steepest = l->count == 0;
    double step = steepest ? gradus_update_first_step(&l->search, x, value, norm) : 1.0;
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
        "when s'y > 2.2e-15 sum |s_i y_i|; with pairs=damped, y is first moved towards B s "
        "so "
        "that s'y >= 0.2 s'B s, after Powell.  When a search fails, the pairs are dropped "
        "and steepest descent is tried in the same update.  Both gradients of a pair are "
        "on the same batch.  The two loops are over products of the pairs, not over the "
        "pairs, which an update reads twice.",
    .size = sizeof(lbfgs_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = lbfgs_check,
    .open = lbfgs_open,
    .step = lbfgs_step,
};
