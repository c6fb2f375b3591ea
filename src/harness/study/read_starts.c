/* The grid of starts: `starts: {points: N, x: [LOW, HIGH], y: [LOW, HIGH]}`.  */

#include "harness/study/reader.h"

#include <math.h>

/* The values of `starts:`, read like any other parameters.  */
typedef struct {
    long points;
    double bound; /* of a side */
} values_t;

static const gradus_param rows[] = {
    {GRADUS_FIELD(values_t, points), .initial = 41, .minimum = 2, .maximum = 401,
     .help = "Starts along either side."},
    {GRADUS_FIELD(values_t, bound), .minimum = -1e9, .maximum = 1e9,
     .help = "Where a side begins or ends."},
    {0}};

static gradus_err read_value(gradus_study_reader *r, const yaml_node_t *node,
                             const char *key, values_t *out) {
    gradus_settings settings;
    gradus_err err =
        gradus_settings_open(&settings, "starts", rows, sizeof(values_t), r->why);
    if (!err)
        err = gradus_reader_set(r, &settings, key, node);
    if (!err)
        *out = *(const values_t *)settings.values;
    gradus_settings_close(&settings);
    return err;
}

static gradus_err read_side(gradus_study_reader *r, const yaml_node_t *map, const char *key,
                            double *low, double *high) {
    const yaml_node_t *list;
    gradus_err err = gradus_reader_required(r, map, "starts", key, &list);
    if (!err)
        err = gradus_document_list(&r->document, list, key, r->why);
    if (err)
        return err;
    if (gradus_list_count(list) == 2) {
        values_t first, second;
        err = read_value(r, gradus_list_item(&r->document, list, 0), "bound", &first);
        if (!err)
            err = read_value(r, gradus_list_item(&r->document, list, 1), "bound", &second);
        if (err)
            return err;
        *low = first.bound;
        *high = second.bound;
        if (*low < *high)
            return GRADUS_OK;
    }
    return gradus_document_fail(&r->document, list, r->why,
                                "starts: %s: expected [LOW, HIGH], the one below the other",
                                key);
}

gradus_err gradus_reader_starts(gradus_study_reader *r, const yaml_node_t *root) {
    static const char *const keys[] = {"points", "x", "y", NULL};
    static const char *const sides[] = {"x", "y"};
    gradus_starts *starts = &r->study->starts;
    values_t values;
    const yaml_node_t *points, *map = gradus_reader_find(r, root, "starts");
    if (!map)
        return GRADUS_OK;
    r->study->starts_line = gradus_node_line(map);
    gradus_err err = gradus_reader_keys(r, map, "starts", keys);
    if (!err && r->study->varied)
        err =
            gradus_document_fail(&r->document, map, r->why,
                                 "starts: the study varies %s, and a grid of starts is of "
                                 "one problem and one setting",
                                 r->study->varied);
    if (!err)
        err = gradus_reader_required(r, map, "starts", "points", &points);
    if (!err)
        err = read_value(r, points, "points", &values);
    if (!err)
        starts->points = (size_t)values.points;
    for (size_t a = 0; a < 2 && !err; a++)
        err = read_side(r, map, sides[a], &starts->low[a], &starts->high[a]);
    return err;
}
