/* gradus manual: the reference, in Markdown, from the same tables that drive the program.
   doc/manual.md is its output.  */

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
    puts("\n| option | default | takes | meaning |\n|---|---|---|---|");
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
    puts("\n| parameter | default | takes | tuned over | meaning |\n|---|---|---|---|---|");
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
    printf("\n### %s\n\n%s.\n", name, brief);
    if (formula)
        printf("\n    %s\n", formula);
    if (citation)
        printf("\n%s.\n", citation);
}

/* ---- Sections ---- */

static gradus_err print_commands(gradus_error *why) {
    gradus_err err = GRADUS_OK;
    puts(
        "\n## Commands\n\n"
        "Options are written `--name value` or `--name=value`. A flag (`no|yes`) may stand "
        "alone, which is `yes`. Every command knows `--help`.");
    for (size_t i = 0; !err && gradus_commands[i]; i++) {
        const gradus_command *command = gradus_commands[i];
        printf("\n### gradus %s\n\n    ", command->name);
        gradus_print_usage(stdout, command);
        printf("\n%s.\n", command->brief);
        if (command->notes)
            printf("\n%s\n", command->notes);
        if (command->takes_run)
            puts("\nThe options of a run (below) are options of this command too.");
        err = print_options(command->params, command->params_size, command->required, why);
    }
    return err;
}

static gradus_err print_run(gradus_error *why) {
    puts("\n## Options of a run\n\n"
         "Budgets are tested between updates. In full batch, tolerances and the target are "
         "tested after every update; in mini-batch, when the trace has a row.");
    return print_options(gradus_run_params, gradus_run_params_size, 0, why);
}

static void print_endings(void) {
    puts("\n## Exit status\n\n| status | meaning |\n|---|---|");
#define EXIT_ROW(name, code, text) printf("| %d | %s |\n", code, text);
    GRADUS_EXIT_LIST(EXIT_ROW)
    puts("\nWhenever the status is not 0 there is one sentence on standard error.\n\n"
         "## Why a run stops\n\n"
         "| `status` | exit | `reason` |\n|---|---|---|");
#define STOP_ROW(name, code, word, text)                                                   \
    if (code != GRADUS_RUNNING)                                                            \
        printf("| `%s` | %d | %s |\n", word,                                               \
               code < 0 ? GRADUS_EXIT_FAILED : GRADUS_EXIT_DONE, text);
    GRADUS_STOP_LIST(STOP_ROW)
}

static void print_outputs(void) {
    const char *name, *help;
    puts(
        "\n## Outputs of a run\n\n"
        "A file is written beside its place, with `.part` after its name, and renamed when "
        "it is complete.\n\n"
        "The trace is CSV: a header, a row at update 0, at every measurement and at the "
        "last update, which is over all data. Numbers have 17 digits; what does not apply "
        "is empty. Every column whose name ends in `_seconds` is a time; every other one "
        "is repeatable to the last bit, for any number of threads.\n\n"
        "| column | meaning |\n|---|---|");
    for (size_t i = 0; (name = gradus_trace_column(i, &help)); i++)
        printf("| `%s` | %s |\n", name, help);
    puts(
        "\nThe summary is one JSON object: `problem` and `method` as they were given, "
        "`seed`, `status`, `reason`, `detail` (what a method that could not go on found "
        "out "
        "beyond the reason, or nothing), the last row of the trace (`value` is its "
        "`train_value`, `updates` its `update`), `gap_bound` (for a problem that is "
        "strongly "
        "convex, such as softmax with `l2` on every parameter: the value is at most "
        "|g|²/(2 mu) above the minimum, mu being the least curvature, which `l2` is; but "
        "for the rounding of g), `best_value` (the least one measured over "
        "all data), `saved` (which point `--save` writes: the `last` one or, when the run "
        "diverged or fell without bound, the `best` one measured), `threads`, `dimension`, "
        "`examples`, "
        "`version`, and `settings`, which "
        "holds every parameter in its spelling, the defaults included. A number that is "
        "not finite or does not apply is `null`.\n\n"
        "`--save` writes HDF5: the dataset `/parameters` and the attributes `problem` and "
        "`method`.");
}

