/* gradus check: are the derivatives of a problem the derivatives of its values, and are the
   products and factors of the bound BLAS and LAPACK right?  */

#include "base/memory.h"
#include "cli/command.h"
#include "cli/point.h"
#include "harness/measure/blas_check.h"
#include "harness/measure/derivatives.h"
#include "harness/run/provenance.h"
#include "linalg/blas.h"
#include "linalg/processor.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

typedef struct {
    char *problem, *start;
    long seed, threads, blas;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, problem), .unset = "none",
     .help = "The problem, name:key=value,key=value."},
    {GRADUS_FIELD(params_t, start), .text = "default",
     .help = "The check is made near this point: " GRADUS_POINT_HELP},
    {GRADUS_FIELD(params_t, seed), .initial = 1, .minimum = 0,
     .maximum = 9007199254740992.0, .help = "Seed of the point and the directions."},
    {GRADUS_FIELD(params_t, threads), .initial = 1, .minimum = 1, .maximum = 1024,
     .help = "Threads; the results do not depend on it."},
    {GRADUS_FIELD(params_t, blas), .choices = "no|yes",
     .help = "Check the bound BLAS and LAPACK in place of a problem."},
    {0}};

static void print_steps(const gradus_derivatives *d) {
    printf("%10s", "h");
    for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++)
        if (d->taylor[i].made)
            printf("  %25s", d->taylor[i].name);
    putchar('\n');
    for (int k = 0; k < GRADUS_TAYLOR_STEPS; k++) {
        printf("%10.2e", d->h[k]);
        for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++)
            if (d->taylor[i].made)
                printf("  %25.3e", d->taylor[i].remainder[k]);
        putchar('\n');
    }
    putchar('\n');
}

static const char *verdict(bool ok) { return ok ? "right" : "WRONG"; }

static void print_verdicts(const gradus_derivatives *d) {
    for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++) {
        const gradus_taylor *taylor = &d->taylor[i];
        if (!taylor->made)
            continue;
        if (isnan(taylor->order))
            printf("%-28s %s: %s\n", taylor->name, verdict(taylor->ok),
                   taylor->ok ? "the remainder is rounding" : "it is not finite");
        else
            printf("%-28s %s: order %.2f, expected %d\n", taylor->name, verdict(taylor->ok),
                   taylor->order, taylor->expected);
    }
    if (!isnan(d->symmetry))
        printf("%-28s %s: relative error %.1e\n", "symmetry of the product",
               verdict(d->symmetry <= d->tolerance), d->symmetry);
    if (!isnan(d->dense))
        printf("%-28s %s: relative error %.1e\n", "dense Hessian",
               verdict(d->dense <= d->tolerance), d->dense);
}

/* ---- BLAS and LAPACK ---- */

static gradus_err check_blas(gradus_error *why) {
    char path[PATH_MAX];
    gradus_blas_report report;
    const gradus_blas_callers callers = gradus_blas_bound();
    gradus_err err = gradus_vectors_check(why);
    if (!err)
        err = gradus_blas_single_thread(why);
    if (!err)
        err = gradus_blas_examine(&report, &callers, false, why);
    if (err)
        return err;
    printf("BLAS     %s\n", gradus_provider("cblas_dgemm", path, sizeof path));
    printf("LAPACK   %s\n", gradus_provider("dsyevd_", path, sizeof path));
    printf("core     %s\nvectors  %s\n\n", gradus_blas_core(), gradus_vectors());
    printf("%-14s  %7s  %11s  %-9s  %s\n", "function", "cases", "error/bound", "verdict",
           "worst at");
    for (int i = 0; i < GRADUS_BLAS_FUNCTIONS; i++) {
        const gradus_blas_row *row = &report.rows[i];
        printf("%-14s  %7zu  %11.3g  %-9s  %s\n", row->name, row->cases, row->worst,
               verdict(gradus_blas_right(row)), row->shape);
    }
    return gradus_blas_judge(&report, why);
}

/* One of both is asked for; a point is a problem's.  */
static gradus_err check_call(const params_t *p, gradus_error *why) {
    if (!p->blas && !p->problem)
        return gradus_fail(why, GRADUS_EINPUT,
                           "check: --problem is missing; give it, or --blas");
    if (p->blas && p->problem)
        return gradus_fail(why, GRADUS_EINPUT,
                           "check: --blas is without a problem; leave --problem out");
    return GRADUS_OK;
}

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const params_t *p = call->own.values;
    gradus_err wrong = check_call(p, why);
    if (wrong || p->blas)
        return wrong ? wrong : check_blas(why);
    gradus_problem *problem = NULL;
    double *start = NULL;
    gradus_derivatives result;
    gradus_err err = gradus_problem_create(&problem, p->problem, (size_t)p->threads, why);
    if (!err)
        err = gradus_point_read(&start, p->start, problem, (uint64_t)p->seed, why);
    if (!err)
        err = gradus_derivatives_check(&result, problem, start, (uint64_t)p->seed, why);
    if (!err) {
        print_steps(&result);
        print_verdicts(&result);
        if (!result.ok) {
            *status = GRADUS_EXIT_FAILED;
            gradus_fail(why, GRADUS_OK, "%s: a derivative is wrong", p->problem);
        }
    }
    gradus_free(start);
    gradus_problem_close(problem);
    return err;
}

const gradus_command gradus_command_check = {
    .name = "check",
    .brief = "Check the derivatives of a problem by Taylor remainders, with the observed "
             "order, or the bound BLAS and LAPACK",
    .notes = "At a random point near the start, along random directions, each remainder "
             "must fall with the step h to the expected power until it drowns in rounding; "
             "a wrong derivative leaves a term of a lower power.\n\n"
             "With --blas: every function of BLAS and LAPACK that Gradus calls, over shapes "
             "that reach each of its kernels, against sums in higher precision and against "
             "identities; the errors are in units of what rounding allows, and a wrong one "
             "is a failure of the system.  A race makes a quick form of it first.",
    .params = params,
    .params_size = sizeof(params_t),
    .act = act,
};
