/* What is known about commands, methods and problems, as text.  */

#ifndef GRADUS_CLI_PRINT_H
#define GRADUS_CLI_PRINT_H

#include "cli/command.h"

#include <stdio.h>

/* `gradus --help` and `gradus COMMAND --help`.  */
void gradus_print_commands(FILE *file);
gradus_err gradus_print_help(FILE *file, const gradus_command *command, gradus_error *why);
/* "gradus solve --problem SPEC --method SPEC [options]" */
void gradus_print_usage(FILE *file, const gradus_command *command);

/* The rows of a table as parameters, or as options of a command line, the first REQUIRED of
   which must be given.  */
gradus_err gradus_print_params(FILE *file, const gradus_param *table, size_t size,
                               gradus_error *why);
gradus_err gradus_print_options(FILE *file, const gradus_param *table, size_t size,
                                size_t required, gradus_error *why);

/* "0.001 ... 1 in 4 steps, geometric", or "" when the row is not for tuning.  */
const char *gradus_grid_text(const gradus_param *row, char *buffer, size_t size);
/* "Hessian-vector products, a layer view", or "".  */
const char *gradus_abilities_text(unsigned abilities, char *buffer, size_t size);

#endif
