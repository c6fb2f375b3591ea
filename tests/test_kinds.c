/* What a method says when it cannot go on, by kinds of functions.

   Smooth functions, in many units of value and of x, are never said to have a kink, to have
   noise or another gradient, and `rounding` is said beside the minimum only.  Kinks, jumps,
   noise, wrong gradients and functions without a minimum are called what they are.  Units
   that are powers of two change no digit of a method that does not depend on units.  */

#include "gradus.h"
#include "support.h"

enum { N = 2, CALLS = 400 };

/* Value, gradient and Hessian (upper triangle: 00, 01, 11) at X, for the shape C.  */
typedef double shape_t(double c, const double x[], double g[], double h[]);

typedef struct {
    shape_t *shape;
    double c;
    double of_value, of_x; /* units: f(x) = of_value shape(x / of_x) */
    size_t n, calls;
    double values[CALLS]; /* of the first calls, in units of the value */
} kind_t;

static void evaluate_in_units(kind_t *kind, const double x[], double *value, double g[],
                              double h[]) {
    double y[N] = {0};
    for (size_t i = 0; i < kind->n; i++)
        y[i] = x[i] / kind->of_x;
    *value = kind->of_value * kind->shape(kind->c, y, g, h);
    for (size_t i = 0; i < N; i++)
        g[i] = g[i] / kind->of_x * kind->of_value;
    for (size_t i = 0; i <= N; i++)
        h[i] = h[i] / kind->of_x / kind->of_x * kind->of_value;
}

static int evaluate(void *context, size_t n, const double x[], double *value,
                    double gradient[]) {
    kind_t *kind = context;
    double g[N] = {0}, h[N + 1] = {0};
    evaluate_in_units(kind, x, value, g, h);
    memcpy(gradient, g, n * sizeof *g);
    if (kind->calls < CALLS)
        kind->values[kind->calls] = *value / kind->of_value;
    kind->calls++;
    return 0;
}

static int hessian(void *context, size_t n, const double x[], double matrix[]) {
    double value, g[N] = {0}, h[N + 1] = {0};
    evaluate_in_units(context, x, &value, g, h);
    matrix[0] = h[0];
    if (n == N)
        matrix[1] = matrix[2] = h[1], matrix[3] = h[2];
    return 0;
}

static int product(void *context, size_t n, const double x[], const double v[],
                   double result[]) {
    double value, g[N] = {0}, h[N + 1] = {0};
    evaluate_in_units(context, x, &value, g, h);
    result[0] = h[0] * v[0] + (n == N ? h[1] * v[1] : 0.0);
    if (n == N)
        result[1] = h[1] * v[0] + h[2] * v[1];
    return 0;
}

static gradus_minimum minimize(kind_t *kind, const double start[], const char *method,
                               const char *options) {
    gradus_function function = {.dimension = kind->n,
                                .evaluate = evaluate,
                                .product = product,
                                .hessian = hessian,
                                .context = kind};
    double x[N];
    gradus_minimum minimum;
    for (size_t i = 0; i < kind->n; i++)
        x[i] = start[i] * kind->of_x;
    kind->calls = 0;
    assert_ok(gradus_minimize(&function, x, method, options, &minimum));
    return minimum;
}

/* ---- Smooth functions ---- */

/* One feature of size C, and one example in four of the other class: with z = c x the mean of
   the losses is log(1 + e^-z) + z / 4, least at e^-z = 1/3.  */
static double logistic(double c, const double x[], double g[], double h[]) {
    double z = c * x[0], e = exp(-fabs(z)), p = z > 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
    g[0] = c * (0.25 - p);
    h[0] = c * c * (e / ((1.0 + e) * (1.0 + e)));
    return log1p(e) + fmax(-z, 0.0) + 0.25 * z;
}

static double softabs(double c, const double x[], double g[], double h[]) {
    double root = sqrt(1.0 + c * x[0] * x[0]);
    g[0] = c * x[0] / root;
    h[0] = c / (root * root * root);
    return root;
}

