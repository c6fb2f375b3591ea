/* gradus solve: one run of one method on one problem.

   Outputs are opened before anything else, so that a mistake in them costs no work, and
   written whatever ends the run.  */

#include "base/memory.h"
#include "cli/command.h"
#include "cli/point.h"
#include "core/clock.h"
#include "core/run.h"
#include "data/vector_file.h"
#include "harness/io/json.h"
#include "harness/io/output.h"
#include "harness/run/checkpoint_file.h"
#include "harness/run/drive.h"
#include "harness/run/interrupt.h"
#include "harness/run/progress.h"
#include "harness/run/summary.h"
#include "harness/run/trace.h"

#include <math.h>
#include <sys/stat.h>

typedef struct {
    char *problem, *method, *start, *trace, *summary, *save, *checkpoint;
    double checkpoint_every;
    char *resume_from;
    long threads, quiet;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, problem), .unset = "none",
     .help = "The problem, name:key=value,key=value; a backslash takes a comma or a "
             "backslash in a value literally."},
    {GRADUS_FIELD(params_t, method), .unset = "none",
     .help = "The method, in the same form."},
    {GRADUS_FIELD(params_t, start), .text = "default",
     .help = "Where to start: " GRADUS_POINT_HELP},
    {GRADUS_FIELD(params_t, trace), .unset = "none",
     .help = "CSV file for the trace, a row a measurement."},
    {GRADUS_FIELD(params_t, summary), .unset = "none",
     .help = "JSON file for the summary."},
    {GRADUS_FIELD(params_t, save), .unset = "none",
     .help =
         "HDF5 file for the last parameters, dataset `/parameters`; when the run diverged, "
         "for the best ones measured."},
    {GRADUS_FIELD(params_t, checkpoint), .unset = "none",
     .help = "HDF5 file for all that is needed to go on with the run; written when the run "
             "stops as asked or by Ctrl-C, if that did not come inside an update."},
    {GRADUS_FIELD(params_t, checkpoint_every), .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM, .unset = "none",
     .help = "Wall seconds after which the checkpoint is also written during the run."},
    {GRADUS_FIELD(params_t, resume_from), .unset = "none",
     .help = "A file written by `--checkpoint`, to go on with as if the run had not ended: "
             "the problem, the method and the options must be the same, but for budgets, "
             "tolerances, target and `--measure-every`.  The trace begins there."},
    {GRADUS_FIELD(params_t, threads), .initial = 1, .minimum = 1, .maximum = 1024,
     .help = "Threads; the results do not depend on it."},
    {GRADUS_FIELD(params_t, quiet), .choices = "no|yes",
     .help = "Print nothing but errors."},
    {0}};

typedef struct {
    const params_t *p;
    gradus_output trace, summary;
    gradus_output save, checkpoint; /* only while they are tried */
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_progress progress;
    gradus_row last;
    double written;         /* wall seconds when the checkpoint was */
    size_t written_at;      /* the update; SIZE_MAX: not yet */
    gradus_error unwritten; /* why it could not be; ends the run */
} solve_t;

/* ---- Outputs ---- */

static void abandon_outputs(solve_t *s) {
    gradus_output_abandon(&s->trace);
    gradus_output_abandon(&s->summary);
    gradus_output_abandon(&s->save);
    gradus_output_abandon(&s->checkpoint);
}

/* HDF5 files are written later; whether they can be is tried now.  */
static gradus_err try_hdf5(gradus_output *out, const char *option, const char *path,
                           gradus_error *why) {
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return gradus_fail(why, GRADUS_EINPUT, "--%s %s: expected a regular file", option,
                           path);
    return gradus_output_open(out, path, why);
}

static gradus_err open_outputs(solve_t *s, gradus_error *why) {
    const params_t *p = s->p;
    const struct {
        const char *option, *path;
        gradus_output *out;
        bool hdf5;
    } outputs[] = {{"trace", p->trace, &s->trace, false},
                   {"summary", p->summary, &s->summary, false},
                   {"save", p->save, &s->save, true},
                   {"checkpoint", p->checkpoint, &s->checkpoint, true}};
    enum { OUTPUTS = sizeof outputs / sizeof *outputs };
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && i < OUTPUTS; i++)
        if (outputs[i].path)
            err = outputs[i].hdf5
                      ? try_hdf5(outputs[i].out, outputs[i].option, outputs[i].path, why)
                      : gradus_output_open(outputs[i].out, outputs[i].path, why);
    for (size_t i = 0; !err && i < OUTPUTS; i++)
        for (size_t j = i + 1; !err && j < OUTPUTS; j++)
            if (gradus_output_is_same(outputs[i].out, outputs[j].out))
                err = gradus_fail(why, GRADUS_EINPUT,
                                  "--%s %s: another output has the same path",
                                  outputs[i].option, outputs[i].path);
    if (!err) {
        gradus_output_abandon(&s->save);
        gradus_output_abandon(&s->checkpoint);
    }
    return err;
}

