/* Reading a search, and its points.

   A point of a range is at a share p of the way from its low end to its high one, on a
   logarithmic scale where the parameter's row says so, and has DIGITS significant digits.
   In a grid p = i / (points - 1); in the quasi-random search p is a coordinate of the
   sequence, the same for every method and every run of the program.  */

#include "harness/study/read_search.h"

#include "base/memory.h"
#include "base/text.h"

#include <gsl/gsl_qrng.h>

#include <math.h>
#include <string.h>

enum { DIGITS = 6 };

static const char *const own_keys[] = {"search", "trials", NULL};

static gradus_err refuse(gradus_study_reader *r, const gradus_tune_search_axis *axis,
                         const char *what) {
    return gradus_document_fail(&r->document, axis->node, r->why, "tune: %s: %s",
                                axis->row->name, what);
}

/* ---- Numbers of `tune:` itself ---- */

static gradus_err read_number(gradus_study_reader *r, const yaml_node_t *node,
                              const char *what, double *out) {
    const char *text;
    char *end;
    gradus_err err = gradus_document_text(&r->document, node, what, &text, r->why);
    if (err)
        return err;
    *out = gradus_text_read_real(text, &end);
    if (end != text && !*end && isfinite(*out))
        return GRADUS_OK;
    return gradus_document_fail(&r->document, node, r->why,
                                "tune: %s: expected a finite number, not '%s'", what, text);
}

static gradus_err read_count(gradus_study_reader *r, const yaml_node_t *node,
                             const char *what, size_t *out) {
    double number = 0;
    gradus_err err = read_number(r, node, what, &number);
    if (!err &&
        !(number >= 1 && number <= GRADUS_MOST_ENTRANTS && !(number > floor(number))))
        err = gradus_document_fail(&r->document, node, r->why,
                                   "tune: %s: expected a whole number from 1 to %d", what,
                                   GRADUS_MOST_ENTRANTS);
    if (!err)
        *out = (size_t)number;
    return err;
}

/* ---- Axes ---- */

static gradus_err read_list(gradus_study_reader *r, gradus_tune_search_axis *axis) {
    gradus_err err =
        gradus_document_list(&r->document, axis->node, axis->row->name, r->why);
    axis->is_list = true;
    axis->count = err ? 0 : gradus_list_count(axis->node);
    for (size_t i = 0; i < axis->count && !err; i++) {
        const yaml_node_t *item = gradus_list_item(&r->document, axis->node, i);
        const char *text;
        err = gradus_document_text(&r->document, item, axis->row->name, &text, r->why);
        for (size_t j = 0; j < i && !err; j++)
            if (strcmp(gradus_node_text(gradus_list_item(&r->document, axis->node, j)),
                       text) == 0)
                err = gradus_document_fail(&r->document, item, r->why,
                                           "tune: %s: '%s' is given twice", axis->row->name,
                                           text);
    }
    return err;
}

static gradus_err read_range(gradus_study_reader *r, gradus_tune_search_axis *axis) {
    static const char *const keys[] = {"low", "high", "points", NULL};
    const yaml_node_t *low = NULL, *high = NULL;
    const char *name = axis->row->name;
    gradus_err err = gradus_reader_keys(r, axis->node, name, keys);
    if (!err)
        err = gradus_reader_required(r, axis->node, name, "low", &low);
    if (!err)
        err = gradus_reader_required(r, axis->node, name, "high", &high);
    if (!err)
        err = read_number(r, low, "low", &axis->low);
    if (!err)
        err = read_number(r, high, "high", &axis->high);
    const yaml_node_t *points = err ? NULL : gradus_reader_find(r, axis->node, "points");
    if (!err && points)
        err = read_count(r, points, "points", &axis->count);
    if (err)
        return err;
    if (axis->row->kind == GRADUS_TEXT || axis->row->choices)
        return refuse(r, axis, "is no number; give a list of values");
    if (!(axis->low < axis->high))
        return refuse(r, axis, "expected low < high");
    if (axis->row->flags & GRADUS_LOG && !(axis->low > 0))
        return refuse(r, axis, "its scale is logarithmic, so low must be above 0");
    return GRADUS_OK;
}