static void print_variation(void) {
    puts(
        "\n## Studies\n\n"
        "`gradus race` says what keys a study has. Some of them want more words.\n\n"
        "### vary\n\n"
        "`vary: {KEY: [VALUE, ...]}` repeats the study for every value. KEY is "
        "`problem`, whose values are specifications, `problem.NAME`, `methods.NAME`, "
        "which every method has that knows the name, or "
        "`batch`; it must stand nowhere else in the study. A number anywhere else, but in "
        "`seeds`, may follow the value: a text that begins with `=` is an expression, in "
        "which the last part of KEY is the value.\n\n"
        "    vary: {problem.condition: [1e2, 1e3, 1e4]}\n"
        "    budget: {updates: \"= round(20 * sqrt(condition))\"}\n"
        "    methods:\n"
        "      - {name: sgd, learning_rate: \"= 2 / (1 + condition)\"}\n\n"
        "Traces are then called LABEL-VALUE-SEED.csv, and summary.csv has the value in "
        "its column `varied`. A method that does not suit one of the values, but another, "
        "is `refused` there, which counts as a run that diverged and has the sentence that "
        "refused it as its reason; a claim that speaks of such a run does not hold, and "
        "says so.");
}

static void print_tuning(void) {
    puts("\n### tune\n\n"
         "`tune:` of a method names what is tried before the race: a list of values, "
         "`{low: A, high: B}` with `points: N` in a grid, or the word `table` for the grid "
         "of the method's table. When it names nothing, all that the table has a grid for, "
         "and the method's own keys do not set, is tried. `search: grid` (the default) "
         "tries every combination; `search: quasi-random` with `trials: N` tries the first "
         "N points of Halton's sequence, which is always the same. Ranges are logarithmic "
         "where the table says geometric. All tuned methods must have as many trials.\n\n"
         "    tuning: {seeds: [11, 12, 13], budget: {passes: 5}, select: training_value}\n"
         "    methods:\n"
         "      - {name: sgd, tune: {learning_rate: [1e-3, 1e-2, 1e-1], momentum: [0, "
         "0.9]}}\n"
         "      - {name: adam, tune: {search: quasi-random, trials: 6, learning_rate: "
         "{low: 1e-4, high: 1}}}\n\n"
         "`tuning:` is for all of them: `seeds` and `budget` of every trial (those of the "
         "race when left out), `select`, which is `training_value`, `best_value` or, "
         "on a problem with validation data, `validation_value`, and `untuned: no`, which "
         "leaves out the method as it stands, "
         "which otherwise races too, as LABEL-untuned. The setting with the lowest median "
         "over the seeds is selected, the first of equals; a run that diverged counts as "
         "infinite. A method that diverged with every setting races as it stands. The "
         "trials are in the folder tuning/, LABEL@1 and so on, and tuning.csv is their "
         "table; the report has it with what tuning cost, and how the score depends on "
         "every parameter. Tuning is resumed with the race.");
}

static void print_targets(void) {
    puts(
        "\n### target and profiles\n\n"
        "A `target:` is a training value, or `best of LABEL`: the median over the seeds, "
        "of two in the middle the higher, of the lowest training value in that method's "
        "traces, which is known when it has run. targets.csv and the report have what "
        "every method spent to it, in updates, "
        "passes, CPU-seconds and wall-seconds, and the speed-up: the median of the "
        "`baseline:`, a label (the first method when left out), over the method's own, "
        "with a 95 % bootstrap interval over the seeds when there are three or more. A "
        "miss is infinite.\n\n"
        "`profiles: [TOLERANCE, ...]`, in a study that varies something, draws performance "
        "profiles (Dolan and More, 2002) and data profiles (More and Wild, 2009) over all "
        "pairs of varied value and seed. One is solved to a tolerance T when the training "
        "value is at most f_L + T (f_0 - f_L), f_0 being the value at the start and f_L "
        "the study's `minimum:`, or where it names none the lowest value that any of the "
        "methods measured. profiles.csv is their table, f_L its column reference.");
}

