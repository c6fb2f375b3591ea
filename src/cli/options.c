/* Parsing of command lines.  Strict: what is not understood is refused.  */

#include "cli/options.h"

#include "base/text.h"
#include "core/run.h"

#include <stdio.h>
#include <string.h>

const char *gradus_option_name(const gradus_param *row, char buffer[GRADUS_OPTION_SIZE]) {
    snprintf(buffer, GRADUS_OPTION_SIZE, "%s", row->name);
    for (char *c = buffer; *c; c++)
        if (*c == '_')
            *c = '-';
    return buffer;
}

bool gradus_option_is_flag(const gradus_param *row) {
    return row->choices && strcmp(row->choices, "no|yes") == 0;
}

/* ---- One option ---- */

/* The row that NAME (without dashes) stands for; a near miss is remembered.  */
static const gradus_param *find(const gradus_settings *settings, const char *name,
                                gradus_nearest *nearest) {
    char spelling[GRADUS_OPTION_SIZE];
    for (const gradus_param *row = settings->table; row && row->name; row++) {
        if (strcmp(gradus_option_name(row, spelling), name) == 0)
            return row;
        size_t before = nearest->distance;
        gradus_nearest_try(nearest, spelling);
        if (nearest->distance < before)
            nearest->best = row->name; /* SPELLING does not live on */
    }
    return NULL;
}

static gradus_err unknown_option(const gradus_command *command, const char *name,
                                 const char *nearest, gradus_error *why) {
    char hint[GRADUS_OPTION_SIZE] = "";
    if (nearest)
        gradus_option_name(&(gradus_param){.name = nearest}, hint);
    return gradus_fail(why, GRADUS_EINPUT, "%s has no option '--%s'%s%s%s", command->name,
                       name, nearest ? "; did you mean '--" : "", hint,
                       nearest ? "'?" : "");
}

static gradus_err set(gradus_settings *settings, const gradus_param *row, const char *name,
                      const char *value, gradus_error *why) {
    if (gradus_settings_is_given(settings, row))
        return gradus_fail(why, GRADUS_EINPUT, "--%s is given twice", name);
    gradus_err err = gradus_settings_set(settings, row->name, value, why);
    char range[256];
    if (err == GRADUS_EINPUT)
        return gradus_fail(why, err, "--%s %s: expected %s", name, value,
                           gradus_param_range(row, range, sizeof range));
    return err;
}

/* Reads the option at *ARGUMENT and advances past it.  */
static gradus_err read_option(gradus_call *call, const gradus_command *command,
                              char *const **argument, gradus_error *why) {
    const char *text = *(*argument)++ + strlen("--");
    const char *equals = strchr(text, '=');
    int length = (int)(equals ? (size_t)(equals - text) : strlen(text));
    char name[GRADUS_OPTION_SIZE];
    if (snprintf(name, sizeof name, "%.*s", length, text) >= (int)sizeof name)
        return unknown_option(command, text, NULL, why);
    gradus_nearest nearest = gradus_nearest_to(name);
    gradus_settings *settings = &call->own;
    const gradus_param *row = find(settings, name, &nearest);
    if (!row) {
        settings = &call->run;
        row = find(settings, name, &nearest);
    }
    if (!row)
        return unknown_option(command, name, nearest.best, why);
    if (equals)
        return set(settings, row, name, equals + 1, why);
    if (gradus_option_is_flag(row))
        return set(settings, row, name, "yes", why);
    const char *value = **argument;
    if (!value || strncmp(value, "--", 2) == 0)
        return gradus_fail(why, GRADUS_EINPUT, "--%s: expected a value after it", name);
    ++*argument;
    return set(settings, row, name, value, why);
}

/* ---- The whole line ---- */

static gradus_err check_complete(const gradus_call *call, const gradus_command *command,
                                 gradus_error *why) {
    char name[GRADUS_OPTION_SIZE];
    for (size_t i = 0; i < command->required; i++)
        if (!gradus_settings_is_given(&call->own, &command->params[i]))
            return gradus_fail(why, GRADUS_EINPUT, "%s: --%s is missing", command->name,
                               gradus_option_name(&command->params[i], name));
    if (call->operand_count < command->least_operands)
        return gradus_fail(why, GRADUS_EINPUT, "%s: expected %s", command->name,
                           command->operands);
    return GRADUS_OK;
}

static gradus_err read_operand(gradus_call *call, const gradus_command *command,
                               const char *text, gradus_error *why) {
    if (call->operand_count == command->most_operands)
        return gradus_fail(why, GRADUS_EINPUT, "%s: '%s' is one argument too many",
                           command->name, text);
    call->operands[call->operand_count++] = text;
    return GRADUS_OK;
}

static gradus_err read_line(gradus_call *call, const gradus_command *command,
                            char *const arguments[], gradus_error *why) {
    bool options = true;
    gradus_err err = GRADUS_OK;
    while (!err && *arguments) {
        const char *text = *arguments;
        if (options && strcmp(text, "--help") == 0) {
            call->help = true;
            return GRADUS_OK;
        }
        if (options && strcmp(text, "--") == 0) {
            options = false;
            arguments++;
        } else if (options && strncmp(text, "--", 2) == 0)
            err = read_option(call, command, &arguments, why);
        else if (options && text[0] == '-' && text[1])
            err = gradus_fail(why, GRADUS_EINPUT,
                              "%s has no option '%s'; options begin with two dashes",
                              command->name, text);
        else
            err = read_operand(call, command, *arguments++, why);
    }
    return err ? err : check_complete(call, command, why);
}

gradus_err gradus_call_open(gradus_call *call, const gradus_command *command,
                            char *const arguments[], gradus_error *why) {
    *call = (gradus_call){0};
    gradus_err err = gradus_settings_open(&call->own, command->name, command->params,
                                          command->params_size, why);
    if (!err && command->takes_run)
        err = gradus_settings_open(&call->run, command->name, gradus_run_params,
                                   gradus_run_params_size, why);
    return err ? err : read_line(call, command, arguments, why);
}

void gradus_call_close(gradus_call *call) {
    gradus_settings_close(&call->own);
    gradus_settings_close(&call->run);
}
