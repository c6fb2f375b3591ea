/* The one call: what it returns belongs together, is the best that was accepted, and is what
   the step-by-step form gives; every way it can end.  */

#include "../function.h"

#include <limits.h>
#include <pthread.h>

/* ---- A function that keeps the books ---- */

/* Rosenbrock's chained function of any dimension, and what was asked of it.  */
typedef struct {
    size_t calls, products, hessians, shown;
    size_t bad_call; /* the call that goes wrong; 0: none */
    int code;        /* what it then returns */
    double poison;   /* what the value then is; 0: the value */
    bool flip;       /* the gradient has the wrong sign then */
    bool for_good;   /* and at all calls after it */
    size_t bad_product, bad_hessian;
    size_t stop_after; /* updates after which `progress` returns CODE; 0: none */
    double best;       /* value shown so far, the start's at first */
    double last[8];    /* x of the last call */
    size_t repeats;    /* calls at the point of the one before */
} books_t;

enum { N = 4 };
static const double START[N] = {-1.2, 1.0, -1.2, 1.0};

static double value_at(size_t n, const double x[], double g[]) {
    double f = 0.0;
    memset(g, 0, n * sizeof *g);
    for (size_t i = 0; i + 1 < n; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
        f += 100.0 * a * a + b * b;
        g[i] -= 400.0 * a * x[i] + 2.0 * b;
        g[i + 1] += 200.0 * a;
    }
    return f;
}

static double norm_of(size_t n, const double g[]) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += g[i] * g[i];
    return sqrt(sum);
}

static int evaluate(void *context, size_t n, const double x[], double *value,
                    double gradient[]) {
    books_t *books = context;
    books->calls++;
    books->repeats += books->calls > 1 && memcmp(books->last, x, n * sizeof *x) == 0;
    memcpy(books->last, x, n * sizeof *x);
    bool bad = books->bad_call && (books->calls == books->bad_call ||
                                   (books->for_good && books->calls > books->bad_call));
    *value = value_at(n, x, gradient);
    if (bad && books->poison != 0.0)
        *value = gradient[0] = books->poison;
    for (size_t i = 0; bad && books->flip && i < n; i++)
        gradient[i] = -gradient[i];
    return bad ? books->code : 0;
}

static int hessian(void *context, size_t n, const double x[], double matrix[]) {
    books_t *books = context;
    books->hessians++;
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i + 1 < n; i++) {
        matrix[i * n + i] += 1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0;
        matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = -400.0 * x[i];
        matrix[(i + 1) * n + i + 1] += 200.0;
    }
    return books->hessians == books->bad_hessian ? books->code : 0;
}

static int product(void *context, size_t n, const double x[], const double v[],
                   double result[]) {
    books_t *books = context;
    double matrix[N * N];
    size_t hessians = books->hessians;
    hessian(books, n, x, matrix);
    books->hessians = hessians;
    books->products++;
    for (size_t i = 0; i < n; i++) {
        result[i] = 0.0;
        for (size_t j = 0; j < n; j++)
            result[i] += matrix[i * n + j] * v[j];
    }
    return books->products == books->bad_product ? books->code : 0;
}

/* Every update is shown once, in order, with what belongs to its point.  */
static int progress(void *context, const gradus_iterate *now) {
    books_t *books = context;
    double g[N];
    ck_assert_uint_eq(now->update, ++books->shown);
    ck_assert_uint_eq(now->evaluations, books->calls);
    ck_assert_uint_eq(now->dimension, N);
    if (books->poison == 0.0 && !books->flip) {
        ck_assert(same_bits(now->value, value_at(N, now->x, g)));
        ck_assert_mem_eq(now->gradient, g, sizeof g);
        if (isfinite(norm_of(N, g))) { /* descent may diverge, and is shown doing it */
            assert_close(now->gradient_norm, norm_of(N, g), 1e-14);
            ck_assert(now->step_norm >= 0.0);
        }
    }
    if (now->value < books->best)
        books->best = now->value;
    return books->shown == books->stop_after ? books->code : 0;
}

static gradus_function function_of(books_t *books) {
    double g[N];
    books->best = value_at(N, START, g);
    return (gradus_function){.dimension = N,
                             .evaluate = evaluate,
                             .product = product,
                             .hessian = hessian,
                             .progress = progress,
                             .context = books};
}

/* Methods that can only go down, but for rounding, and the others.  */
static bool is_monotone(const gradus_method_type *type) {
    for (const gradus_param *row = type->params; row->name; row++)
        if (strcmp(row->name, "line_search") == 0)
            return true;
    return false;
}

