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
    for (size_t i = 0; gradus_dataset_names[i]; i += 2)
        print_data_name(gradus_dataset_names[i]);
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

/* bash breaks words at = and :, so the word before the cursor is taken from the line, and what
   stands before its last break is cut off the answers.  */
static const char script[] =
    "# NAME:KEY=VALUE,KEY=VALUE of a method or a problem, $1, as far as $2\n"
    "_gradus_spec() {\n"
    "    local name=${2%%:*} before last\n"
    "    case $2 in\n"
    "    *:*) last=${2##*[:,]} before=${2%\"$last\"} ;;\n"
    "    *) compgen -W \"$(_gradus_names \"$1\")\" -- \"$2\"; return ;;\n"
    "    esac\n"
    "    case $last in\n"
    "    *=*) before+=${last%%=*}=\n"
    "        compgen -P \"$before\" -W \"$(_gradus_choices \"$1:$name:${last%%=*}\")\" \\\n"
    "            -- \"${last#*=}\" ;;\n"
    "    *) compgen -P \"$before\" -W \"$(_gradus_keys \"$1:$name\")\" -- \"$last\" ;;\n"
    "    esac\n"
    "}\n"
    "# The value $3 of option $2 of command $1\n"
    "_gradus_value() {\n"
    "    case $2 in\n"
    "    --method | --problem) _gradus_spec \"${2#--}\" \"$3\" ;;\n"
    "    *) local key=${2#--}\n"
    "        compgen -W \"$(_gradus_choices \"command:$1:${key//-/_}\")\" -- \"$3\" ;;\n"
    "    esac\n"
    "}\n"
    "_gradus() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} IFS=$' \\t\\n'\n"
    "    local word=${line##*[[:blank:]]} answers before\n"
    "    local words=(${line%\"$word\"})\n"
    "    local command=${words[1]} last=${words[${#words[@]} - 1]}\n"
    "    case ${#words[@]}:$word in\n"
    "    1:*) answers=$(compgen -W \"$(_gradus_names command)\" -- \"$word\") ;;\n"
    "    *:--*=*) answers=$(compgen -P \"${word%%=*}=\" \\\n"
    "        -W \"$(_gradus_value \"$command\" \"${word%%=*}\" \"${word#*=}\")\") ;;\n"
    "    *:-*) answers=$(compgen -W \"$(_gradus_options \"$command\")\" -- \"$word\") ;;\n"
    "    *) case $command:$last in\n"
    "        *:--*=*) ;;\n"
    "        *:--*) answers=$(_gradus_value \"$command\" \"$last\" \"$word\") ;;\n"
    "        list:list) answers=$(compgen -W \"$(_gradus_names list)\" -- \"$word\") ;;\n"
    "        describe:describe) answers=$(compgen -W \\\n"
    "            \"run $(_gradus_names method) $(_gradus_names problem)\" -- \"$word\") "
    ";;\n"
    "        esac ;;\n"
    "    esac\n"
    "    before=${word%\"${word##*[:=]}\"}\n"
    "    COMPREPLY=()\n"
    "    for word in $answers; do\n"
    "        COMPREPLY+=(\"${word#\"$before\"}\")\n"
    "    done\n"
    "    case $answers in\n"
    "    *=) compopt -o nospace 2>/dev/null ;;\n"
    "    esac\n"
    "}\n"
    "complete -o bashdefault -o default -F _gradus gradus";

void gradus_manual_completion(void) {
    puts("# Completion of gradus for bash; `gradus manual --format bash` wrote it.\n");
    put_names();
    put_options();
    put_keys();
    put_choices();
    puts(script);
}
