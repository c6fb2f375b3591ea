/* The commands of the program.  A command is a file with a descriptor and a line in
   commands.def; its options are a parameter table, from which parsing, --help and the
   manual follow.  */

#ifndef GRADUS_CLI_COMMAND_H
#define GRADUS_CLI_COMMAND_H

#include "core/settings.h"

/* Exit statuses.  */
#define GRADUS_EXIT_LIST(X)                                                                \
    X(GRADUS_EXIT_DONE, 0,                                                                 \
      "done; a run stopped as asked (tolerance, target, budget, "                          \
      "interrupt)")                                                                        \
    X(GRADUS_EXIT_FAILED, 1,                                                               \
      "the method could not go on, a derivative is wrong, or a race that was repeated "    \
      "came "                                                                              \
      "to other numbers")                                                                  \
    X(GRADUS_EXIT_MISTAKE, 2, "a mistake in the call or the input; nothing was written")   \
    X(GRADUS_EXIT_SYSTEM, 3,                                                               \
      "the system failed (no memory, disk full); files already "                           \
      "complete stay complete")
typedef enum gradus_exit { GRADUS_EXIT_LIST(GRADUS_ENUM_ROW) } gradus_exit;

enum { GRADUS_MOST_OPERANDS = 4 };

/* A command line, taken apart.  */
typedef struct gradus_call {
    gradus_settings own; /* the command's options */
    gradus_settings run; /* the options of a run, when the command takes them */
    const char *operands[GRADUS_MOST_OPERANDS]; /* what is not an option */
    size_t operand_count;
    bool help; /* --help was given: nothing else counts */
} gradus_call;

typedef struct gradus_command {
    const char *name, *brief; /* one line */
    const char *notes;        /* more, for the manual; may be NULL */
    const char *operands;     /* as the usage line shows them; NULL: none */
    size_t least_operands, most_operands;
    const gradus_param *params;
    size_t params_size;
    size_t required; /* so many first rows of PARAMS must be given */
    bool takes_run;  /* gradus_run_params are options too */

    /* Sets *STATUS to GRADUS_EXIT_FAILED, and WHY to the sentence for it, when the answer
       is no.  */
    gradus_err (*act)(gradus_call *call, gradus_exit *status, gradus_error *why);
} gradus_command;

extern const gradus_command *const gradus_commands[]; /* NULL-terminated */

/* NULL with a sentence when there is no such command.  */
const gradus_command *gradus_command_find(const char *name, gradus_error *why);

#endif
