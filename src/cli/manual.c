/* gradus manual: the reference, in Markdown.  The prose stands in manual.md; a name between
   two @ there stands for what a function here prints from the tables that drive the program,
   and @@ for a @.  doc/manual.md is the output.  */

#include "cli/manual.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/print.h"
#include "core/run.h"
#include "data/dataset.h"
#include "harness/language/claim_language.h"
#include "harness/measure/measured_layers.h"
#include "harness/measure/measurement.h"
#include "harness/run/trace.h"

#include <stdio.h>
#include <string.h>

/* ---- Pieces ---- */

/* TEXT in a cell of a table, where a bar would end the cell.  */
static void print_cell(const char *text) {
    for (; *text; text++)
        printf(*text == '|' ? "\\|" : "%c", *text);
}

/* One row as far as its default goes; REQUIRED: it has none.  */
static void print_default(const gradus_settings *defaults, const gradus_param *row,
                          bool required) {
    char value[GRADUS_VALUE_SIZE], range[256];
    if (required) {
        fputs(" | required | text", stdout);
        return;
    }
    fputs(" | `", stdout);
    print_cell(gradus_settings_print(defaults, row, value));
    fputs("` | ", stdout);
    print_cell(gradus_param_range(row, range, sizeof range));
}

static gradus_err print_options(const gradus_param *table, size_t size, size_t required,
                                gradus_error *why) {
    if (!table)
        return GRADUS_OK;
    char name[GRADUS_OPTION_SIZE];
    puts("| option | default | takes | meaning |\n|---|---|---|---|");
    gradus_settings defaults;
    gradus_err err = gradus_settings_open(&defaults, "the manual", table, size, why);
    for (const gradus_param *row = table; !err && row->name; row++) {
        printf("| `--%s`", gradus_option_name(row, name));
        print_default(&defaults, row, row < table + required);
        fputs(" | ", stdout);
        print_cell(row->help);
        puts(" |");
    }
    gradus_settings_close(&defaults);
    return err;
}

static gradus_err print_params(const gradus_param *table, size_t size, gradus_error *why) {
    if (!table || !table->name)
        return GRADUS_OK;
    char grid[128];
    putchar('\n');
    puts("| parameter | default | takes | tuned over | meaning |\n|---|---|---|---|---|");
    gradus_settings defaults;
    gradus_err err = gradus_settings_open(&defaults, "the manual", table, size, why);
    for (const gradus_param *row = table; !err && row->name; row++) {
        printf("| `%s`", row->name);
        print_default(&defaults, row, false);
        printf(" | %s | ", gradus_grid_text(row, grid, sizeof grid));
        print_cell(row->help);
        puts(" |");
    }
    gradus_settings_close(&defaults);
    return err;
}

static void print_head(const char *name, const char *brief, const char *formula,
                       const char *citation) {
    printf("### %s\n\n%s.\n", name, brief);
    if (formula)
        printf("\n    %s\n", formula);
    if (citation)
        printf("\n%s.\n", citation);
}

/* ---- What stands between two @ ---- */

static gradus_err print_commands(gradus_error *why) {
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && gradus_commands[i]; i++) {
        const gradus_command *command = gradus_commands[i];
        printf("%s### gradus %s\n\n    ", i > 0 ? "\n" : "", command->name);
        gradus_print_usage(stdout, command);
        printf("\n%s.\n", command->brief);
        if (command->notes)
            printf("\n%s\n", command->notes);
        if (command->takes_run)
            puts("\nThe options of a run (below) are options of this command too.");
        if (command->params)
            putchar('\n');
        err = print_options(command->params, command->params_size, command->required, why);
    }
    return err;
}

static gradus_err print_run(gradus_error *why) {
    return print_options(gradus_run_params, gradus_run_params_size, 0, why);
}

static gradus_err print_endings(gradus_error *why) {
    (void)why;
    puts("| status | meaning |\n|---|---|");
#define EXIT_ROW(name, code, text) printf("| %d | %s |\n", code, text);
    GRADUS_EXIT_LIST(EXIT_ROW)
    return GRADUS_OK;
}

static gradus_err print_reasons(gradus_error *why) {
    (void)why;
    puts("| `status` | exit | `reason` |\n|---|---|---|");
#define STOP_ROW(name, code, word, text)                                                   \
    if (code != GRADUS_RUNNING)                                                            \
        printf("| `%s` | %d | %s |\n", word,                                               \
               code < 0 ? GRADUS_EXIT_FAILED : GRADUS_EXIT_DONE, text);
    GRADUS_STOP_LIST(STOP_ROW)
    return GRADUS_OK;
}

static gradus_err print_columns(gradus_error *why) {
    const char *name, *help;
    (void)why;
    puts("| column | meaning |\n|---|---|");
    for (size_t i = 0; (name = gradus_trace_column(i, &help)); i++)
        printf("| `%s` | %s |\n", name, help);
    return GRADUS_OK;
}

static gradus_err print_measurements(gradus_error *why) {
    (void)why;
    puts("| name | columns | meaning |\n|---|---|---|");
    for (const gradus_measurement *m = gradus_measurements; m->name; m++) {
        printf(m->columns != GRADUS_ONE_COLUMN ? "| `%s` | `%s1`, `%s2`, ... |"
                                               : "| `%s` | `%s` |",
               m->name, m->column, m->column);
        printf(" %s%s |\n", m->help, m->for_full_batch ? " In full batch only." : "");
    }
    return GRADUS_OK;
}

