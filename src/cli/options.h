/* Command lines from parameter tables: `--name value` or `--name=value`, a dash for every
   underscore of the table.  A row with the choices no|yes may stand without a value, which
   is yes.  `--` ends the options.  */

#ifndef GRADUS_CLI_OPTIONS_H
#define GRADUS_CLI_OPTIONS_H

#include "cli/command.h"

/* ARGUMENTS: what follows the command's name, NULL-terminated.  The call is to be closed in
   any case.  */
gradus_err gradus_call_open(gradus_call *call, const gradus_command *command,
                            char *const arguments[], gradus_error *why);
void gradus_call_close(gradus_call *call);

/* "gradient-tolerance" */
enum { GRADUS_OPTION_SIZE = 64 };
const char *gradus_option_name(const gradus_param *row, char buffer[GRADUS_OPTION_SIZE]);
bool gradus_option_is_flag(const gradus_param *row);

#endif
