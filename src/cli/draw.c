/* gradus draw: where the methods of a study go, over contours.  */

#include "cli/command.h"
#include "harness/race/draw.h"

typedef struct {
    char *output;
    long quiet;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, output), .unset = "none",
     .help = "The results folder; `none` is results/ and the study's name."},
    {GRADUS_FIELD(params_t, quiet), .choices = "no|yes",
     .help = "Print nothing but errors."},
    {0}};

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const params_t *p = call->own.values;
    gradus_draw_options options = {.folder = p->output, .quiet = p->quiet};
    (void)status;
    return gradus_draw(call->operands[0], &options, why);
}

const gradus_command gradus_command_draw = {
    .name = "draw",
    .brief = "Draw the paths of a study's methods over the contours of its problem",
    .notes =
        "The problem must have two parameters.  The race is run first, gone on with, or "
        "taken as it is when the folder holds all of it; the drawing is "
        "figures/landscape.svg, its data and script stand beside it, and the report of "
        "the race shows it.  The box of the figure holds the ends of all paths that "
        "improved; what goes much farther is cut off, and the caption says so.  "
        "Contours are geometric where the values span decades.",
    .operands = "STUDY.yaml",
    .least_operands = 1,
    .most_operands = 1,
    .params = params,
    .params_size = sizeof(params_t),
    .act = act,
};
