/* Taylor remainders.

   The error of a remainder is estimated from the values themselves: second differences of
   f over steps so small that f is a straight line there are nothing but rounding (after
   More and Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33(3), 2011).  */

#include "harness/measure/derivatives.h"

#include "base/memory.h"
#include "base/stream.h"
#include "core/problem.h"
#include "core/symmetry.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { DIRECTIONS = 2, NOISE_POINTS = 6, FITTED = 3, LARGEST_DENSE = 1000 };

static const double FIRST_STEP = 0.25, STEP_RATIO = 0.25; /* down to 2^-26 */
static const double NOISE_STEP = 0x1p-40; /* thousands of units in the last place of x, and
                                             its square far below one */
static const double PERTURBATION = 0.1;   /* of the start, relative: off symmetric points */
static const double STANDS_OUT = 16; /* times its error: then a slope is good to 0.05 */
static const double SLACK = 0.5;     /* halfway to the order of a wrong derivative */
/* Rounding of a product is a modest multiple of the unit roundoff relative to its terms; a
   wrong entry is far above this.  */
static const double TOLERANCE = 1e-10;

static const struct {
    const char *name;
    int expected;
} tests[GRADUS_TAYLOR_TESTS] = {
    [GRADUS_TAYLOR_FORWARD] = {"gradient, one-sided", 2},
    [GRADUS_TAYLOR_CENTRAL] = {"gradient, two-sided", 3},
    [GRADUS_TAYLOR_VALUE] = {"product against values", 3},
    [GRADUS_TAYLOR_PRODUCT] = {"product against gradients", 3},
    [GRADUS_TAYLOR_DIAGONAL] = {"diagonal against gradients", 3},
};

typedef struct {
    gradus_problem *problem;
    size_t n;
    double scale;                         /* typical size of a coordinate's move */
    double *x, *d, *g, *Hd;               /* n each */
    double *moved, *plus, *minus, *other; /* n each */
    double *dense;                        /* n x n, or NULL */
    double *diagonal;                     /* n, or NULL */
    bool has_product;
    double value, slope, curvature; /* f, g.d, d.Hd */
    double value_noise, gradient_noise;
} bench_t;

/* ---- Set-up ---- */

static bool can(const bench_t *b, enum gradus_ability ability) {
    return gradus_problem_abilities(b->problem) & ability;
}

static gradus_err allocate(bench_t *b) {
    double **vectors[] = {&b->x,     &b->d,    &b->g,     &b->Hd,
                          &b->moved, &b->plus, &b->minus, &b->other};
    bool ok = true;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        ok = (*vectors[i] = GRADUS_NEW(b->n, double)) && ok;
    if (can(b, GRADUS_CAN_HESSIAN) && b->n <= LARGEST_DENSE)
        ok = (b->dense = GRADUS_NEW(b->n * b->n, double)) && ok;
    if (can(b, GRADUS_CAN_DIAGONAL))
        ok = (b->diagonal = GRADUS_NEW(b->n, double)) && ok;
    return ok ? GRADUS_OK : GRADUS_ENOMEM;
}

static void release(bench_t *b) {
    double *vectors[] = {b->x,    b->d,     b->g,     b->Hd,    b->moved,
                         b->plus, b->minus, b->other, b->dense, b->diagonal};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        gradus_free(vectors[i]);
}

/* Moves of the size of the parameters, or of 1 at zero.  */
static void place(bench_t *b, const double start[], gradus_stream *stream) {
    double size = gradus_norm(b->n, start, 1) / sqrt((double)b->n);
    b->scale = size > 0 ? size : 1.0;
    for (size_t i = 0; i < b->n; i++)
        b->x[i] = start[i] + PERTURBATION * b->scale * gradus_stream_normal(stream);
}

/* Every coordinate moves, either way.  */
static void draw(const bench_t *b, gradus_stream *stream, double v[]) {
    gradus_symmetry_draw(stream, b->n, b->scale, v);
}

/* ---- Evaluations ---- */

static gradus_batch everything(const bench_t *b) {
    return (gradus_batch){.count = b->problem->examples};
}

/* Value and gradient at x + t d.  */
static gradus_err evaluate(bench_t *b, double t, double *value, double gradient[]) {
    gradus_batch all = everything(b);
    for (size_t i = 0; i < b->n; i++)
        b->moved[i] = b->x[i] + t * b->d[i];
    return b->problem->type->evaluate(b->problem->self, &all, b->moved, value, gradient);
}

static gradus_err product(bench_t *b, const double v[], double result[]) {
    gradus_batch all = everything(b);
    const gradus_problem_type *type = b->problem->type;
    if (can(b, GRADUS_CAN_PRODUCT))
        return type->product(b->problem->self, &all, b->x, v, result);
    for (size_t i = 0; i < b->n; i++)
        result[i] = gradus_dot(b->n, b->dense + i * b->n, v, 1);
    return GRADUS_OK;
}

