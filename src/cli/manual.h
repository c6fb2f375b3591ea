/* The other forms of the manual.  */

#ifndef GRADUS_CLI_MANUAL_H
#define GRADUS_CLI_MANUAL_H

#include "gradus.h"

/* gradus(1), for man.  */
gradus_err gradus_manual_page(gradus_error *why);
/* What makes bash complete commands, options, names, keys and choices.  */
void gradus_manual_completion(void);

#endif