static gradus_err print_claim_functions(gradus_error *why) {
    const char *spelling, *help;
    (void)why;
    puts("| function | what it is |\n|---|---|");
    for (size_t i = 0; (spelling = gradus_claim_function(i, &help)); i++)
        printf("| `%s` | %s |\n", spelling, help);
    return GRADUS_OK;
}

static gradus_err print_plain_functions(gradus_error *why) {
    (void)why;
    for (size_t i = 0; gradus_plain_function(i + 1); i++)
        printf("%s`%s`", i > 0 ? ", " : "", gradus_plain_function(i));
    return GRADUS_OK;
}

static gradus_err print_methods(gradus_error *why) {
    gradus_err err = GRADUS_OK;
    char needs[128];
    for (size_t i = 0; !err && gradus_method_types[i]; i++) {
        const gradus_method_type *type = gradus_method_types[i];
        if (i > 0)
            putchar('\n');
        print_head(type->name, type->brief, type->formula, type->citation);
        if (type->notes)
            printf("\n%s\n", type->notes);
        if (type->needs)
            printf("\nNeeds: %s.\n",
                   gradus_abilities_text(type->needs, needs, sizeof needs));
        err = print_params(type->params, type->params_size, why);
    }
    return err;
}

static gradus_err print_problems(gradus_error *why) {
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && gradus_problem_types[i]; i++) {
        const gradus_problem_type *type = gradus_problem_types[i];
        if (i > 0)
            putchar('\n');
        print_head(type->name, type->brief, type->formula, type->citation);
        err = print_params(type->params, type->params_size, why);
    }
    return err;
}

static gradus_err print_data(gradus_error *why) {
    (void)why;
    puts("| name | what it is |\n|---|---|");
    for (const gradus_dataset_name *one = gradus_dataset_names; one->name; one++)
        printf("| `%s` | %s |\n", one->name, one->what);
    return GRADUS_OK;
}

#define PRINT_NUMBER(name, format, number)                                                 \
    static gradus_err print_##name(gradus_error *why) {                                    \
        (void)why;                                                                         \
        printf(format, number);                                                            \
        return GRADUS_OK;                                                                  \
    }
PRINT_NUMBER(coordinates, "%d", GRADUS_COORDINATES)
PRINT_NUMBER(measured_examples, "%d", GRADUS_MEASURED_EXAMPLES)
PRINT_NUMBER(measured_parameters, "%d", GRADUS_MEASURED_PARAMETERS)
PRINT_NUMBER(measured_epsilon, "%g", GRADUS_MEASURED_EPSILON)
PRINT_NUMBER(arguments, "%d", GRADUS_ARGUMENTS)

static const struct {
    const char *name;
    gradus_err (*print)(gradus_error *why);
    bool line; /* stands on a line of its own, and prints whole lines */
} insertions[] = {
    {"commands", print_commands, true},
    {"options of a run", print_run, true},
    {"exit statuses", print_endings, true},
    {"reasons", print_reasons, true},
    {"columns", print_columns, true},
    {"measurements", print_measurements, true},
    {"claim functions", print_claim_functions, true},
    {"plain functions", print_plain_functions, false},
    {"arguments", print_arguments, false},
    {"coordinates", print_coordinates, false},
    {"measured examples", print_measured_examples, false},
    {"measured parameters", print_measured_parameters, false},
    {"measured epsilon", print_measured_epsilon, false},
    {"methods", print_methods, true},
    {"problems", print_problems, true},
    {"data", print_data, true},
};
enum { INSERTIONS = sizeof insertions / sizeof *insertions };

/* ---- The whole ---- */

static const char prose[] =
#include "cli/manual.md.inc"
    ;

/* Prints what the name at *AT stands for, and moves *AT past the @ that ends it.  */
static gradus_err insert(const char **at, gradus_error *why) {
    const char *end = strchr(*at, '@');
    if (end == *at) {
        putchar(*(*at)++);
        return GRADUS_OK;
    }
    for (size_t i = 0; end && i < INSERTIONS; i++)
        if (strlen(insertions[i].name) == (size_t)(end - *at) &&
            strncmp(insertions[i].name, *at, (size_t)(end - *at)) == 0) {
            *at = end + 1 + insertions[i].line; /* the line's own end is printed already */
            return insertions[i].print(why);
        }
    return gradus_fail(why, GRADUS_EINPUT, "the manual has nothing called '%.20s'", *at);
}

static gradus_err print_markdown(gradus_error *why) {
    gradus_err err = GRADUS_OK;
    for (const char *at = prose; !err && *at;) {
        size_t plain = strcspn(at, "@");
        fwrite(at, 1, plain, stdout);
        at += plain;
        if (*at == '@') {
            at++;
            err = insert(&at, why);
        }
    }
    return err;
}

typedef struct {
    long format;
} params_t;
enum { MARKDOWN, MAN, BASH };

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, format), .choices = "markdown|man|bash",
     .help =
         "The reference, the page for man, or what makes bash complete names and keys."},
    {0}};

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const params_t *p = call->own.values;
    (void)status;
    if (p->format == MAN)
        return gradus_manual_page(why);
    if (p->format == MARKDOWN)
        return print_markdown(why);
    gradus_manual_completion();
    return GRADUS_OK;
}

const gradus_command gradus_command_manual = {
    .name = "manual",
    .brief = "Print the reference manual",
    .notes = "All three forms are written from the tables that drive the program.",
    .params = params,
    .params_size = sizeof(params_t),
    .act = act,
};