static gradus_err use_table(gradus_study_reader *r, gradus_tune_search_axis *axis) {
    if (axis->row->grid.points == 0)
        return refuse(r, axis,
                      "its table has no grid; give a list of values or {low, high}");
    axis->low = axis->row->grid.low;
    axis->high = axis->row->grid.high;
    axis->count = (size_t)axis->row->grid.points;
    return GRADUS_OK;
}

static gradus_err read_axis(gradus_study_reader *r, gradus_tune_search_axis *axis) {
    if (axis->node->type == YAML_SEQUENCE_NODE)
        return read_list(r, axis);
    if (axis->node->type == YAML_MAPPING_NODE)
        return read_range(r, axis);
    if (strcmp(gradus_node_text(axis->node), "table") == 0)
        return use_table(r, axis);
    return refuse(r, axis, "expected a list of values, {low, high} or the word table");
}

/* The axes that are named, each a parameter that does not vary.  */
static gradus_err read_named(gradus_tune_search *s, gradus_study_reader *r,
                             const gradus_method_type *type) {
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < gradus_map_count(s->node) && !err; i++) {
        const yaml_node_t *key = gradus_map_key(&r->document, s->node, i);
        const char *name = gradus_node_text(key);
        if (gradus_is_among(own_keys, name))
            continue;
        const gradus_param *row = gradus_param_find(type->params, name);
        if (!row)
            return gradus_reader_unknown_key(r, key, "tune", own_keys, type->params);
        s->axis[s->axes] = (gradus_tune_search_axis){
            .row = row, .node = gradus_map_value(&r->document, s->node, i)};
        err = gradus_reader_not_varied(r, key, "methods");
        if (!err)
            err = read_axis(r, &s->axis[s->axes++]);
    }
    return err;
}

/* When none is named: all that the table would tune, and the study does not give.  */
static gradus_err use_tables(gradus_tune_search *s, gradus_study_reader *r,
                             const yaml_node_t *map, const gradus_method_type *type) {
    const char *varied = gradus_reader_varied(r, "methods");
    for (const gradus_param *row = type->params; row && row->name; row++) {
        if (row->grid.points == 0 || gradus_reader_find(r, map, row->name) ||
            (varied && strcmp(varied, row->name) == 0))
            continue;
        s->axis[s->axes] = (gradus_tune_search_axis){.row = row, .node = s->node};
        gradus_err err = use_table(r, &s->axis[s->axes++]);
        if (err)
            return err;
    }
    return s->axes > 0 ? GRADUS_OK
                       : gradus_document_fail(&r->document, s->node, r->why,
                                              "tune: the table of %s leaves nothing to "
                                              "tune; name a parameter and its values",
                                              type->name);
}

/* ---- How many ---- */

static gradus_err count_grid(gradus_tune_search *s, gradus_study_reader *r) {
    size_t points = 1;
    const yaml_node_t *node = gradus_reader_find(r, s->node, "trials");
    for (size_t i = 0; i < s->axes; i++) {
        if (s->axis[i].count == 0)
            return refuse(r, &s->axis[i],
                          "a range in a grid needs how many: {low, high, points}");
        if (points > GRADUS_MOST_ENTRANTS / s->axis[i].count)
            return gradus_document_fail(&r->document, s->node, r->why,
                                        "tune: the grid has more than %d points",
                                        GRADUS_MOST_ENTRANTS);
        points *= s->axis[i].count;
    }
    gradus_err err = node ? read_count(r, node, "trials", &s->trials) : GRADUS_OK;
    if (!err && node && s->trials != points)
        err = gradus_document_fail(&r->document, node, r->why,
                                   "tune: the grid has %zu points, and trials says %zu",
                                   points, s->trials);
    s->trials = points;
    return err;
}

/* Not gsl_qrng_alloc, which ends the process when there is no memory.  */
static gradus_err count_sequence(gradus_tune_search *s, gradus_study_reader *r) {
    const yaml_node_t *node;
    gradus_err err =
        gradus_reader_required(r, s->node, "a quasi-random `tune:`", "trials", &node);
    if (!err)
        err = read_count(r, node, "trials", &s->trials);
    if (err)
        return err;
    unsigned axes = (unsigned)s->axes;
    s->sequence = gradus_allocate(1, gsl_qrng_halton->state_size(axes));
    s->place = GRADUS_NEW(s->axes, double);
    if (!s->sequence || !s->place)
        return gradus_reader_no_memory(r);
    gsl_qrng_halton->init_state(s->sequence, axes);
    return GRADUS_OK;
}

