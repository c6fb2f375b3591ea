/* gradus(1), in the macros of man, from the same tables as the rest of the manual.  */

#include "cli/manual.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/print.h"
#include "core/run.h"
#include "data/dataset.h"

#include <stdio.h>

/* TEXT as it stands, after a macro or alone; a paragraph for an empty line.  */
static void put(const char *text) {
    for (const char *c = text; *c; c++) {
        bool first = c == text || c[-1] == '\n';
        if (first && (*c == '.' || *c == '\''))
            fputs("\\&", stdout);
        if (first && *c == '\n' && c > text)
            fputs(".PP", stdout);
        if (*c == '\\')
            fputs("\\e", stdout);
        else if (*c == '-')
            fputs("\\-", stdout);
        else
            putchar(*c);
    }
}

static void put_line(const char *text) {
    put(text);
    putchar('\n');
}

static void put_item(const char *name, const char *text) {
    fputs(".TP\n.B ", stdout);
    put_line(name);
    put_line(text);
}

/* The rows of a table; OPTION: as options of a command line, the first REQUIRED of which
   must be given.  */
static gradus_err put_table(const gradus_param *table, size_t size, bool option,
                            size_t required, gradus_error *why) {
    char name[GRADUS_OPTION_SIZE], value[GRADUS_VALUE_SIZE], range[256];
    gradus_settings defaults;
    if (!table || !table->name)
        return GRADUS_OK;
    gradus_err err = gradus_settings_open(&defaults, "the manual", table, size, why);
    for (const gradus_param *row = table; !err && row->name; row++) {
        fputs(option ? ".TP\n.BI \\-\\-" : ".TP\n.BI ", stdout);
        put(option ? gradus_option_name(row, name) : row->name);
        puts(option && gradus_option_is_flag(row) ? ""
             : option                             ? " \" VALUE\""
                                                  : " =VALUE");
        put_line(row->help);
        if (row < table + required) {
            puts("Required.");
            continue;
        }
        const char *initial = gradus_settings_print(&defaults, row, value);
        fputs("Default ", stdout);
        put(*initial ? initial : "empty");
        fputs("; takes ", stdout);
        put(gradus_param_range(row, range, sizeof range));
        puts(".");
    }
    gradus_settings_close(&defaults);
    return err;
}

static gradus_err put_commands(gradus_error *why) {
    gradus_err err = GRADUS_OK;
    puts(".SH COMMANDS");
    for (size_t i = 0; !err && gradus_commands[i]; i++) {
        const gradus_command *command = gradus_commands[i];
        printf(".SS gradus %s %s\n", command->name,
               command->operands ? command->operands : "");
        put(command->brief);
        puts(".");
        if (command->notes) {
            puts(".PP");
            put_line(command->notes);
        }
        if (command->takes_run)
            puts(".PP\nThe options of a run, below, are options of this command too.");
        err =
            put_table(command->params, command->params_size, true, command->required, why);
    }
    puts(".SH OPTIONS OF A RUN");
    return err ? err : put_table(gradus_run_params, gradus_run_params_size, true, 0, why);
}

/* Methods and problems with their keys.  Formulas and citations are left to `describe`.  */
static gradus_err put_names(gradus_error *why) {
    gradus_err err = GRADUS_OK;
    puts(".SH METHODS");
    for (size_t i = 0; !err && gradus_method_types[i]; i++) {
        const gradus_method_type *type = gradus_method_types[i];
        fputs(".SS ", stdout);
        put_line(type->name);
        put_line(type->brief);
        err = put_table(type->params, type->params_size, false, 0, why);
    }
    puts(".SH PROBLEMS");
    for (size_t i = 0; !err && gradus_problem_types[i]; i++) {
        const gradus_problem_type *type = gradus_problem_types[i];
        fputs(".SS ", stdout);
        put_line(type->name);
        put_line(type->brief);
        err = put_table(type->params, type->params_size, false, 0, why);
    }
    puts(".SH DATA");
    for (const gradus_dataset_name *one = gradus_dataset_names; one->name; one++)
        put_item(one->name, one->what);
    return err;
}

static void put_head(void) {
    printf(".TH GRADUS 1 \"\" \"gradus %s\" \"User Commands\"\n", gradus_version());
    puts(
        ".SH NAME\n"
        "gradus \\- second\\-order and natural\\-gradient optimization, compared fairly\n"
        ".SH SYNOPSIS\n"
        ".B gradus\n"
        ".I COMMAND\n"
        "[arguments]\n"
        ".br\n"
        ".B gradus solve \\-\\-problem\n"
        ".I NAME:KEY=VALUE,...\n"
        ".B \\-\\-method\n"
        ".I NAME:KEY=VALUE,...\n"
        "[options]\n"
        ".br\n"
        ".B gradus race\n"
        ".I STUDY.yaml\n"
        ".SH DESCRIPTION\n"
        "Solves optimization problems by first\\-order methods, Newton's and its\n"
        "relatives, L\\-BFGS, and natural gradients, and compares them by update, by pass\n"
        "over the data and by CPU\\-second.  Options are written\n"
        "\\-\\-name value or \\-\\-name=value; a flag may stand alone.  In a "
        "specification,\n"
        "a backslash takes a comma or a\n"
        "backslash in a value literally.");
}

static void put_tail(void) {
    puts(".SH EXIT STATUS");
#define EXIT_ITEM(name, code, text) put_item(#code, text ".");
    GRADUS_EXIT_LIST(EXIT_ITEM)
    puts(".SH ENVIRONMENT");
    put_item("GRADUS_DATA", "A folder with fashion-mnist/ or mnist/.");
    put_item("GNUPLOT", "The gnuplot that draws figures.");
    put_item("GRADUS_VECTORS",
             "generic, avx2 or avx512: the vector instructions that Gradus's own kernels "
             "use at most; unset, the best that the processor has.  Another one may round "
             "differently.");
    put_item("OPENBLAS_CORETYPE",
             "OpenBLAS's own choice of kernels, as Haswell, which Gradus leaves alone and "
             "records.  Another one may round differently.");
    puts(".SH SEE ALSO\n"
         "The chapters and the reference manual are installed with the documentation of\n"
         "the package;\n"
         ".B gradus describe\n"
         ".I NAME\n"
         "has formula and citation of a method or a problem.");
}

gradus_err gradus_manual_page(gradus_error *why) {
    put_head();
    gradus_err err = put_commands(why);
    if (!err)
        err = put_names(why);
    put_tail();
    return err;
}
