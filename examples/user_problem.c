/* A problem of one's own, with data and Hessian-vector products, one update at a time.

   Logistic regression with EXAMPLES examples of FEATURES features and labels +1 and -1:

     f(w) = mean over examples i of log(1 + exp(-y_i x_i'w)) + l2/2 |w|^2

   A problem that says what it is over a part of its examples can be used by every method of
   the library, whole or in mini-batches.

       cc user_problem.c $(pkg-config --cflags --libs gradus) -lm && ./a.out  */

#include <gradus.h>
#include <math.h>
#include <stdio.h>

enum { EXAMPLES = 200, FEATURES = 3 };

typedef struct {
    double x[EXAMPLES][FEATURES], y[EXAMPLES], l2;
} fit_t;

static size_t dimension(const void *self) {
    (void)self;
    return FEATURES;
}

static size_t examples(const void *self) {
    (void)self;
    return EXAMPLES;
}

static double dot(const double a[], const double b[]) {
    double sum = 0.0;
    for (size_t j = 0; j < FEATURES; j++)
        sum += a[j] * b[j];
    return sum;
}

/* The row of the data that is example I of a batch.  */
static size_t row_of(const gradus_batch *batch, size_t i) {
    return batch->rows ? batch->rows[i] : i;
}

static gradus_err evaluate(void *self, const gradus_batch *batch, const double w[],
                           double *value, double gradient[]) {
    const fit_t *fit = self;
    double sum = 0.0, g[FEATURES] = {0};
    for (size_t i = 0; i < batch->count; i++) {
        size_t row = row_of(batch, i);
        double margin = fit->y[row] * dot(fit->x[row], w);
        double part = exp(-fabs(margin)); /* cannot overflow */
        sum += log1p(part) + fmax(-margin, 0.0);
        double slope = -fit->y[row] * (margin > 0.0 ? part : 1.0) / (1.0 + part);
        for (size_t j = 0; j < FEATURES; j++)
            g[j] += slope * fit->x[row][j];
    }
    if (value)
        *value = sum / (double)batch->count + 0.5 * fit->l2 * dot(w, w);
    for (size_t j = 0; gradient && j < FEATURES; j++)
        gradient[j] = g[j] / (double)batch->count + fit->l2 * w[j];
    return GRADUS_OK;
}

static gradus_err product(void *self, const gradus_batch *batch, const double w[],
                          const double v[], double result[]) {
    const fit_t *fit = self;
    double sum[FEATURES] = {0};
    for (size_t i = 0; i < batch->count; i++) {
        const double *x = fit->x[row_of(batch, i)];
        double part = exp(-fabs(dot(x, w)));
        double curvature = part / ((1.0 + part) * (1.0 + part));
        for (size_t j = 0; j < FEATURES; j++)
            sum[j] += curvature * dot(x, v) * x[j];
    }
    for (size_t j = 0; j < FEATURES; j++)
        result[j] = sum[j] / (double)batch->count + fit->l2 * v[j];
    return GRADUS_OK;
}

static const gradus_problem_type fit_type = {
    .name = "fit",
    .dimension = dimension,
    .examples = examples,
    .evaluate = evaluate,
    .product = product,
};

/* Two overlapping clouds, the same on every machine.  */
static void make_data(fit_t *fit) {
    unsigned state = 1;
    for (size_t i = 0; i < EXAMPLES; i++) {
        fit->y[i] = i % 2 ? 1.0 : -1.0;
        for (size_t j = 0; j < FEATURES; j++) {
            state = state * 1664525u + 1013904223u;
            fit->x[i][j] = (state >> 16) / 32768.0 - 1.0 + 0.3 * fit->y[i] * (j + 1.0);
        }
    }
}

static gradus_err solve(gradus_problem *problem, const char *spec, const char *options,
                        gradus_error *why) {
    static const double start[FEATURES] = {0.0};
    gradus_method *method = NULL;
    gradus_run *run = NULL;
    gradus_row row;
    gradus_err err = gradus_method_create(&method, spec, why);
    if (!err)
        err = gradus_run_open(&run, problem, method, start, options, why);
    printf("%s\n", spec);
    while (!err) {
        err = gradus_run_measure(run, true, &row, why);
        if (!err && gradus_run_due(run))
            printf("  update %3zu  value %.6f\n", row.update, row.train_value);
        if (err || gradus_run_test(run) != GRADUS_RUNNING)
            break;
        err = gradus_run_step(run, why);
    }
    if (!err)
        printf("  %s\n", gradus_stop_text(gradus_run_stop(run)));
    gradus_run_close(run);
    gradus_method_close(method);
    return err;
}

int main(void) {
    static fit_t fit = {.l2 = 1e-3};
    gradus_problem *problem = NULL;
    gradus_error why;
    make_data(&fit);
    gradus_err err = GRADUS_CHECK_VERSION(&why);
    if (!err)
        err = gradus_problem_wrap(&problem, &fit_type, &fit, 1, &why);
    if (!err)
        err = solve(problem, "newton_cg", "gradient_tolerance=1e-6", &why);
    if (!err)
        err = solve(problem, "adam:learning_rate=0.1",
                    "batch=20,updates=100,measure_every=50", &why);
    if (err)
        printf("%s\n", why.text);
    gradus_problem_close(problem);
    return err != GRADUS_OK;
}
