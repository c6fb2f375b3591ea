/* Help and descriptions as plain text.  */

#include "cli/print.h"

#include "cli/options.h"
#include "core/method.h"
#include "core/run.h"

#include <string.h>

enum { INDENT = 6, WIDTH = 78 };

/* TEXT in lines of at most WIDTH, indented.  */
static void print_wrapped(FILE *file, const char *text) {
    size_t column = 0;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column == 0 || column + 1 + word > WIDTH) {
            fprintf(file, "%s%*s", column ? "\n" : "", INDENT, "");
            column = INDENT;
        } else {
            putc(' ', file);
            column++;
        }
        fprintf(file, "%.*s", (int)word, text);
        column += word;
        text += word + strspn(text + word, " ");
    }
    putc('\n', file);
}

const char *gradus_grid_text(const gradus_param *row, char *buffer, size_t size) {
    if (row->grid.points == 0)
        return "";
    snprintf(buffer, size, "%.6g to %.6g in %d%s points", row->grid.low, row->grid.high,
             row->grid.points, row->flags & GRADUS_LOG ? " geometric" : "");
    return buffer;
}

const char *gradus_abilities_text(unsigned abilities, char *buffer, size_t size) {
    size_t used = 0;
    buffer[0] = '\0';
    for (unsigned bit = 1; bit <= abilities && used < size; bit <<= 1)
        if (abilities & bit)
            used += (size_t)snprintf(buffer + used, size - used, "%s%s", used ? ", " : "",
                                     gradus_ability_text(bit));
    return buffer;
}

/* The second paragraph of a row.  */
static void print_values(FILE *file, const gradus_settings *defaults,
                         const gradus_param *row) {
    char value[GRADUS_VALUE_SIZE], range[256];
    const char *initial = gradus_settings_print(defaults, row, value);
    fprintf(file, "%*sdefault %s; takes %s\n", INDENT, "", *initial ? initial : "empty",
            gradus_param_range(row, range, sizeof range));
}

gradus_err gradus_print_params(FILE *file, const gradus_param *table, size_t size,
                               gradus_error *why) {
    char grid[128];
    gradus_settings defaults;
    gradus_err err = gradus_settings_open(&defaults, "describe", table, size, why);
    for (const gradus_param *row = table; !err && row && row->name; row++) {
        fprintf(file, "  %s\n", row->name);
        print_wrapped(file, row->help);
        print_values(file, &defaults, row);
        if (row->grid.points)
            fprintf(file, "%*stuned over %s\n", INDENT, "",
                    gradus_grid_text(row, grid, sizeof grid));
    }
    gradus_settings_close(&defaults);
    return err;
}

gradus_err gradus_print_options(FILE *file, const gradus_param *table, size_t size,
                                size_t required, gradus_error *why) {
    char name[GRADUS_OPTION_SIZE];
    gradus_settings defaults;
    gradus_err err = gradus_settings_open(&defaults, "help", table, size, why);
    for (const gradus_param *row = table; !err && row && row->name; row++) {
        fprintf(file, "  --%s%s\n", gradus_option_name(row, name),
                gradus_option_is_flag(row) ? "" : " VALUE");
        print_wrapped(file, row->help);
        if (row < table + required)
            fprintf(file, "%*srequired\n", INDENT, "");
        else
            print_values(file, &defaults, row);
    }
    gradus_settings_close(&defaults);
    return err;
}

void gradus_print_usage(FILE *file, const gradus_command *command) {
    char name[GRADUS_OPTION_SIZE];
    fprintf(file, "gradus %s", command->name);
    if (command->operands)
        fprintf(file, " %s", command->operands);
    for (size_t i = 0; i < command->required; i++)
        fprintf(file, " --%s VALUE", gradus_option_name(&command->params[i], name));
    bool more =
        command->takes_run || (command->params && command->params[command->required].name);
    fputs(more ? " [options]\n" : "\n", file);
}

void gradus_print_commands(FILE *file) {
    fputs("usage: gradus COMMAND [arguments]\n\n", file);
    for (size_t i = 0; gradus_commands[i]; i++)
        fprintf(file, "  %-10s %s\n", gradus_commands[i]->name, gradus_commands[i]->brief);
    fputs("\n'gradus COMMAND --help' lists the options of a command.\n", file);
}

gradus_err gradus_print_help(FILE *file, const gradus_command *command, gradus_error *why) {
    fputs("usage: ", file);
    gradus_print_usage(file, command);
    fprintf(file, "\n%s.\n", command->brief);
    if (command->params)
        fputs("\nOptions:\n", file);
    gradus_err err = gradus_print_options(file, command->params, command->params_size,
                                          command->required, why);
    if (err || !command->takes_run)
        return err;
    fputs("\nOptions of the run:\n", file);
    return gradus_print_options(file, gradus_run_params, gradus_run_params_size, 0, why);
}