static void print_minimum(void) {
    puts(
        "\n### minimum\n\n"
        "`minimum: VALUE` names the least training value there is, and `gap: [GAP, ...]`, "
        "in "
        "place of `target:`, how far above it the targets are. Methods are then compared "
        "at "
        "equal accuracy, and never by their own tolerances: the report draws training "
        "values as what they are above the minimum, its tables of targets are by gap, and "
        "the tolerances of `profiles:` are counted from the minimum. It warns where a run "
        "went below. Where no minimum is named, profiles, and figures that would otherwise "
        "not tell methods apart, refer to the lowest value that was measured. A minimum "
        "comes of a run with a tight tolerance, and should be given with more digits than "
        "the smallest gap needs:\n\n"
        "    gradus solve --problem softmax:data=fashion-mnist,l2=1e-4 --method newton_cg "
        "\\\n"
        "      --gradient-tolerance 1e-9 --quiet --summary minimum.json\n\n"
        "Where the study varies something, both may follow the value; targets and profiles "
        "are counted from the minimum all the same, and the report has training values.");
}

static void print_record(void) {
    puts("\n### record\n\n"
         "`record: [NAME, ...]` adds columns to the end of every trace. They are not "
         "billed.\n\n"
         "| name | columns | meaning |\n|---|---|---|");
    for (const gradus_measurement *m = gradus_measurements; m->name; m++) {
        printf(m->columns != GRADUS_ONE_COLUMN ? "| `%s` | `%s1`, `%s2`, ... |"
                                               : "| `%s` | `%s` |",
               m->name, m->column, m->column);
        printf(" %s%s |\n", m->help, m->for_full_batch ? " In full batch only." : "");
    }
    printf(
        "\nA column for every coordinate or layer is for problems of at most %d of them. "
        "What is about layers and conditions is over the first %d training examples; a "
        "condition is that of at most %d parameters (a study is refused when the whole "
        "matrix has more, and a layer that has more leaves its column empty); whitening is "
        "in the zca form with an epsilon of %g. The report draws `condition` and "
        "`whitened_condition` by update.\n",
        GRADUS_COORDINATES, GRADUS_MEASURED_EXAMPLES, GRADUS_MEASURED_PARAMETERS,
        GRADUS_MEASURED_EPSILON);
}

static void print_starts(void) {
    puts("\n### starts\n\n"
         "`starts: {points: N, x: [LOW, HIGH], y: [LOW, HIGH]}`, for a problem with two "
         "parameters and known minima, runs every method once more from each of N times N "
         "starts, and draws which minimum it reaches from where: a panel for every method, "
         "in `gradus draw` and in the report. basins/LABEL.csv has a line for every start, "
         "with the columns x, y, end_x, end_y, updates and minimum, the number of the "
         "minimum, or -1 when none is nearer to the end than 2 % of the shorter side.");
}