static double log_cosh(double c, const double x[], double g[], double h[]) {
    double z = fabs(c * x[0]), t = tanh(c * x[0]);
    g[0] = t;
    h[0] = c * (1.0 - t * t);
    if (z < 1.0) /* no terms that cancel */
        return 0.5 * log1p(sinh(z) * sinh(z)) / c;
    return (z + log1p(exp(-2.0 * z)) - log(2.0)) / c;
}

static double quartic(double c, const double x[], double g[], double h[]) {
    double s = x[0] * x[0];
    g[0] = 4.0 * s * x[0] + 2.0 * x[0];
    h[0] = 12.0 * s + 2.0;
    return c + s * s + s;
}

/* e^x + e^-cx, c^(1/(1+c)) (1 + 1/c) at least.  */
static double exponentials(double c, const double x[], double g[], double h[]) {
    double up = exp(x[0]), down = exp(-c * x[0]);
    g[0] = up - c * down;
    h[0] = up + c * c * down;
    return up + down;
}

static double rosenbrock(double c, const double x[], double g[], double h[]) {
    double a = x[1] - x[0] * x[0], b = 1.0 - x[0];
    g[0] = -4.0 * c * a * x[0] - 2.0 * b, g[1] = 2.0 * c * a;
    h[0] = c * (12.0 * x[0] * x[0] - 4.0 * x[1]) + 2.0;
    h[1] = -4.0 * c * x[0], h[2] = 2.0 * c;
    return c * a * a + b * b;
}

static double bowl(double c, const double x[], double g[], double h[]) {
    g[0] = x[0], g[1] = c * x[1];
    h[0] = 1.0, h[1] = 0.0, h[2] = c;
    return 0.5 * x[0] * x[0] + 0.5 * c * x[1] * x[1];
}

/* Two variables of which the gradient of one is worlds larger, at any point that can be told
   from the minimum in it: all the same the other has its own part of the value.  */
static double worlds_apart(double c, const double x[], double g[], double h[]) {
    double of_first = logistic(c, x, g, h), root = sqrt(1.0 + x[1] * x[1]);
    g[1] = x[1] / root;
    h[1] = 0.0, h[2] = 1.0 / (root * root * root);
    return of_first + root;
}

typedef struct {
    shape_t *shape;
    double c;
    size_t n;
    double start[N], minimum;
    double size; /* of the terms of the value near the minimum, whose rounding it has */
} smooth_t;

/* log(4/3) + log(3)/4, and 10^(1/11) + 10^(-10/11).  */
#define LOGISTIC     0.56233514461880835
#define EXPONENTIALS 1.3561314133862728

/* Where the minimum is 0, the size is what the rounding of x makes of the terms there.  */
static const smooth_t SMOOTH[] = {
    {logistic, 1e4, 1, {0.0}, LOGISTIC, 1.0},
    {logistic, 1e6, 1, {0.0}, LOGISTIC, 1.0},
    {logistic, 1e8, 1, {0.0}, LOGISTIC, 1.0},
    {softabs, 1e6, 1, {0.7}, 1.0, 1.0},
    {softabs, 1e12, 1, {0.7}, 1.0, 1.0},
    {softabs, 1e18, 1, {1.0}, 1.0, 1.0},
    {log_cosh, 1.0, 1, {3.0}, 0.0, 1.0},
    {log_cosh, 1e4, 1, {1.0}, 0.0, 1e-4},
    {quartic, 0.0, 1, {2.5}, 0.0, 1e-12},
    {quartic, 7.0, 1, {2.5}, 7.0, 7.0},
    {exponentials, 10.0, 1, {-2.0}, EXPONENTIALS, EXPONENTIALS},
    {rosenbrock, 100.0, 2, {-1.2, 1.0}, 0.0, 1e-9},
    {bowl, 1e6, 2, {1.0, 1.0}, 0.0, 1e-12},
    {worlds_apart, 1e30, 2, {0.0, 0.7}, LOGISTIC + 1.0, LOGISTIC + 1.0},
    {worlds_apart, 1e60, 2, {0.0, -3.0}, LOGISTIC + 1.0, LOGISTIC + 1.0},
};

