/* Targets that follow from the traces of a method.  */

#include "harness/record/targets_settle.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/results/statistics.h"

#include <math.h>
#include <string.h>

typedef struct {
    gradus_study *study;
    json_t *const *records;
    const char *folder;
    gradus_error *why;
    double *lowest; /* of the reference's runs */
} settling_t;

static gradus_err open_trace(gradus_trace *trace, const settling_t *s,
                             const json_t *record) {
    const char *name = json_string_value(json_object_get(record, "trace"));
    char *path = gradus_folder_path(s->folder, "%s", name ? name : "");
    if (!path)
        return gradus_fail(s->why, GRADUS_ENOMEM, "%s: out of memory", s->folder);
    gradus_err err = gradus_trace_open(trace, path, s->why);
    gradus_free(path);
    return err;
}

/* Of one run; infinite when it has no finite value.  */
static gradus_err lowest_of(const settling_t *s, const json_t *record, double *lowest) {
    gradus_trace trace;
    gradus_err err = open_trace(&trace, s, record);
    *lowest = INFINITY;
    if (err)
        return err;
    for (size_t i = 0; i < trace.rows; i++)
        *lowest = fmin(*lowest, trace.column[GRADUS_COLUMN_VALUE][i]);
    gradus_trace_close(&trace);
    return GRADUS_OK;
}

/* NaN when runs are missing, or most of them have no value.  */
static gradus_err settle(settling_t *s, gradus_variant *variant, size_t target) {
    const gradus_study *study = s->study;
    size_t count = 0;
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < gradus_study_runs(study) && !err; i++) {
        const gradus_entrant *entrant = gradus_study_entrant(study, i);
        if (entrant->variant != variant ||
            strcmp(entrant->label, study->reference[target]) != 0)
            continue;
        if (!s->records[i])
            return GRADUS_OK;
        err = lowest_of(s, s->records[i], &s->lowest[count++]);
    }
    /* The higher of two in the middle: else half of the reference's own runs would miss it,
       and so would their median.  */
    gradus_quantile(s->lowest, count, 0.5); /* sorts */
    if (count > 0 && isfinite(s->lowest[count / 2]))
        variant->targets[target] = s->lowest[count / 2];
    return err;
}

/* What the run of RECORD reached of the targets that have been settled.  */
static gradus_err fill_in(const settling_t *s, json_t *record,
                          const gradus_variant *variant) {
    json_t *list = json_object_get(record, "targets");
    gradus_trace trace;
    gradus_err err = open_trace(&trace, s, record);
    if (err)
        return err;
    int failed = 0;
    for (size_t t = 0; t < s->study->target_count; t++) {
        double target = variant->targets[t];
        double update = gradus_trace_reached(&trace, target, GRADUS_COLUMN_UPDATE);
        if (s->study->reference[t] && isfinite(update))
            failed |= json_array_set_new(
                list, t,
                json_pack("{s:f, s:I, s:f, s:f, s:f}", "target", target, "updates",
                          (json_int_t)update, "passes",
                          gradus_trace_reached(&trace, target, GRADUS_COLUMN_PASSES),
                          "cpu_seconds",
                          gradus_trace_reached(&trace, target, GRADUS_COLUMN_CPU),
                          "wall_seconds",
                          gradus_trace_reached(&trace, target, GRADUS_COLUMN_WALL)));
    }
    gradus_trace_close(&trace);
    return failed ? gradus_fail(s->why, GRADUS_ENOMEM, "%s: out of memory", s->folder)
                  : GRADUS_OK;
}

gradus_err gradus_targets_settle(gradus_study *study, json_t *const records[],
                                 const char *folder, gradus_error *why) {
    settling_t s = {study, records, folder, why, GRADUS_NEW(study->seed_count, double)};
    gradus_err err =
        s.lowest ? GRADUS_OK : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    bool any = false;
    for (size_t t = 0; t < study->target_count && !err; t++) {
        any = any || study->reference[t];
        for (size_t v = 0; v < study->variant_count && study->reference[t] && !err; v++)
            err = settle(&s, &study->variants[v], t);
    }
    for (size_t i = 0; any && i < gradus_study_runs(study) && !err; i++)
        if (records[i])
            err = fill_in(&s, records[i], gradus_study_entrant(study, i)->variant);
    gradus_free(s.lowest);
    return err;
}