static gradus_err save_parameters(solve_t *s, gradus_error *why) {
    const params_t *p = s->p;
    if (!p->save)
        return GRADUS_OK;
    const char *which;
    const double *x = gradus_summary_point(s->run, &which);
    gradus_err err = gradus_vector_write(p->save, gradus_problem_dimension(s->problem), x,
                                         p->problem, p->method, why);
    return err == GRADUS_EINPUT ? GRADUS_EIO : err; /* the path was good before the run */
}

static gradus_err write_summary(solve_t *s, gradus_error *why) {
    json_t *json = gradus_summary(s->run, &s->last, s->p->problem, s->p->method);
    if (!json)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", s->p->summary);
    gradus_err err = gradus_json_commit(json, &s->summary, why);
    json_decref(json);
    return err;
}

/* Writes all that can be written; the first failure is the one that is told.  */
static gradus_err write_outputs(solve_t *s, gradus_error *why) {
    gradus_err save = save_parameters(s, why), trace = GRADUS_OK, summary = GRADUS_OK;
    if (s->p->trace)
        trace = gradus_output_commit(&s->trace, save ? NULL : why);
    if (s->p->summary)
        summary = write_summary(s, save || trace ? NULL : why);
    return save ? save : trace ? trace : summary;
}

/* ---- The checkpoint ---- */

static bool is_given(const gradus_call *call, const char *key) {
    return gradus_settings_is_given(&call->own, gradus_param_find(params, key));
}

static gradus_err check_options(const gradus_call *call, gradus_error *why) {
    if (is_given(call, "checkpoint_every") && !is_given(call, "checkpoint"))
        return gradus_fail(why, GRADUS_EINPUT, "--checkpoint-every needs --checkpoint");
    if (is_given(call, "resume_from") && is_given(call, "start"))
        return gradus_fail(why, GRADUS_EINPUT,
                           "--start and --resume-from cannot both be given: a checkpoint "
                           "has its own point");
    return GRADUS_OK;
}

static gradus_err write_checkpoint(solve_t *s, gradus_error *why) {
    gradus_err err = gradus_checkpoint_write(s->run, s->p->checkpoint, why);
    if (err == GRADUS_EINPUT)
        err = why->code = GRADUS_EIO; /* the path was good before the run */
    s->written = gradus_times_now().wall;
    s->written_at = gradus_run_updates(s->run);
    return err;
}

/* After an update.  What stops the run is known before its last measurement, which is no
   part of a run that goes on.  */
static void keep_checkpoint(solve_t *s) {
    if (!s->p->checkpoint || s->unwritten.code)
        return;
    bool due = gradus_real_given(s->p->checkpoint_every) &&
               gradus_times_now().wall - s->written >= s->p->checkpoint_every;
    if ((due || gradus_run_test(s->run) > GRADUS_RUNNING) &&
        write_checkpoint(s, &s->unwritten))
        gradus_run_interrupt(s->run);
}

/* An update that was taken back leaves nothing to go on from.  */
static void tell_unsaved(const solve_t *s) {
    if (s->written_at == SIZE_MAX)
        fprintf(stderr,
                "gradus: %s: not written, since the interrupt came inside an update; "
                "--checkpoint-every keeps one during the run\n",
                s->p->checkpoint);
    else
        fprintf(stderr,
                "gradus: %s: holds update %zu, since the interrupt came inside "
                "update %zu\n",
                s->p->checkpoint, s->written_at, gradus_run_updates(s->run) + 1);
}

/* At the end, if it was not written there: there was no update, or Ctrl-C came just then.  */
static gradus_err finish_checkpoint(solve_t *s, gradus_error *why) {
    if (s->unwritten.code)
        return gradus_fail(why, s->unwritten.code, "%s", s->unwritten.text);
    bool written = s->written_at == gradus_run_updates(s->run);
    if (!s->p->checkpoint || written || gradus_run_stop(s->run) < GRADUS_RUNNING)
        return GRADUS_OK;
    if (gradus_run_abandoned(s->run)) {
        tell_unsaved(s);
        return GRADUS_OK;
    }
    return write_checkpoint(s, why);
}

/* ---- The run ---- */