static void print_claims(void) {
    const char *spelling, *help;
    puts(
        "\n### claims\n\n"
        "`claims:` is a list of `{id, that, check}`: a short name, the sentence, and the "
        "expression that is true when the sentence is. The thresholds stand in the study "
        "before it is run. When all runs are there, the race prints a line for each claim, "
        "`C1 holds: THAT (NUMBERS)` or `C1 does not hold: ...`, and so does the report; "
        "claims.json has the same. `gradus report` computes them anew. Within braces YAML "
        "ends a text at a comma: a check with one stands in quotes there, or on a line of "
        "its own as here.\n\n"
        "    claims:\n"
        "      - id: C1\n"
        "        that: the updates grow like the condition number\n"
        "        check: trend(updates_to(sgd, 1e-6, value)) in [0.9, 1.1]\n"
        "      - id: C2\n"
        "        that: the path stays near, and ends lower than that of adam-2\n"
        "        check: all(sgd, distance < 3 and train_value <= 10 / (1 + update), 1e2) "
        "and\n"
        "          final(sgd, 1e2) < final(\"adam-2\", 1e2)\n\n"
        "| function | what it is |\n|---|---|");
    for (size_t i = 0; (spelling = gradus_claim_function(i, &help)); i++)
        printf("| `%s` | %s |\n", spelling, help);
    puts("\nWhere the study varies something, every function but `trend` takes the value "
         "to look at as one more argument, the last: a number, its spelling, or `value` "
         "inside `trend`. A label is a name, or a text in quotes when it has other "
         "characters than letters, digits and `_`. Everything is a median over the seeds; "
         "a run that diverged, and a target that was missed, count as infinite. In the "
         "numbers and comparisons of a row, the columns of the trace are names.\n\n"
         "Where two infinities would have to be compared, or a number does not apply, the "
         "answer is neither true nor false, and the claim does not hold, nor would its "
         "contrary.\n\n"
         "The grammar of expressions, here and behind `=`:\n\n"
         "    truth      = both { \"or\" both }\n"
         "    both       = one { \"and\" one }\n"
         "    one        = \"not\" one | sum [ comparison ]\n"
         "    comparison = (\"<\" | \"<=\" | \">\" | \">=\" | \"==\") sum\n"
         "               | \"in\" \"[\" sum \",\" sum \"]\"\n"
         "    sum        = product { (\"+\" | \"-\") product }\n"
         "    product    = signed { (\"*\" | \"/\") signed }\n"
         "    signed     = \"-\" signed | power\n"
         "    power      = primary [ \"^\" signed ]\n"
         "    primary    = number | name [ \"(\" [ truth { \",\" truth } ] \")\" ]\n"
         "               | '\"' text '\"' | \"(\" truth \")\"\n");
    fputs("The functions of one number are", stdout);
    for (size_t i = 0; gradus_plain_function(i + 1); i++)
        printf("%s `%s`", i > 0 ? "," : "", gradus_plain_function(i));
    printf("; `least` is of as many as it is given, at most %d.\n", GRADUS_ARGUMENTS);
}

static gradus_err print_methods(gradus_error *why) {
    gradus_err err = GRADUS_OK;
    char needs[128];
    puts("\n## Methods");
    for (size_t i = 0; !err && gradus_method_types[i]; i++) {
        const gradus_method_type *type = gradus_method_types[i];
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
    puts("\n## Problems");
    for (size_t i = 0; !err && gradus_problem_types[i]; i++) {
        const gradus_problem_type *type = gradus_problem_types[i];
        print_head(type->name, type->brief, type->formula, type->citation);
        err = print_params(type->params, type->params_size, why);
    }
    puts("\n## Data\n\n| name | what it is |\n|---|---|");
    for (size_t i = 0; gradus_dataset_names[i]; i += 2)
        printf("| `%s` | %s |\n", gradus_dataset_names[i], gradus_dataset_names[i + 1]);
    return err;
}

static gradus_err print_markdown(gradus_error *why) {
    puts(
        "# Gradus: reference manual\n\n"
        "This is the output of `gradus manual`; do not edit it (`make manual` writes it).");
    gradus_err err = print_commands(why);
    if (!err)
        err = print_run(why);
    print_endings();
    print_outputs();
    print_variation();
    print_tuning();
    print_targets();
    print_minimum();
    print_record();
    print_starts();
    print_claims();
    if (!err)
        err = print_methods(why);
    if (!err)
        err = print_problems(why);
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