/* The INDEX-th method that fits; NULL when there are no more.  */
static const gradus_method_type *fitting_method(size_t index) {
    const unsigned able = GRADUS_CAN_PRODUCT | GRADUS_CAN_HESSIAN;
    for (size_t i = 0; gradus_method_types[i]; i++)
        if (!(gradus_method_types[i]->needs & ~able) && index-- == 0)
            return gradus_method_types[i];
    return NULL;
}

/* What X, the books and RESULT must agree on whatever happened.  */
static void check_consistent(const books_t *books, const gradus_minimum *result,
                             const double x[], const char *what) {
    double g[N], value = value_at(N, x, g);
    ck_assert_msg(books->calls == result->evaluations &&
                      books->products == result->products &&
                      books->hessians == result->hessians,
                  "%s: %zu calls, said to be %zu", what, books->calls, result->evaluations);
    ck_assert_msg(books->shown == result->updates || result->error,
                  "%s: %zu updates shown of %zu", what, books->shown, result->updates);
    assert_sentence(result->text);
    if (isnan(result->value)) {
        ck_assert_mem_eq(x, START, sizeof START);
        return;
    }
    ck_assert_msg(same_bits(result->value, value), "%s: value %.17g, at x it is %.17g",
                  what, result->value, value);
    assert_close(result->gradient_norm, norm_of(N, g), 1e-14);
}

static gradus_minimum minimize(books_t *books, const char *method, const char *options,
                               double x[N]) {
    gradus_function function = function_of(books);
    gradus_minimum result;
    memcpy(x, START, sizeof START);
    gradus_err err = gradus_minimize(&function, x, method, options, &result);
    ck_assert_int_eq(err, result.error);
    check_consistent(books, &result, x, method ? method : "default");
    return result;
}

/* ---- Where it ends ---- */

/* Gradient within 1e-9 and the Hessian at the minimum has no eigenvalue below 0.1, so x is
   within 1e-8 of the minimum; (-0.78, 0.61, 0.38, 0.15) is the other one.  */
START_TEST(minimum_is_found) {
    static const char *const methods[] = {NULL,           "lbfgs:memory=3", "bfgs",
                                          "nonlinear_cg", "newton",         "newton_cg"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        books_t books = {0};
        double x[N];
        gradus_minimum result = minimize(&books, methods[i], "gradient_tolerance=1e-9", x);
        const char *name = methods[i] ? methods[i] : "default";
        ck_assert_msg(result.stop == GRADUS_STOP_GRADIENT && !result.error, "%s: %s", name,
                      result.text);
        ck_assert_str_eq(result.text, gradus_stop_text(GRADUS_STOP_GRADIENT));
        assert_at_most(name, result.gradient_norm, 1e-9);
        ck_assert_uint_gt(result.updates, 3);
        ck_assert_int_eq(result.user_code, 0);
        ck_assert(result.cpu_seconds > 0.0 && result.wall_seconds > 0.0);
        if (result.value < 1.0)
            for (size_t j = 0; j < N; j++)
                assert_close(x[j], 1.0, 1e-8);
    }
}
END_TEST

/* Every method: what is returned belongs together, was the best accepted, and no point was
   paid for twice in a row.  */
START_TEST(best_point_is_returned) {
    for (size_t i = 0; fitting_method(i); i++) {
        const gradus_method_type *type = fitting_method(i);
        books_t books = {0};
        double x[N];
        gradus_minimum result = minimize(&books, type->name, "updates=60", x);
        ck_assert_msg(!result.error, "%s: %s", type->name, result.text);
        printf("%s: value %.3g, best %.3g, %zu updates, %zu evaluations: %s\n", type->name,
               result.value, books.best, result.updates, result.evaluations, result.text);
        if (result.stop != GRADUS_STOP_GRADIENT)
            ck_assert_msg(same_bits(result.value, books.best), "%s: %.17g, best %.17g",
                          type->name, result.value, books.best);
        else
            ck_assert(result.gradient_norm <= 1e-6);
        if (is_monotone(type)) /* hager-zhang may take a rise that is rounding */
            ck_assert(result.value <= books.best * (1 + 1e-14) + 1e-14);
        ck_assert_msg(books.repeats == 0, "%s: %zu points evaluated twice in a row",
                      type->name, books.repeats);
    }
}
END_TEST

static double by_pointer(const double x[], double g[]) {
    double unused[N];
    return value_at(N, x, g ? g : unused);
}