static gradus_err open_run(solve_t *s, gradus_settings *settings, gradus_error *why) {
    const params_t *p = s->p;
    double *start = NULL;
    gradus_err err =
        gradus_problem_create(&s->problem, p->problem, (size_t)p->threads, why);
    if (!err)
        err = gradus_method_create(&s->method, p->method, why);
    if (!err) {
        const gradus_run_values *values = settings->values;
        err = gradus_point_read(&start, p->start, s->problem, (uint64_t)values->seed, why);
    }
    if (!err)
        err =
            gradus_run_open_settings(&s->run, s->problem, s->method, start, settings, why);
    if (!err && p->resume_from)
        err = gradus_checkpoint_read(s->run, p->resume_from, why);
    gradus_free(start);
    return err;
}

static gradus_err observe(void *context, const gradus_row *row, gradus_error *why) {
    solve_t *s = context;
    gradus_progress_row(&s->progress, row);
    if (!s->trace.file)
        return GRADUS_OK;
    gradus_trace_row(s->trace.file, row, NULL, 0);
    return gradus_output_check(&s->trace, why);
}

static void tick(void *context, const gradus_run *run) {
    solve_t *s = context;
    gradus_progress_tick(&s->progress, gradus_run_updates(run));
    keep_checkpoint(s);
}

static void print_result(const solve_t *s) {
    const gradus_row *row = &s->last;
    const char *detail = gradus_run_detail(s->run);
    printf("%s on %s: %s%s%s\n", s->p->method, s->p->problem,
           gradus_stop_text(gradus_run_stop(s->run)), *detail ? "; " : "", detail);
    printf("  value          %.17g\n", row->train_value);
    printf("  gradient norm  %.6g\n", row->gradient_norm);
    double bound = gradus_problem_gap_bound(gradus_run_problem(s->run), row->gradient_norm);
    if (!isnan(bound))
        printf("  above minimum  %.6g at most\n", bound);
    if (row->test.accuracy >= 0)
        printf("  test accuracy  %.6g\n", row->test.accuracy);
    printf("  updates        %zu\n", row->update);
    printf("  passes         %.6g\n", row->passes);
    printf("  CPU-seconds    %.6g\n", row->cpu_seconds);
}

static gradus_err drive(solve_t *s, gradus_error *why) {
    gradus_interrupt_watch(s->run);
    if (s->trace.file)
        gradus_trace_header(s->trace.file, NULL);
    s->progress = gradus_progress_open(!s->p->quiet, 1);
    gradus_progress_begin(&s->progress, 1, s->p->method, s->run);
    s->written = gradus_times_now().wall;
    s->written_at = SIZE_MAX;
    gradus_err err = gradus_drive(s->run, NULL, observe, tick, s, &s->last, why);
    gradus_progress_clear(&s->progress);
    if (err == GRADUS_EIO) /* the trace has no room: keep at least where the run got to */
        save_parameters(s, NULL);
    if (err)
        return err;
    gradus_err checkpoint = finish_checkpoint(s, why);
    err = write_outputs(s, checkpoint ? NULL : why);
    return checkpoint ? checkpoint : err;
}

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    solve_t s = {.p = call->own.values};
    gradus_interrupt_watch(NULL); /* from here on there are files to be put in order */
    gradus_err err = check_options(call, why);
    if (!err)
        err = open_outputs(&s, why);
    if (!err)
        err = open_run(&s, &call->run, why);
    if (!err)
        err = drive(&s, why);
    if (!err && !s.p->quiet)
        print_result(&s);
    if (!err && gradus_run_stop(s.run) < GRADUS_RUNNING) {
        const char *detail = gradus_run_detail(s.run);
        *status = GRADUS_EXIT_FAILED;
        gradus_fail(why, GRADUS_OK, "%s on %s: %s%s%s", s.p->method, s.p->problem,
                    gradus_stop_text(gradus_run_stop(s.run)), *detail ? "; " : "", detail);
    }
    abandon_outputs(&s);
    gradus_interrupt_watch(NULL);
    gradus_run_close(s.run);
    gradus_method_close(s.method);
    gradus_problem_close(s.problem);
    return err;
}

const gradus_command gradus_command_solve = {
    .name = "solve",
    .brief = "Run one method on one problem",
    .notes =
        "The first Ctrl-C ends the run with the evaluation at hand, with everything "
        "written: an update that would need another one is taken back.  The second ends "
        "the program at once.",
    .params = params,
    .params_size = sizeof(params_t),
    .required = 2,
    .takes_run = true,
    .act = act,
};
