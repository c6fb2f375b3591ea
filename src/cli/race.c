/* gradus race: a study into a results folder.  */

#include "cli/command.h"
#include "harness/race/race.h"
#include "harness/race/repeat.h"

#include <math.h>
#include <string.h>

typedef struct {
    char *output;
    long resume, threads, at_once;
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
         "Threads of the race; the results do not depend on it.  `auto` is 1, or as many "
         "as the race was begun with."},
    {GRADUS_FIELD(params_t, at_once), .minimum = 1, .maximum = 1024, .unset = "auto",
     .help =
         "Runs side by side: 1, or as many as threads, each then a process with one "
         "thread; "
         "`auto` is the latter, but 1 when the study is about time: when a budget is in "
         "seconds or a claim speaks of CPU or wall."},
    {GRADUS_FIELD(params_t, checkpoint_every), .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM, .unset = "auto",
     .help =
         "Wall seconds between checkpoints, from which `--resume` goes on in the middle "
         "of a run; `auto` is as often as takes a hundredth of the time, and not more "
         "than once a second."},
    {GRADUS_FIELD(params_t, quiet), .choices = "no|yes",
     .help = "Print nothing but errors."},
    {0}};

static bool is_manifest(const char *path) {
    static const char ENDING[] = ".json";
    size_t length = strlen(path), ending = sizeof ENDING - 1;
    return length >= ending && strcmp(path + length - ending, ENDING) == 0;
}

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const params_t *p = call->own.values;
    gradus_race_options options = {
        .folder = p->output,
        .resume = p->resume,
        .quiet = p->quiet,
        .checkpoint_every =
            gradus_real_given(p->checkpoint_every) ? p->checkpoint_every : 0,
        .at_once = gradus_integer_given(p->at_once) ? (size_t)p->at_once : 0,
        .threads = gradus_integer_given(p->threads) ? (size_t)p->threads : 0};
    const char *study = call->operands[0];
    if (!is_manifest(study))
        return gradus_race(study, &options, why);
    bool same;
    gradus_err err = gradus_repeat(study, &options, &same, why);
    if (!err && !same)
        *status = GRADUS_EXIT_FAILED;
    return err;
}

const gradus_command gradus_command_race = {
    .name = "race",
    .brief = "Run every method of a study with every seed, or repeat a race",
    .notes =
        "A study is a YAML file with the keys study, question, problem {name and its "
        "keys}, "
        "batch, sampling, seeds, budget {updates, passes, evaluations, cpu_seconds, "
        "wall_seconds}, "
        "measure {every, examples, test_examples}, target (one or a list; it stops no run) "
        "or minimum and "
        "gap, baseline, "
        "gradient_tolerance, value_tolerance, step_tolerance, methods, each with name, "
        "label, its own keys, tune, and a batch or a budget where it differs, and tuning, "
        "vary, profiles, record, starts and claims (see Studies in the manual).  A verdict "
        "on a claim is a result "
        "and "
        "does not change the exit status.  A method that "
        "diverges or cannot go on is its result; the race goes on.  The first Ctrl-C ends "
        "the race with the evaluation at hand, and --resume goes on with it; the second "
        "ends "
        "the program at once.\n\n"
        "Given the manifest.json of a results folder, the command races its study again, "
        "by "
        "default into results/ and the study's name with -repeated, and says whether every "
        "trace has the same numbers, times aside; where not, the exit status is 1, and "
        "what "
        "is different in build, machine and data is listed.",
    .operands = "STUDY.yaml|manifest.json",
    .least_operands = 1,
    .most_operands = 1,
    .params = params,
    .params_size = sizeof(params_t),
    .act = act,
};