/* The same machine: a run stepped by hand over the same function.  */
START_TEST(same_as_step_by_step) {
    static const char *const methods[] = {"lbfgs", "bfgs", "nonlinear_cg", "adam",
                                          "sgd:learning_rate=1e-3"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        static const char options[] = "updates=25,gradient_tolerance=0";
        books_t books = {0};
        double x[N];
        gradus_minimum result = minimize(&books, methods[i], options, x);
        function_t function = {.n = N, .start = START, .evaluate = by_pointer};
        trial_t trial = trial_of_function(&function, methods[i], options);
        ck_assert_int_eq(trial_finish(&trial), result.stop);
        ck_assert_uint_eq(gradus_run_updates(trial.run), result.updates);
        ck_assert_mem_eq(gradus_run_best_parameters(trial.run), x, sizeof x);
        ck_assert(same_bits(gradus_run_best_value(trial.run), result.value));
        ck_assert_uint_eq(function.calls, result.evaluations);
        trial_close(&trial);
    }
}
END_TEST

/* x - log(x) / 1000 has its minimum at 1/1000; below 0, where a caller returns a large number
   and no slope, the gradient vanishes too.  */
static int penalised(void *context, size_t n, const double x[], double *value,
                     double gradient[]) {
    (void)context, (void)n;
    *value = x[0] > 0.0 ? x[0] - 1e-3 * log(x[0]) : 1e300;
    gradient[0] = x[0] > 0.0 ? 1.0 - 1e-3 / x[0] : 0.0;
    return 0;
}

/* A run that ends where the gradient vanishes, far above where it has been; the second time
   its start is the best point.  */