/* Rounding of value and gradient: second differences along the direction.  */
static gradus_err measure_noise(bench_t *b) {
    double before = NAN, last = NAN, now;
    double *g_before = b->minus, *g_last = b->other, *g_now = b->plus;
    b->value_noise = b->gradient_noise = 0;
    for (int k = 0; k < NOISE_POINTS; k++) {
        gradus_err err = evaluate(b, k * NOISE_STEP, &now, g_now);
        if (err)
            return err;
        double sum = 0;
        for (size_t i = 0; k >= 2 && i < b->n; i++) {
            double second = g_now[i] - 2 * g_last[i] + g_before[i];
            sum += second * second;
        }
        if (k >= 2) {
            b->value_noise = fmax(b->value_noise, fabs(now - 2 * last + before));
            b->gradient_noise = fmax(b->gradient_noise, sqrt(sum));
        }
        double *oldest = g_before;
        before = last, last = now;
        g_before = g_last, g_last = g_now, g_now = oldest;
    }
    return GRADUS_OK;
}

/* ---- Remainders ---- */

/* Adds to a remainder in the Euclidean sense, so that no single direction in which a term
   happens to vanish decides.  */
static void add(gradus_taylor *taylor, int k, double remainder, double rounding) {
    taylor->remainder[k] = hypot(taylor->remainder[k], remainder);
    taylor->rounding[k] += rounding;
}

/* |g(x + hd) - g(x - hd) - 2h Hd| / 2 and the size of its terms.  */
static void product_remainder(const bench_t *b, double h, double *remainder, double *size) {
    double sum = 0, terms = 0;
    for (size_t i = 0; i < b->n; i++) {
        double r = (b->plus[i] - b->minus[i]) / 2 - h * b->Hd[i];
        double t = fabs(b->plus[i]) + fabs(b->minus[i]) + fabs(h * b->Hd[i]);
        sum += r * r;
        terms += t * t;
    }
    *remainder = sqrt(sum);
    *size = sqrt(terms);
}

static gradus_err add_step(bench_t *b, double h, int k, gradus_taylor taylor[]) {
    double up, down, linear = h * b->slope, quadratic = h * h / 2 * b->curvature;
    gradus_err err = evaluate(b, h, &up, b->plus);
    if (!err)
        err = evaluate(b, -h, &down, b->minus);
    if (err)
        return err;
    double rounding = b->value_noise +
                      DBL_EPSILON * (fabs(up) + fabs(down) + fabs(b->value) + fabs(linear));
    double forward = up - b->value - linear;
    add(&taylor[GRADUS_TAYLOR_FORWARD], k, forward, rounding);
    add(&taylor[GRADUS_TAYLOR_CENTRAL], k, (up - down) / 2 - linear, rounding);
    if (!b->has_product)
        return GRADUS_OK;
    add(&taylor[GRADUS_TAYLOR_VALUE], k, forward - quadratic,
        rounding + DBL_EPSILON * fabs(quadratic));
    double remainder, size;
    product_remainder(b, h, &remainder, &size);
    add(&taylor[GRADUS_TAYLOR_PRODUCT], k, remainder,
        b->gradient_noise + DBL_EPSILON * size);
    return GRADUS_OK;
}

static gradus_err add_direction(bench_t *b, gradus_derivatives *out) {
    gradus_err err = measure_noise(b);
    if (!err)
        err = evaluate(b, 0, &b->value, b->g);
    if (!err && b->has_product)
        err = product(b, b->d, b->Hd);
    b->slope = gradus_dot(b->n, b->g, b->d, 1);
    b->curvature = b->has_product ? gradus_dot(b->n, b->d, b->Hd, 1) : 0;
    for (int k = 0; !err && k < GRADUS_TAYLOR_STEPS; k++)
        err = add_step(b, out->h[k], k, out->taylor);
    return err;
}

/* The same for the diagonal, along a coordinate of its own.  */
static gradus_err add_coordinate(bench_t *b, gradus_stream *stream,
                                 gradus_derivatives *out) {
    size_t i = gradus_stream_below(stream, b->n);
    memset(b->d, 0, b->n * sizeof *b->d);
    b->d[i] = b->scale;
    gradus_err err = measure_noise(b);
    for (int k = 0; !err && k < GRADUS_TAYLOR_STEPS; k++) {
        double value, term = out->h[k] * b->scale * b->diagonal[i];
        err = evaluate(b, out->h[k], &value, b->plus);
        if (!err)
            err = evaluate(b, -out->h[k], &value, b->minus);
        double size = fabs(b->plus[i]) + fabs(b->minus[i]) + fabs(term);
        add(&out->taylor[GRADUS_TAYLOR_DIAGONAL], k, (b->plus[i] - b->minus[i]) / 2 - term,
            b->gradient_noise + DBL_EPSILON * size);
    }
    return err;
}

/* ---- Verdicts ---- */

/* The slope over the smallest steps whose remainder stands out of its rounding.  Steps at
   which the function is not defined, which are the largest, are passed over.  */