static gradus_err read_search(gradus_tune_search *s, gradus_study_reader *r) {
    const yaml_node_t *node = gradus_reader_find(r, s->node, "search");
    const char *word = "grid";
    gradus_err err = node
                         ? gradus_document_text(&r->document, node, "search", &word, r->why)
                         : GRADUS_OK;
    if (err)
        return err;
    s->quasi_random = strcmp(word, "quasi-random") == 0;
    if (!s->quasi_random && strcmp(word, "grid") != 0)
        return gradus_document_fail(&r->document, node, r->why,
                                    "tune: search: expected grid or quasi-random, not '%s'",
                                    word);
    return s->quasi_random ? count_sequence(s, r) : count_grid(s, r);
}

static size_t count_names(const char *const names[]) {
    size_t count = 0;
    while (names[count])
        count++;
    return count;
}

gradus_err gradus_tune_search_open(gradus_tune_search *s, gradus_study_reader *r,
                                   const yaml_node_t *map, const gradus_method_type *type,
                                   const char *const others[]) {
    *s = (gradus_tune_search){.node = gradus_reader_find(r, map, "tune")};
    size_t rows = 0, known = count_names(others);
    gradus_err err = gradus_document_map(&r->document, s->node, "tune", r->why);
    if (err)
        return err;
    while (type->params && type->params[rows].name)
        rows++;
    s->axis = GRADUS_NEW(rows, gradus_tune_search_axis);
    s->others = GRADUS_NEW(known + rows + 1, const char *);
    if (!s->axis || !s->others)
        return gradus_reader_no_memory(r);
    err = read_named(s, r, type);
    if (!err && s->axes == 0)
        err = use_tables(s, r, map, type);
    if (!err)
        err = read_search(s, r);
    memcpy(s->others, others, known * sizeof *others);
    for (size_t i = 0; i < s->axes; i++)
        s->others[known + i] = s->axis[i].row->name;
    return err;
}

void gradus_tune_search_close(gradus_tune_search *s) {
    gradus_free(s->axis);
    gradus_free(s->others);
    gradus_free(s->sequence);
    gradus_free(s->place);
    *s = (gradus_tune_search){0};
}

/* ---- Points ---- */

static double value_at(const gradus_tune_search_axis *axis, double share) {
    bool geometric = axis->row->flags & GRADUS_LOG;
    double low = geometric ? log(axis->low) : axis->low,
           high = geometric ? log(axis->high) : axis->high;
    double value = low + share * (high - low);
    value = geometric ? exp(value) : value;
    return axis->row->kind == GRADUS_INTEGER ? round(value) : value;
}

static gradus_err set_range(const gradus_tune_search_axis *axis, gradus_study_reader *r,
                            double share, gradus_settings *settings) {
    char text[GRADUS_VALUE_SIZE];
    gradus_error reason;
    gradus_text_write_real(text, sizeof text, DIGITS, value_at(axis, share));
    gradus_err err = gradus_settings_set(settings, axis->row->name, text, &reason);
    if (err == GRADUS_EINPUT)
        return gradus_document_fail(&r->document, axis->node, r->why, "tune: %s",
                                    reason.text);
    return err ? gradus_reader_no_memory(r) : GRADUS_OK;
}

static gradus_err set_axis(const gradus_tune_search_axis *axis, gradus_study_reader *r,
                           size_t index, double share, gradus_settings *settings) {
    return axis->is_list
               ? gradus_reader_set(r, settings, axis->row->name,
                                   gradus_list_item(&r->document, axis->node, index))
               : set_range(axis, r, share, settings);
}

gradus_err gradus_tune_search_set(gradus_tune_search *s, gradus_study_reader *r,
                                  size_t trial, gradus_settings *settings) {
    gradus_err err = GRADUS_OK;
    if (s->quasi_random)
        gsl_qrng_halton->get(s->sequence, (unsigned)s->axes, s->place);
    for (size_t i = s->axes; i > 0 && !err; i--) {
        const gradus_tune_search_axis *axis = &s->axis[i - 1];
        size_t count = axis->count, index = count ? trial % count : 0;
        double share = count > 1 ? (double)index / (double)(count - 1) : 0;
        if (s->quasi_random) {
            share = s->place[i - 1];
            index = (size_t)(share * (double)count);
        } else
            trial /= count;
        err = set_axis(axis, r, index, share, settings);
    }
    return err;
}