static const double UNITS[][2] = {{1.0, 1.0},     {0x1p-200, 1.0}, {0x1p+200, 1.0},
                                  {1e-30, 1.0},   {1e+30, 1.0},    {1.0, 0x1p-40},
                                  {1.0, 0x1p+40}, {1.0, 1e-7},     {1.0, 1e+7},
                                  {1e-20, 1e+15}, {1e+20, 1e-15}};

static const char *const METHODS[] = {
    "lbfgs",
    "lbfgs:line_search=hager-zhang",
    "lbfgs:line_search=backtracking",
    "bfgs",
    "bfgs:line_search=hager-zhang",
    "bfgs:line_search=backtracking",
    "nonlinear_cg",
    "nonlinear_cg:line_search=hager-zhang",
    "newton",
    "newton:line_search=hager-zhang",
    "newton:line_search=more-thuente",
    "newton_cg",
    "newton_cg:line_search=hager-zhang",
    "newton_cg:line_search=more-thuente",
    "scaled_cg",
    "trust_region",
};

enum { LINE_SEARCHES = 8 }; /* those at first that need no Hessian */

#define COUNT(array)   (sizeof(array) / sizeof *(array))
#define UNITS_OPTIONS  "gradient_tolerance=0,updates=20"
#define SMOOTH_OPTIONS "gradient_tolerance=0,updates=300"

/* A search gives up as rounding where the decrease to the minimum is below four times ten
   roundings of the values; their own rounding, of a few operations, comes on top.  */
static const double NEAR = 64.0 * DBL_EPSILON;

static bool fits_smooth(const smooth_t *row, const kind_t *kind, gradus_minimum got) {
    double above = got.value / kind->of_value - row->minimum;
    if (got.stop == GRADUS_FAIL_ROUNDING)
        return above <= NEAR * row->size;
    return got.stop == GRADUS_FAIL_STATIONARY || got.stop == GRADUS_STOP_UPDATES;
}

START_TEST(smooth_functions_are_smooth) {
    for (size_t k = 0; k < COUNT(SMOOTH); k++)
        for (size_t u = 0; u < COUNT(UNITS); u++)
            for (size_t m = 0; m < COUNT(METHODS); m++) {
                const smooth_t *row = &SMOOTH[k];
                kind_t kind = {.shape = row->shape, .c = row->c, .n = row->n};
                kind.of_value = UNITS[u][0], kind.of_x = UNITS[u][1];
                gradus_minimum got =
                    minimize(&kind, row->start, METHODS[m], SMOOTH_OPTIONS);
                ck_assert_msg(fits_smooth(row, &kind, got),
                              "%s on row %zu in units %g and %g: %s at %.17g; %s",
                              METHODS[m], k, kind.of_value, kind.of_x,
                              gradus_stop_word(got.stop), got.value / kind.of_value,
                              got.text);
            }
}
END_TEST

/* ---- What is not smooth, or has no minimum ---- */

static double edge(double c, const double x[], double g[], double h[]) {
    double slope = x[0] < 0.3 ? -1.0 : c;
    g[0] = slope, g[1] = x[1];
    h[0] = h[1] = 0.0, h[2] = 1.0;
    return 2.0 + slope * (x[0] - 0.3) + 0.5 * x[1] * x[1];
}

/* C more to the left of a place on the way to the minimum.  */
static double cliff(double c, const double x[], double g[], double h[]) {
    double f = bowl(4.0, x, g, h);
    return x[0] < 0.4 && x[0] > -0.4 ? f + c : f;
}

static double quantised(double c, const double x[], double g[], double h[]) {
    double y[N] = {x[0] - 1.0 / 3.0, x[1] + 2.0 / 7.0};
    return c * round((1.0 + bowl(4.0, y, g, h)) / c);
}

static double single(double c, const double x[], double g[], double h[]) {
    double y[N] = {x[0] - 1.0 / 3.0, x[1] + 2.0 / 7.0};
    bowl(4.0, y, g, h);
    float a = (float)y[0], b = (float)y[1];
    return (double)((float)c + 0.5f * a * a + 2.0f * b * b);
}

static double jittered(double c, const double x[], double g[], double h[]) {
    double y[N] = {x[0] - 1.0 / 3.0, x[1] + 2.0 / 7.0};
    uint64_t bits[N];
    memcpy(bits, x, sizeof bits);
    return 1.0 + bowl(4.0, y, g, h) + c * noise(bits[0] ^ (bits[1] << 7));
}

