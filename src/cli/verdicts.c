/* gradus verdicts: what races found about their claims.  */

#include "cli/command.h"
#include "harness/report/collection.h"
#include "harness/report/reproduction.h"

typedef struct {
    char *claims, *output;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, claims), .unset = "none",
     .help = "A JSON file, a list of {id, that, where}: what was to be shown.  C1a and C1b "
             "are verdicts on C1; a claim without a verdict is listed as missing."},
    {GRADUS_FIELD(params_t, output), .unset = "none",
     .help = "A Markdown page of all verdicts; figures go into the folder of its name."},
    {0}};

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const params_t *p = call->own.values;
    gradus_collection collection;
    (void)status;
    gradus_err err = gradus_collection_open(&collection, call->operands[0], p->claims, why);
    if (!err && p->output)
        err = gradus_reproduction_write(&collection, p->output, why);
    if (!err)
        gradus_collection_print(stdout, &collection);
    gradus_collection_close(&collection);
    return err;
}

const gradus_command gradus_command_verdicts = {
    .name = "verdicts",
    .brief = "Collect the verdicts of a results folder, or of all that are in a folder",
    .notes = "A line for every claim.  One whose race is not complete is open.  A verdict "
             "is a result and does not change the exit status.",
    .operands = "DIR",
    .least_operands = 1,
    .most_operands = 1,
    .params = params,
    .params_size = sizeof(params_t),
    .act = act,
};
