/* The loop of a run.

   A row is handed on when the update after it has been made.  When that update turns out
   impossible or is interrupted, its point is the last one, and the row of the last point is over all data and
   carries the cost of the attempt.  So every update has at most one row, and the last has
   exactly one.  */

#include "harness/run/drive.h"

static gradus_err measure(gradus_run *run, bool everything, gradus_prober probe,
                          void *context, gradus_row *row, gradus_error *why) {
    gradus_err err = gradus_run_measure(run, everything, row, why);
    return !err && probe ? probe(context, run, why) : err;
}

/* One update, after a measurement when it is due.  */
static gradus_err advance(gradus_run *run, gradus_prober probe, gradus_observer observe,
                          gradus_ticker tick, void *context, gradus_error *why) {
    gradus_row row;
    bool due = gradus_run_due(run);
    size_t updates = gradus_run_updates(run);
    gradus_err err = due ? measure(run, false, probe, context, &row, why) : GRADUS_OK;
    if (!err)
        err = gradus_run_step(run, why);
    if (err || gradus_run_updates(run) == updates)
        return err;
    if (due)
        err = observe(context, &row, why);
    if (!err && tick)
        tick(context, run);
    return err;
}

gradus_err gradus_drive(gradus_run *run, gradus_prober probe, gradus_observer observe,
                        gradus_ticker tick, void *context, gradus_row *last,
                        gradus_error *why) {
    gradus_err err = GRADUS_OK;
    while (!err && gradus_run_test(run) == GRADUS_RUNNING)
        err = advance(run, probe, observe, tick, context, why);
    if (!err)
        err = measure(run, true, probe, context, last, why);
    if (!err)
        err = observe(context, last, why);
    return err;
}
