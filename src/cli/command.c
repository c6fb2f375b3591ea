/* The table of commands, from commands.def, and look-up by name.  */

#include "cli/command.h"

#include "base/text.h"

#include <string.h>

#define GRADUS_COMMAND(name) extern const gradus_command gradus_command_##name;
#include "cli/commands.def"
#undef GRADUS_COMMAND

const gradus_command *const gradus_commands[] = {
#define GRADUS_COMMAND(name) &gradus_command_##name,
#include "cli/commands.def"
#undef GRADUS_COMMAND
    NULL};

const gradus_command *gradus_command_find(const char *name, gradus_error *why) {
    gradus_nearest nearest = gradus_nearest_to(name);
    for (size_t i = 0; gradus_commands[i]; i++) {
        if (strcmp(gradus_commands[i]->name, name) == 0)
            return gradus_commands[i];
        gradus_nearest_try(&nearest, gradus_commands[i]->name);
    }
    char hint[128];
    gradus_fail(why, GRADUS_EINPUT, "there is no command '%s'%s", name,
                gradus_nearest_hint(&nearest, hint, sizeof hint));
    return NULL;
}
