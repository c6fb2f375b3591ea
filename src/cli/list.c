/* gradus list: what there is.  */

#include "cli/command.h"
#include "data/dataset.h"

#include <stdio.h>
#include <string.h>

static void print_line(const char *name, const char *brief) {
    printf("  %-18s %s\n", name, brief);
}

static void list_methods(void) {
    for (size_t i = 0; gradus_method_types[i]; i++)
        print_line(gradus_method_types[i]->name, gradus_method_types[i]->brief);
}

static void list_problems(void) {
    for (size_t i = 0; gradus_problem_types[i]; i++)
        print_line(gradus_problem_types[i]->name, gradus_problem_types[i]->brief);
}

static void list_data(void) {
    for (const gradus_dataset_name *one = gradus_dataset_names; one->name; one++)
        print_line(one->name, one->what);
}

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    static const struct {
        const char *name;
        void (*list)(void);
    } kinds[] = {
        {"methods", list_methods}, {"problems", list_problems}, {"data", list_data}};
    const char *wanted = call->operand_count ? call->operands[0] : NULL;
    bool found = false;
    (void)status;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (wanted && strcmp(wanted, kinds[i].name) != 0)
            continue;
        if (!wanted)
            printf("%s:\n", kinds[i].name);
        kinds[i].list();
        found = true;
    }
    return found ? GRADUS_OK
                 : gradus_fail(why, GRADUS_EINPUT,
                               "list: '%s': expected methods, problems or data", wanted);
}

const gradus_command gradus_command_list = {
    .name = "list",
    .brief = "List methods, problems and data, or one of the three",
    .operands = "[methods|problems|data]",
    .most_operands = 1,
    .act = act,
};
