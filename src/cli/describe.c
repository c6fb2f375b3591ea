/* gradus describe: one method, one problem, or the options of a run.  */

#include "base/text.h"
#include "cli/command.h"
#include "cli/print.h"
#include "core/run.h"

#include <string.h>

static const char RUN[] = "run";

static void print_head(const char *kind, const char *name, const char *brief,
                       const char *formula, const char *citation) {
    printf("%s (%s): %s\n", name, kind, brief);
    if (formula)
        printf("\n  %s\n", formula);
    if (citation)
        printf("\n  %s.\n", citation);
}

static gradus_err print_table(const gradus_param *table, size_t size, gradus_error *why) {
    puts(table && table->name ? "\nParameters:" : "\nNo parameters.");
    return gradus_print_params(stdout, table, size, why);
}

static gradus_err describe_method(const gradus_method_type *type, gradus_error *why) {
    char needs[128];
    print_head("method", type->name, type->brief, type->formula, type->citation);
    if (type->notes)
        printf("\n  %s\n", type->notes);
    if (type->needs)
        printf("\n  Needs: %s.\n", gradus_abilities_text(type->needs, needs, sizeof needs));
    return print_table(type->params, type->params_size, why);
}

static gradus_err describe_problem(const gradus_problem_type *type, gradus_error *why) {
    print_head("problem", type->name, type->brief, type->formula, type->citation);
    return print_table(type->params, type->params_size, why);
}

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const char *name = call->operands[0];
    gradus_nearest nearest = gradus_nearest_to(name);
    (void)status;
    for (size_t i = 0; gradus_method_types[i]; i++) {
        if (strcmp(gradus_method_types[i]->name, name) == 0)
            return describe_method(gradus_method_types[i], why);
        gradus_nearest_try(&nearest, gradus_method_types[i]->name);
    }
    for (size_t i = 0; gradus_problem_types[i]; i++) {
        if (strcmp(gradus_problem_types[i]->name, name) == 0)
            return describe_problem(gradus_problem_types[i], why);
        gradus_nearest_try(&nearest, gradus_problem_types[i]->name);
    }
    if (strcmp(name, RUN) == 0)
        return print_table(gradus_run_params, gradus_run_params_size, why);
    gradus_nearest_try(&nearest, RUN);
    char hint[128];
    return gradus_fail(why, GRADUS_EINPUT, "there is no method or problem '%s'%s", name,
                       gradus_nearest_hint(&nearest, hint, sizeof hint));
}

const gradus_command gradus_command_describe = {
    .name = "describe",
    .brief = "Describe a method or a problem: formula, citation, parameters; `run` is the "
             "options of every run",
    .operands = "NAME",
    .least_operands = 1,
    .most_operands = 1,
    .act = act,
};