START_TEST(far_above_the_best) {
    static const struct {
        const char *method, *text;
    } cases[] = {
        {"adam:learning_rate=0.1", "the best point is returned, of value"},
        {"sgd:learning_rate=100", "at the start; the value of the last is 1e+300"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const gradus_function function = {.dimension = 1, .evaluate = penalised};
        gradus_minimum found;
        double x[1] = {1.0}, value, slope;
        assert_ok(gradus_minimize(&function, x, cases[i].method, "updates=500", &found));
        ck_assert_int_eq(found.stop, GRADUS_STOP_GRADIENT);
        penalised(NULL, 1, x, &value, &slope);
        ck_assert(value <= 1.0 && same_bits(value, found.value));
        ck_assert(same_bits(fabs(slope), found.gradient_norm));
        assert_contains(found.text, cases[i].text);
        assert_contains(found.text, "the value of the last is 1e+300");
    }
}
END_TEST

START_TEST(caller_may_stop_it) {
    books_t books = {.stop_after = 3, .code = -7};
    double x[N];
    gradus_minimum result = minimize(&books, "lbfgs", NULL, x);
    ck_assert_int_eq(result.error, GRADUS_OK);
    ck_assert_int_eq(result.stop, GRADUS_STOP_INTERRUPTED);
    ck_assert_int_eq(result.user_code, -7);
    ck_assert_uint_eq(result.updates, 3);
    assert_contains(result.text, "-7");
    /* When the run ends there by itself, that is why.  */
    books = (books_t){.stop_after = 3, .code = -7};
    result = minimize(&books, "lbfgs", "target=1e3", x);
    ck_assert_int_eq(result.stop, GRADUS_STOP_TARGET);
    books = (books_t){.stop_after = 3, .code = -7};
    result = minimize(&books, "lbfgs", "updates=3", x);
    ck_assert_int_eq(result.stop, GRADUS_STOP_UPDATES);
}
END_TEST

/* ---- When the function goes wrong at the k-th call, for every k and method ---- */

enum { UPDATES = 12 };

/* The calls of an undisturbed run.  */
static size_t calls_of(const char *method, double *start_value) {
    books_t books = {0};
    double x[N], g[N];
    char options[32];
    snprintf(options, sizeof options, "updates=%d", UPDATES);
    *start_value = value_at(N, START, g);
    return minimize(&books, method, options, x).evaluations;
}

START_TEST(error_code_passes_through) {
    static const int codes[] = {42, -1001, INT_MIN};
    for (size_t i = 0; fitting_method(i); i++) {
        const char *method = fitting_method(i)->name;
        double start_value;
        size_t calls = calls_of(method, &start_value);
        for (size_t k = 1; k <= calls; k++) {
            books_t books = {.bad_call = k, .code = codes[k % 3]};
            double x[N];
            char number[16];
            gradus_minimum result = minimize(&books, method, "updates=12", x);
            ck_assert_msg(result.error == GRADUS_EFUNCTION, "%s, call %zu: %s", method, k,
                          result.text);
            ck_assert_int_eq(result.user_code, codes[k % 3]);
            ck_assert_uint_eq(books.calls, k); /* and never again */
            snprintf(number, sizeof number, "%d", result.user_code);
            assert_contains(result.text, number);
            ck_assert_msg(k == 1 ? isnan(result.value) : result.value <= start_value,
                          "%s, call %zu: returns %g", method, k, result.value);
        }
    }
}
END_TEST

/* Once, or from then on: it ends, and where the value is finite, not above the start.  */
START_TEST(not_finite_ends) {
    static const double poisons[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; fitting_method(i); i++) {
        const char *method = fitting_method(i)->name;
        double start_value;
        size_t calls = calls_of(method, &start_value);
        for (size_t k = 1; k <= calls; k++)
            for (int bits = 0; bits < 6; bits++) {
                books_t books = {
                    .bad_call = k, .poison = poisons[bits / 2], .for_good = bits % 2};
                double x[N];
                gradus_minimum result =
                    minimize(&books, method, "updates=12,evaluations=500", x);
                ck_assert_msg(!result.error && result.stop != GRADUS_RUNNING,
                              "%s, call %zu: %s", method, k, result.text);
                if (k == 1)
                    ck_assert_int_eq(result.stop, GRADUS_FAIL_START);
                else
                    ck_assert(result.value <= start_value);
                if (books.for_good)
                    ck_assert_msg(result.stop < 0 || k > calls - 1,
                                  "%s, from call %zu on: %s", method, k, result.text);
            }
    }
}
END_TEST

/* A sign lost once or from then on: it ends, no higher than it began, at a point whose value
   is the one returned.  */
START_TEST(wrong_gradient_ends) {
    for (size_t i = 0; fitting_method(i); i++) {
        const char *method = fitting_method(i)->name;
        double start_value;
        size_t calls = calls_of(method, &start_value);
        for (size_t k = 1; k <= calls; k++)
            for (int for_good = 0; for_good < 2; for_good++) {
                books_t books = {.bad_call = k, .flip = true, .for_good = for_good};
                double x[N];
                gradus_minimum result =
                    minimize(&books, method, "updates=12,evaluations=500", x);
                ck_assert_msg(!result.error && result.stop != GRADUS_RUNNING &&
                                  result.value <= start_value,
                              "%s, call %zu: %s, value %g", method, k, result.text,
                              result.value);
            }
    }
}
END_TEST

START_TEST(codes_of_products_pass_through) {
    double x[N];
    books_t books = {.bad_product = 3, .code = 5};
    gradus_minimum result = minimize(&books, "newton_cg", NULL, x);
    ck_assert_int_eq(result.error, GRADUS_EFUNCTION);
    ck_assert_int_eq(result.user_code, 5);
    ck_assert_str_eq(result.text, "product returned the error code 5 at call 3");
    books = (books_t){.bad_hessian = 2, .code = 6};
    result = minimize(&books, "newton", NULL, x);
    ck_assert_int_eq(result.error, GRADUS_EFUNCTION);
    ck_assert_str_eq(result.text, "hessian returned the error code 6 at call 2");
    ck_assert_uint_eq(result.updates, 1);
}
END_TEST

/* ---- Mistakes ---- */

static int forgetful(void *context, size_t n, const double x[], double *value,
                     double gradient[]) {
    (void)context, (void)value, (void)x;
    memset(gradient, 0, n * sizeof *gradient);
    return 0;
}

#define refuses(function, x, method, options, part)                                        \
    do {                                                                                   \
        gradus_minimum result_;                                                            \
        gradus_err err_ = gradus_minimize((function), (x), (method), (options), &result_); \
        ck_assert_int_eq(err_, result_.error);                                             \
        ck_assert(err_ == GRADUS_EINPUT || err_ == GRADUS_EUNSUPPORTED);                   \
        assert_sentence(result_.text);                                                     \
        assert_contains(result_.text, part);                                               \
        ck_assert(isnan(result_.value) && isnan(result_.gradient_norm));                   \
        ck_assert(result_.stop ==                                                          \
                  (result_.evaluations ? GRADUS_FAIL_EVALUATION : GRADUS_FAIL_REFUSED));   \
    } while (0)

START_TEST(mistakes_are_named) {
    books_t books = {0};
    const gradus_function function = function_of(&books);
    gradus_function broken = function;
    double x[N];
    memcpy(x, START, sizeof x);
    refuses(NULL, x, NULL, NULL, "the function is NULL");
    refuses(&function, NULL, NULL, NULL, "x is NULL");
    broken.evaluate = NULL;
    refuses(&broken, x, NULL, NULL, "evaluate is NULL");
    broken = function, broken.dimension = 0;
    refuses(&broken, x, NULL, NULL, "the function has no parameters");
    broken = function, broken.hessian = NULL, broken.product = NULL;
    refuses(&broken, x, "newton", NULL, "newton needs a dense Hessian");
    refuses(&broken, x, "newton_cg", NULL, "newton_cg needs Hessian-vector products");
    refuses(&function, x, "lbgfs", NULL, "did you mean 'lbfgs'?");
    refuses(&function, x, "lbfgs:memory=0", NULL, "memory=0");
    refuses(&function, x, "lbfgs", "update=5", "did you mean 'updates'?");
    refuses(&function, x, "prong", NULL, "layer view");
    ck_assert_int_eq(gradus_minimize(&function, x, NULL, NULL, NULL), GRADUS_EINPUT);
    ck_assert_mem_eq(x, START, sizeof x);
    ck_assert_uint_eq(books.calls, 0);
    /* A value that is never set is not what was there before, and is named.  */
    gradus_minimum result;
    broken = function, broken.evaluate = forgetful;
    refuses(&broken, x, NULL, NULL, "evaluate did not write value at call 1");
    x[1] = NAN;
    assert_ok(gradus_minimize(&function, x, NULL, NULL, &result));
    ck_assert_int_eq(result.stop, GRADUS_FAIL_START);
}
END_TEST

/* ---- Threads ---- */

enum { LARGE = 20000, CALLERS = 4 };

typedef struct {
    const char *method;
    double x[LARGE], shift;
    gradus_minimum result;
} job_t;

/* Chained, but with its valley elsewhere for every caller.  */
static int shifted(void *context, size_t n, const double x[], double *value,
                   double gradient[]) {
    const job_t *job = context;
    *value = 0.0;
    memset(gradient, 0, n * sizeof *gradient);
    for (size_t i = 0; i + 1 < n; i += 2) {
        double a = x[i + 1] - x[i] * x[i], b = job->shift - x[i];
        *value += 100.0 * a * a + b * b;
        gradient[i] = -400.0 * a * x[i] - 2.0 * b;
        gradient[i + 1] = 200.0 * a;
    }
    return 0;
}

static void *work(void *context) {
    job_t *job = context;
    const gradus_function function = {
        .dimension = LARGE, .evaluate = shifted, .context = job, .threads = 2};
    for (size_t i = 0; i < LARGE; i++)
        job->x[i] = noise(i);
    gradus_minimize(&function, job->x, job->method, "updates=15", &job->result);
    return NULL;
}

static job_t alone[CALLERS], together[CALLERS];

/* Several minimizations at once, of different methods, are what they are one by one.  */
START_TEST(callers_do_not_meet) {
    static const char *const methods[CALLERS] = {"lbfgs", "nonlinear_cg", "adam", "lbfgs"};
    pthread_t threads[CALLERS];
    for (size_t i = 0; i < CALLERS; i++) {
        alone[i] = together[i] =
            (job_t){.method = methods[i], .shift = 1.0 + 0.1 * (double)i};
        work(&alone[i]);
    }
    for (size_t i = 0; i < CALLERS; i++)
        assert_ok(pthread_create(&threads[i], NULL, work, &together[i]));
    for (size_t i = 0; i < CALLERS; i++)
        assert_ok(pthread_join(threads[i], NULL));
    for (size_t i = 0; i < CALLERS; i++) {
        ck_assert_int_eq(alone[i].result.error, GRADUS_OK);
        ck_assert_uint_gt(alone[i].result.updates, 3);
        ck_assert_mem_eq(alone[i].x, together[i].x, sizeof alone[i].x);
        ck_assert(same_bits(alone[i].result.value, together[i].result.value));
        ck_assert_uint_eq(alone[i].result.evaluations, together[i].result.evaluations);
    }
    ck_assert(!same_bits(alone[0].result.value, alone[3].result.value));
}
END_TEST

TEST_MAIN("minimize", minimum_is_found, best_point_is_returned, same_as_step_by_step,
          far_above_the_best, caller_may_stop_it, error_code_passes_through,
          not_finite_ends, wrong_gradient_ends, codes_of_products_pass_through,
          mistakes_are_named, callers_do_not_meet)
