/* Completion for bash, from the tables.  */

#include "cli/command.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "core/run.h"
#include "data/dataset.h"

#include <stdio.h>
#include <string.h>

/* "a|b" as words.  */
static void put_words(const char *choices) {
    for (; *choices; choices++)
        putchar(*choices == '|' ? ' ' : *choices);
}

/* ---- Tables, as functions that print words ---- */

static void put_options_of(const gradus_param *table) {
    char name[GRADUS_OPTION_SIZE];
    for (const gradus_param *row = table; row && row->name; row++)
        printf(" --%s", gradus_option_name(row, name));
}

static void put_options(void) {
    puts("_gradus_options() {\n    case $1 in");
    for (size_t i = 0; gradus_commands[i]; i++) {
        printf("    %s) echo --help", gradus_commands[i]->name);
        put_options_of(gradus_commands[i]->params);
        if (gradus_commands[i]->takes_run)
            put_options_of(gradus_run_params);
        puts(" ;;");
    }
    puts("    esac\n}");
}

static void put_keys_of(const char *kind, const char *name, const gradus_param *table) {
    printf("    %s:%s) echo", kind, name);
    for (const gradus_param *row = table; row && row->name; row++)
        printf(" %s=", row->name);
    puts(" ;;");
}

static void put_keys(void) {
    puts("_gradus_keys() {\n    case $1 in");
    for (size_t i = 0; gradus_method_types[i]; i++)
        put_keys_of("method", gradus_method_types[i]->name, gradus_method_types[i]->params);
    for (size_t i = 0; gradus_problem_types[i]; i++)
        put_keys_of("problem", gradus_problem_types[i]->name,
                    gradus_problem_types[i]->params);
    puts("    esac\n}");
}

static void put_choices_of(const char *kind, const char *name, const gradus_param *table) {
    for (const gradus_param *row = table; row && row->name; row++) {
        if (!row->choices)
            continue;
        printf("    %s:%s:%s) echo ", kind, name, row->name);
        put_words(row->choices);
        puts(" ;;");
    }
}

/* A name without the keys that may follow it; nothing for what is not to be typed as it
   stands, a file or a prefix.  */
static void print_data_name(const char *name) {
    size_t length = strcspn(name, "[");
    if (strcspn(name, " <:") >= length && name[0] >= 'a' && name[0] <= 'z')
        printf(" %.*s", (int)length, name);
}

static void put_choices(void) {
    puts("_gradus_choices() {\n    case $1 in");
    for (size_t i = 0; gradus_method_types[i]; i++)
        put_choices_of("method", gradus_method_types[i]->name,
                       gradus_method_types[i]->params);
    for (size_t i = 0; gradus_problem_types[i]; i++)
        put_choices_of("problem", gradus_problem_types[i]->name,
                       gradus_problem_types[i]->params);
    for (size_t i = 0; gradus_commands[i]; i++)
        put_choices_of("command", gradus_commands[i]->name, gradus_commands[i]->params);
    put_choices_of("command", "*", gradus_run_params);
    fputs("    problem:*:data) echo", stdout);
    for (const gradus_dataset_name *one = gradus_dataset_names; one->name; one++)
        print_data_name(one->name);
    puts(" ;;\n    esac\n}");
}

static void put_names(void) {
    fputs("_gradus_names() {\n    case $1 in\n    command) echo --help --version", stdout);
    for (size_t i = 0; gradus_commands[i]; i++)
        printf(" %s", gradus_commands[i]->name);
    fputs(" ;;\n    method) echo", stdout);
    for (size_t i = 0; gradus_method_types[i]; i++)
        printf(" %s", gradus_method_types[i]->name);
    fputs(" ;;\n    problem) echo", stdout);
    for (size_t i = 0; gradus_problem_types[i]; i++)
        printf(" %s", gradus_problem_types[i]->name);
    puts(" ;;\n    list) echo methods problems data ;;\n    esac\n}");
}

/* ---- What uses them ---- */

static const char script[] =
#include "cli/completion.bash.inc"
    ;

void gradus_manual_completion(void) {
    puts("# Completion of gradus for bash; `gradus manual --format bash` wrote it.\n");
    put_names();
    put_options();
    put_keys();
    put_choices();
    fputs(script, stdout);
}