static double scaled_gradient(double c, const double x[], double g[], double h[]) {
    double f = bowl(4.0, x, g, h);
    g[0] *= c, g[1] *= c;
    return f;
}

static double shifted_entry(double c, const double x[], double g[], double h[]) {
    double f = bowl(4.0, x, g, h);
    g[1] += c;
    return f;
}

static double turned_entry(double c, const double x[], double g[], double h[]) {
    double f = bowl(4.0, x, g, h);
    g[1] *= c;
    return f;
}

static double linear(double c, const double x[], double g[], double h[]) {
    g[0] = 1.0, g[1] = c;
    h[0] = h[1] = h[2] = 0.0;
    return x[0] + c * x[1];
}

static double cubic(double c, const double x[], double g[], double h[]) {
    g[0] = -3.0 * c * x[0] * x[0] - 1.0, g[1] = x[1];
    h[0] = -6.0 * c * x[0], h[1] = 0.0, h[2] = 1.0;
    return -c * x[0] * x[0] * x[0] - x[0] + 0.5 * x[1] * x[1];
}

static double dive(double c, const double x[], double g[], double h[]) {
    double e = exp(c * x[0]);
    g[0] = -c * e, g[1] = x[1];
    h[0] = -c * c * e, h[1] = 0.0, h[2] = 1.0;
    return -e + 0.5 * x[1] * x[1];
}

static const struct {
    shape_t *shape;
    double c;
    gradus_stop want;
} OTHERS[] = {
    {edge, 3.7, GRADUS_FAIL_KINK},
    {edge, 1.0, GRADUS_FAIL_KINK},
    {edge, 50.0, GRADUS_FAIL_KINK},
    {cliff, 5.0, GRADUS_FAIL_NOISE},
    {quantised, 1e-2, GRADUS_FAIL_NOISE},
    {quantised, 1e-4, GRADUS_FAIL_NOISE},
    {quantised, 1e-7, GRADUS_FAIL_NOISE},
    {quantised, 1e-9, GRADUS_FAIL_NOISE},
    {single, 1.0, GRADUS_FAIL_NOISE},
    {single, 1e3, GRADUS_FAIL_NOISE},
    {jittered, 1e-5, GRADUS_FAIL_NOISE},
    {jittered, 1e-8, GRADUS_FAIL_NOISE},
    {scaled_gradient, -1.0, GRADUS_FAIL_SIGN},
    {scaled_gradient, -1e3, GRADUS_FAIL_GRADIENT},
    {shifted_entry, 1.0, GRADUS_FAIL_GRADIENT},
    {shifted_entry, -1e-2, GRADUS_FAIL_GRADIENT},
    {turned_entry, -2.0, GRADUS_FAIL_GRADIENT},
    {linear, 0.0, GRADUS_FAIL_UNBOUNDED},
    {linear, -3.0, GRADUS_FAIL_UNBOUNDED},
    {cubic, 1.0, GRADUS_FAIL_UNBOUNDED},
    {cubic, 1e-3, GRADUS_FAIL_UNBOUNDED},
    {dive, 1.0, GRADUS_FAIL_UNBOUNDED},
    {dive, 1e-2, GRADUS_FAIL_UNBOUNDED},
};

/* Relative to 1, the size of the values whose minimum is known to so much at best.  */
static const double SINGLE = 8.0 * 0x1p-23;

static double least_of(const kind_t *kind) { return kind->shape == single ? kind->c : 1.0; }

/* An end as asked is true too: hager-zhang looks at slopes where values are noisy, and may find
   a gradient of exactly zero; a value that falls without bound may use up the updates, on
   a straight line with backtracking only, which never makes a step longer.
   `rounding` is true of noise that is the rounding of values in single precision.  */
