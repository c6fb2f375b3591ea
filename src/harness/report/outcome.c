/* The outcome of a race.  */

#include "harness/report/outcome.h"

#include "harness/analysis/verdicts.h"
#include "harness/record/unfinished.h"

gradus_err gradus_outcome_open(gradus_outcome *outcome, const char *folder,
                               gradus_error *why) {
    *outcome = (gradus_outcome){0};
    gradus_err err = gradus_unfinished_open(&outcome->results, folder, why);
    if (!err)
        err = gradus_claims_judge(&outcome->verdicts, &outcome->results, why);
    if (err)
        gradus_outcome_close(outcome);
    return err;
}

void gradus_outcome_close(gradus_outcome *outcome) {
    json_decref(outcome->verdicts);
    gradus_results_close(&outcome->results);
    *outcome = (gradus_outcome){0};
}
