/* What must hold before the first thread starts.  */

#ifndef GRADUS_CLI_ENVIRONMENT_H
#define GRADUS_CLI_ENVIRONMENT_H

#include <stddef.h>

/* Starts the program again, with the same ARGUMENTS, when its thread libraries were loaded
   with settings that distort the CPU clock.  */
void gradus_environment_prepare(size_t threads, char *arguments[]);

#endif