static bool fits_other(gradus_stop want, const kind_t *kind, gradus_minimum got,
                       bool is_slow) {
    bool is_coarse = kind->shape == quantised || kind->shape == single;
    if (got.stop == GRADUS_FAIL_STATIONARY)
        return want == GRADUS_FAIL_NOISE || want == GRADUS_FAIL_GRADIENT;
    if (got.stop == GRADUS_STOP_UPDATES)
        return want == GRADUS_FAIL_UNBOUNDED && (kind->shape != linear || is_slow);
    if (got.stop == GRADUS_FAIL_ROUNDING)
        return is_coarse && got.value / kind->of_value <= least_of(kind) * (1.0 + SINGLE);
    return got.stop == want;
}

static const double STARTS[][N] = {{1.385, -0.717}, {-0.9, 0.4}, {2.1, 3.3}};

#define OTHER_OPTIONS "gradient_tolerance=0,updates=2000"

START_TEST(others_are_called_what_they_are) {
    static const double units[] = {1.0, 0x1p-60, 1e12};
    for (size_t k = 0; k < COUNT(OTHERS); k++)
        for (size_t m = 0; m < LINE_SEARCHES; m++)
            for (size_t s = 0; s < COUNT(STARTS); s++) {
                kind_t kind = {.shape = OTHERS[k].shape, .c = OTHERS[k].c, .n = N};
                kind.of_value = units[s], kind.of_x = 1.0;
                gradus_minimum got = minimize(&kind, STARTS[s], METHODS[m], OTHER_OPTIONS);
                ck_assert_msg(fits_other(OTHERS[k].want, &kind, got,
                                         strstr(METHODS[m], "backtracking")),
                              "%s on row %zu from start %zu: %s at %.17g; %s", METHODS[m],
                              k, s, gradus_stop_word(got.stop), got.value, got.text);
            }
}
END_TEST

/* ---- Units ---- */

/* Starts Rosenbrock's function in units of 2^OF_VALUE and 2^OF_X: the values must be those of
   units of 1, every digit of every call.  */
static void expect_same(const char *method, int of_value, int of_x) {
    static const double from[N] = {-1.2, 1.0};
    kind_t one = {.shape = rosenbrock, .c = 100.0, .n = N, .of_value = 1.0, .of_x = 1.0};
    kind_t other = one;
    other.of_value = ldexp(1.0, of_value), other.of_x = ldexp(1.0, of_x);
    gradus_minimum a = minimize(&one, from, method, UNITS_OPTIONS);
    gradus_minimum b = minimize(&other, from, method, UNITS_OPTIONS);
    size_t calls = one.calls < CALLS ? one.calls : CALLS;
    ck_assert_uint_gt(a.updates, 5);
    ck_assert_uint_eq(a.updates, b.updates);
    ck_assert_uint_eq(one.calls, other.calls);
    ck_assert_msg(memcmp(one.values, other.values, calls * sizeof *one.values) == 0,
                  "%s: other values in units 2^%d and 2^%d", method, of_value, of_x);
}

/* The step of newton, H^-1 g, has the units of x, and the first radius of trust_region is the
   length of a step, so that no unit matters to them.  A factorisation takes square roots of
   entries, in units of value / x^2: these are even powers, of which the roots are exact.

   The first step of lbfgs and bfgs is of length one where |g| is more, which units of x
   change and those of the value do not; pairs set the length of all others.

   The first step of nonlinear_cg and scaled_cg and the forcing term of newton_cg are made
   from the gradient norm itself: units matter to these.  */
START_TEST(units_change_no_digit) {
    static const char *const any[] = {"newton", "newton:line_search=hager-zhang",
                                      "newton:line_search=more-thuente", "trust_region"};
    static const int powers[][2] = {{40, 0}, {-40, 0}, {0, 20}, {0, -20}, {30, -17}};
    static const char *const of_value[] = {"lbfgs", "bfgs",
                                           "lbfgs:line_search=hager-zhang"};
    for (size_t k = 0; k < COUNT(powers); k++)
        for (size_t m = 0; m < COUNT(any); m++)
            expect_same(any[m], powers[k][0], powers[k][1]);
    for (size_t m = 0; m < COUNT(of_value); m++) {
        expect_same(of_value[m], 40, 0);
        expect_same(of_value[m], -4, 0);
    }
}
END_TEST

TEST_MAIN("kinds", smooth_functions_are_smooth, others_are_called_what_they_are,
          units_change_no_digit)
