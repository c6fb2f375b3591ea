/* Gradus's methods on the problems of toms566_case.h, at their defaults, each until it can do no
   more.

     toms566_gradus  */

#include "toms566_case.h"

static const char *const methods[] = {"lbfgs", "bfgs", "nonlinear_cg"};

static size_t get_dimension(const void *self) {
    return ((const bench_case *)self)->dimension;
}

static gradus_err evaluate(void *self, const gradus_batch *batch, const double x[],
                           double *value, double gradient[]) {
    (void)batch;
    double f = bench_value(self, x, gradient);
    if (value)
        *value = f;
    return GRADUS_OK;
}

static const gradus_problem_type counted = {
    .name = "counted", .dimension = get_dimension, .evaluate = evaluate};

static double solve(bench_case *c, double x[]) {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    char options[64];
    snprintf(options, sizeof options, "gradient_tolerance=0,evaluations=%d",
             BENCH_EVALUATIONS);
    if (gradus_problem_wrap(&problem, &counted, c, 1, NULL) ||
        gradus_method_create(&method, c->contender + strlen("gradus-"), NULL) ||
        gradus_run_open(&run, problem, method, c->start, options, NULL))
        exit(3);
    while (gradus_run_test(run) == GRADUS_RUNNING)
        if (gradus_run_step(run, NULL))
            exit(3);
    gradus_row row;
    if (gradus_run_measure(run, true, &row, NULL))
        exit(3);
    memcpy(x, gradus_run_parameters(run), c->dimension * sizeof *x);
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    return row.train_value;
}

int main(void) {
    int status = 0;
    for (size_t m = 0; m < sizeof methods / sizeof *methods && !status; m++) {
        char name[32];
        snprintf(name, sizeof name, "gradus-%s", methods[m]);
        status = bench_all(name, solve);
    }
    return status;
}
