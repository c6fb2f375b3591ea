/* gradus race: a study into a results folder.  */

#include "cli/command.h"
#include "harness/race.h"

#include <math.h>

typedef struct {
    char *output;
    long resume, threads;
    double checkpoint_every;
    long quiet;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, output), .unset = "none",
     .help = "The results folder; `none` is results/ and the study's name."},
    {GRADUS_FIELD(params_t, resume), .choices = "no|yes",
     .help = "Go on with the race in the folder, without repeating what is finished."},
    {GRADUS_FIELD(params_t, threads), .minimum = 1, .maximum = 1024, .unset = "auto",
     .help =
         "Threads; the results do not depend on it.  `auto` is 1, or as many as the race "
         "was begun with."},
    {GRADUS_FIELD(params_t, checkpoint_every), .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM, .unset = "auto",
     .help =
         "Wall seconds between checkpoints, from which `--resume` goes on in the middle "
         "of a run; `auto` is as often as takes a hundredth of the time, and not more "
         "than once a second."},
    {GRADUS_FIELD(params_t, quiet), .choices = "no|yes",
     .help = "Print nothing but errors."},
    {0}};

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const params_t *p = call->own.values;
    gradus_race_options options = {
        .folder = p->output,
        .resume = p->resume,
        .quiet = p->quiet,
        .checkpoint_every =
            gradus_real_given(p->checkpoint_every) ? p->checkpoint_every : 0,
        .threads = gradus_integer_given(p->threads) ? (size_t)p->threads : 0};
    (void)status;
    return gradus_race(call->operands[0], &options, why);
}

const gradus_command gradus_command_race = {
    .name = "race",
    .brief = "Run every method of a study with every seed",
    .notes =
        "A study is a YAML file with the keys study, question, problem {name and its "
        "keys}, "
        "batch, sampling, seeds, budget {updates, passes, evaluations, cpu_seconds, "
        "wall_seconds}, "
        "measure {every, examples}, target (one or a list; it stops no run) or minimum and "
        "gap, "
        "gradient_tolerance, value_tolerance, step_tolerance, methods, each with name, "
        "label, its own keys, and a batch or a budget where it differs, and vary, record, "
        "starts and claims (see Studies in the manual).  A verdict on a claim is a result "
        "and "
        "does not change the exit status.  A method that "
        "diverges or cannot go on is its result; the race goes on.  The first Ctrl-C ends "
        "the race after the current update, and --resume goes on with it; the second ends "
        "the program at once.",
    .operands = "STUDY.yaml",
    .least_operands = 1,
    .most_operands = 1,
    .params = params,
    .params_size = sizeof(params_t),
    .act = act,
};