static void judge(gradus_taylor *taylor, const double h[]) {
    int first = 0, end;
    while (first < GRADUS_TAYLOR_STEPS && !isfinite(taylor->remainder[first]))
        first++;
    for (end = first; end < GRADUS_TAYLOR_STEPS; end++)
        if (!(taylor->remainder[end] > STANDS_OUT * taylor->rounding[end]))
            break;
    bool defined = first < GRADUS_TAYLOR_STEPS;
    for (int k = first; k < GRADUS_TAYLOR_STEPS; k++)
        defined = defined && isfinite(taylor->remainder[k]);
    taylor->order = NAN;
    taylor->ok = defined;
    if (!defined || end - first < FITTED)
        return;
    int large = end - FITTED, small = end - 1;
    taylor->order =
        log(taylor->remainder[large] / taylor->remainder[small]) / log(h[large] / h[small]);
    taylor->ok = taylor->order >= taylor->expected - SLACK;
}

/* v.Hw = w.Hv for two more vectors.  */
static gradus_err check_symmetry(bench_t *b, gradus_stream *stream,
                                 gradus_derivatives *out) {
    double *v = b->moved, *w = b->minus;
    draw(b, stream, v);
    draw(b, stream, w);
    gradus_err err = product(b, v, b->plus);
    if (!err)
        err = product(b, w, b->other);
    if (err)
        return err;
    out->symmetry = gradus_asymmetry(b->n, v, b->plus, w, b->other, 1);
    return GRADUS_OK;
}

/* The dense Hessian, which is in B->dense, times the last direction.  */
static void check_dense(const bench_t *b, gradus_derivatives *out) {
    double sum = 0, terms = 0;
    for (size_t i = 0; i < b->n; i++) {
        double r = -b->Hd[i], t = fabs(b->Hd[i]);
        for (size_t j = 0; j < b->n; j++) {
            double term = b->dense[i * b->n + j] * b->d[j];
            r += term;
            t += fabs(term);
        }
        sum += r * r;
        terms += t * t;
    }
    out->dense = sum > 0 ? sqrt(sum / terms) : sum;
}

static gradus_err check(bench_t *b, const double start[], gradus_stream *stream,
                        gradus_derivatives *out) {
    const gradus_problem_type *type = b->problem->type;
    gradus_batch all = everything(b);
    place(b, start, stream);
    gradus_err err =
        b->dense ? type->hessian(b->problem->self, &all, b->x, b->dense) : GRADUS_OK;
    for (int i = 0; !err && i < DIRECTIONS; i++) {
        draw(b, stream, b->d);
        err = add_direction(b, out);
    }
    if (!err && b->has_product)
        err = check_symmetry(b, stream, out);
    if (!err && b->dense && can(b, GRADUS_CAN_PRODUCT))
        check_dense(b, out);
    if (!err && b->diagonal)
        err = type->diagonal(b->problem->self, &all, b->x, b->diagonal);
    for (int i = 0; !err && b->diagonal && i < DIRECTIONS; i++)
        err = add_coordinate(b, stream, out);
    return err;
}

static void prepare(gradus_derivatives *out, const bench_t *b) {
    *out = (gradus_derivatives){.symmetry = NAN, .dense = NAN, .tolerance = TOLERANCE};
    double h = FIRST_STEP;
    for (int k = 0; k < GRADUS_TAYLOR_STEPS; k++, h *= STEP_RATIO)
        out->h[k] = h;
    for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++) {
        bool of_product = i == GRADUS_TAYLOR_VALUE || i == GRADUS_TAYLOR_PRODUCT;
        bool made = i == GRADUS_TAYLOR_DIAGONAL ? b->diagonal != NULL
                                                : b->has_product || !of_product;
        out->taylor[i] = (gradus_taylor){
            .name = tests[i].name, .expected = tests[i].expected, .made = made};
    }
}

static bool conclude(gradus_derivatives *out, const bench_t *b) {
    bool ok = true;
    for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++)
        if (out->taylor[i].made) {
            judge(&out->taylor[i], out->h);
            ok = ok && out->taylor[i].ok;
        }
    if (b->has_product)
        ok = ok && out->symmetry <= TOLERANCE;
    if (b->dense && can(b, GRADUS_CAN_PRODUCT))
        ok = ok && out->dense <= TOLERANCE;
    return ok;
}

gradus_err gradus_derivatives_check(gradus_derivatives *out, gradus_problem *problem,
                                    const double start[], uint64_t seed,
                                    gradus_error *why) {
    bench_t b = {.problem = problem, .n = problem->dimension};
    gradus_stream *stream = gradus_stream_open(seed, GRADUS_FOR_CHECKS);
    gradus_err err = allocate(&b);
    b.has_product = can(&b, GRADUS_CAN_PRODUCT) || b.dense;
    prepare(out, &b);
    if (!stream)
        err = GRADUS_ENOMEM;
    if (!err)
        err = check(&b, start, stream, out);
    if (err)
        gradus_fail(why, err, "%s: the check of the derivatives failed%s",
                    problem->type->name, err == GRADUS_ENOMEM ? ": out of memory" : "");
    else if (!isfinite(b.value))
        err = gradus_fail(why, GRADUS_EINPUT, "%s: the value near the start is not finite",
                          problem->type->name);
    else
        out->ok = conclude(out, &b);
    gradus_stream_close(stream);
    release(&b);
    return err;
}
