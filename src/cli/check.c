/* gradus check: are the derivatives of a problem the derivatives of its values?  */

#include "base/memory.h"
#include "cli/command.h"
#include "cli/point.h"
#include "harness/measure/derivatives.h"

#include <math.h>
#include <stdio.h>

typedef struct {
    char *problem, *start;
    long seed, threads;
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

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const params_t *p = call->own.values;
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
             "order",
    .notes = "At a random point near the start, along random directions, each remainder "
             "must fall with the step h to the expected power until it drowns in rounding; "
             "a wrong derivative leaves a term of a lower power.",
    .params = params,
    .params_size = sizeof(params_t),
    .required = 1,
    .act = act,
};
