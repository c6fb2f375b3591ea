/* A method of one's own, with a parameter, on a problem of the library and against a method of
   the library.

   Gradient descent whose rate follows from the last step s and change of gradient y:

     x <- x - rate g,   rate = s's / s'y

   Barzilai and Borwein, "Two-point step size gradient methods", IMA Journal of Numerical
   Analysis 8(1), 1988.  */

#include <gradus.h>
#include <stdio.h>

typedef struct {
    double first_rate;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, first_rate), .initial = 1e-3, .minimum = 0, .maximum = 1e6,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG, .help = "Rate of the first update."},
    {0}};

typedef struct {
    size_t n;
    double rate;
    double *g, *x, *next; /* n each: the last gradient and point; the gradient now */
} descent_t;

/* What lasts from one update to the next has a name, and goes into checkpoints.  */
static gradus_err descent_open(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    descent_t *d = self;
    (void)why;
    d->n = gradus_oracle_dimension(oracle);
    d->rate = -((const params_t *)values)->first_rate; /* negative: no update yet */
    d->g = gradus_state_vector(state, "gradient", d->n);
    d->x = gradus_state_vector(state, "point", d->n);
    d->next = gradus_state_scratch(state, d->n, sizeof *d->next);
    gradus_state_keep_real(state, "rate", &d->rate);
    return GRADUS_OK;
}

/* The last rate again where the curvature along the step is not positive.  */
static double find_rate(const descent_t *d, const double x[]) {
    double ss = 0.0, sy = 0.0;
    if (d->rate < 0.0)
        return -d->rate;
    for (size_t i = 0; i < d->n; i++) {
        double s = x[i] - d->x[i];
        ss += s * s;
        sy += s * (d->next[i] - d->g[i]);
    }
    return sy > 0.0 ? ss / sy : d->rate;
}

static gradus_err descent_step(void *self, gradus_oracle *oracle, double x[],
                               gradus_report *report) {
    descent_t *d = self;
    gradus_err err = gradus_oracle_gradient(oracle, x, NULL, d->next);
    if (err)
        return err;
    d->rate = report->learning_rate = find_rate(d, x);
    for (size_t i = 0; i < d->n; i++) {
        d->x[i] = x[i];
        d->g[i] = d->next[i];
        x[i] -= d->rate * d->g[i];
    }
    return GRADUS_OK;
}

static const gradus_method_type descent_type = {
    .name = "two_point",
    .brief = "gradient descent at the rate of Barzilai and Borwein",
    .size = sizeof(descent_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = descent_open,
    .step = descent_step,
};

/* Runs and closes METHOD.  */
static gradus_err race(gradus_problem *problem, gradus_method *method, gradus_error *why) {
    gradus_run *run = NULL;
    gradus_row row;
    gradus_err err =
        gradus_run_open(&run, problem, method, NULL, "passes=200,target=1e-9", why);
    while (!err && gradus_run_test(run) == GRADUS_RUNNING)
        err = gradus_run_step(run, why);
    if (!err)
        err = gradus_run_measure(run, true, &row, why);
    if (!err)
        printf("%s: %s, %s %.0e\n", gradus_method_get_type(method)->name,
               gradus_stop_text(gradus_run_stop(run)),
               row.train_value <= 1e-9 ? "at most" : "above", 1e-9);
    if (!err)
        printf("%zu updates, %zu evaluations\n", row.update, row.gradient_evaluations);
    gradus_run_close(run);
    gradus_method_close(method);
    return err;
}

int main(void) {
    gradus_problem *problem = NULL;
    gradus_method *mine, *theirs;
    gradus_error why;
    gradus_err err =
        gradus_problem_create(&problem, "quadratic:dimension=50,condition=30", 1, &why);
    if (!err)
        err = gradus_method_open(&mine, &descent_type, "first_rate=0.01", &why);
    if (!err)
        err = race(problem, mine, &why);
    if (!err)
        err = gradus_method_create(&theirs, "lbfgs", &why);
    if (!err)
        err = race(problem, theirs, &why);
    if (err)
        printf("%s\n", why.text);
    gradus_problem_close(problem);
    return err != GRADUS_OK;
}
