/* What a run costs beside the evaluations: harness, recording and memory.

     harness_cost PROBLEM

   Drives 60 updates of gradient descent and writes their trace.  In full batch every
   evaluation serves the measurement and the next update, so that all CPU time which is
   neither an evaluation nor on the test data is the harness's.  */

#include "core/clock.h"
#include "core/problem.h"
#include "harness/run/drive.h"
#include "harness/run/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static gradus_problem_type timed_type;       /* the problem's, with timed evaluations */
static const gradus_problem_type *real_type; /* the problem's */
static double evaluation_seconds;

static gradus_err timed_evaluate(void *self, const gradus_batch *batch, const double x[],
                                 double *value, double gradient[]) {
    double before = gradus_times_now().cpu;
    gradus_err err = real_type->evaluate(self, batch, x, value, gradient);
    evaluation_seconds += gradus_times_now().cpu - before;
    return err;
}

static gradus_err timed_measure(void *self, gradus_subset subset, size_t count,
                                const double x[], gradus_metrics *out) {
    double before = gradus_times_now().cpu;
    gradus_err err = real_type->measure(self, subset, count, x, out);
    evaluation_seconds += gradus_times_now().cpu - before;
    return err;
}

static gradus_err write_row(void *context, const gradus_row *row, gradus_error *why) {
    (void)why;
    gradus_trace_row(context, row, NULL, 0);
    return GRADUS_OK;
}

static long peak_kilobytes(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

int main(int argc, char **argv) {
    gradus_problem *problem = NULL;
    gradus_method *method = NULL;
    gradus_run *run = NULL;
    gradus_row last;
    gradus_error why;
    if (argc < 2 || gradus_problem_create(&problem, argv[1], 1, &why) ||
        gradus_method_create(&method, "sgd:learning_rate=0.1,momentum=0.9", &why)) {
        fprintf(stderr, "harness_cost: %s\n", argc < 2 ? "expected a problem" : why.text);
        return 2;
    }
    real_type = problem->type;
    timed_type = *real_type;
    timed_type.evaluate = timed_evaluate;
    timed_type.measure = timed_measure;
    problem->type = &timed_type;
    FILE *trace = tmpfile();
    double before = gradus_times_now().cpu;
    if (!trace || gradus_run_open(&run, problem, method, NULL, "updates=60", &why) ||
        gradus_drive(run, NULL, write_row, NULL, trace, &last, &why)) {
        fprintf(stderr, "harness_cost: %s\n", trace ? why.text : "no temporary file");
        return 3;
    }
    double all = gradus_times_now().cpu - before, phases = 0.0;
    for (int i = 0; i < GRADUS_PHASES; i++)
        phases += last.phase_seconds[i];
    double data = 70000.0 * 784.0, peak = 1024.0 * (double)peak_kilobytes();
    printf("Harness, recording and method: %.3f %% of the CPU (to reach: 1)\n",
           100.0 * (all - evaluation_seconds) / all);
    printf("Phases against the total: off by %.4f %% (to reach: 1)\n",
           100.0 * fabs(phases - last.cpu_seconds) / last.cpu_seconds);
    printf("Peak memory: %.1f MB, data %.1f MB (to reach: %.1f)\n", peak / 1e6, data / 1e6,
           (1.1 * data + 64e6) / 1e6);
    fclose(trace);
    problem->type = real_type;
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    return 0;
}
