/* Opening, drawing and closing a landscape.  */

#include "harness/figures/landscape.h"

#include "base/memory.h"
#include "harness/figures/sketch.h"
#include "harness/io/folder.h"
#include "harness/io/html.h"
#include "harness/io/output.h"

#include <string.h>
#include <unistd.h>

const char gradus_landscape_stem[] = "landscape";
const char gradus_landscape_title[] = "Paths over the landscape";

static const char *run_label(const gradus_sketch *s, size_t run) {
    return s->results->labels[s->results->run[run].method];
}

static gradus_err no_memory(gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
}

bool gradus_landscape_fits(const gradus_results *results) {
    const json_t *problem = json_object_get(results->manifest, "problem");
    return json_integer_value(json_object_get(problem, "dimension")) == GRADUS_PLANE;
}

/* What a failure to read or open means: there is no figure, but there is a report.  */
static gradus_err as_trouble(gradus_sketch *s, gradus_err err, const gradus_error *reason,
                             gradus_error *why) {
    if (err == GRADUS_ENOMEM)
        return no_memory(why);
    s->drawing->trouble = *reason;
    return GRADUS_OK;
}

static gradus_err read_paths(gradus_sketch *s, gradus_error *why) {
    for (size_t r = 0; r < s->results->runs; r++) {
        const gradus_result *run = &s->results->run[r];
        char *path = gradus_folder_path(s->folder, "trajectories/%s-%lld.csv",
                                        run_label(s, r), (long long)run->seed);
        gradus_err err =
            path ? gradus_trajectory_read(&s->trajectory[r], path, why) : no_memory(why);
        gradus_free(path);
        if (err)
            return err;
        s->path[r] = (gradus_path){&s->trajectory[r],
                                   run->value < run->trace.column[GRADUS_COLUMN_VALUE][0]};
        if (gradus_sketch_finite(s, r) == 0)
            return gradus_fail(why, GRADUS_EINPUT, "%s, seed %lld: the start is not finite",
                               run_label(s, r), (long long)run->seed);
    }
    return GRADUS_OK;
}

static gradus_err open_problem(gradus_sketch *s, gradus_error *why) {
    const json_t *problem = json_object_get(s->results->manifest, "problem");
    const char *spec = json_string_value(json_object_get(problem, "spec"));
    gradus_err err = gradus_problem_create(&s->problem, spec ? spec : "", 1, why);
    if (!err && gradus_problem_dimension(s->problem) != GRADUS_PLANE)
        err = gradus_fail(why, GRADUS_EINPUT, "%s has not two parameters any more", spec);
    return err;
}

static gradus_err look(gradus_sketch *s, gradus_error *why) {
    enum { STEP = 3 }; /* of the grid */
    double heights[GRADUS_VIEW_LEVELS];
    gradus_sketch_lay_out(s);
    double width = GRADUS_MAP_RIGHT - GRADUS_MAP_LEFT, height = GRADUS_MAP_TOP - s->bottom;
    gradus_view_choose(&s->view, s->path, s->results->runs, s->problem, width / height);
    s->grid.columns = (size_t)(width / STEP) + 1;
    s->grid.rows = (size_t)(height / STEP) + 1;
    s->grid.height = GRADUS_NEW(s->grid.columns * s->grid.rows, double);
    if (!s->grid.height)
        return no_memory(why);
    gradus_err err = gradus_view_measure(&s->view, s->problem, &s->grid, heights, why);
    if (!err)
        err = gradus_contours_open(&s->contours, &s->grid, heights, s->view.levels, why);
    return err;
}

/* GRADUS_OK and `trouble`: there is nothing to be drawn from.  */
static gradus_err open_sketch(gradus_sketch *s, gradus_error *why) {
    size_t runs = s->results->runs;
    gradus_error reason;
    s->trajectory = GRADUS_NEW(runs, gradus_trajectory);
    s->path = GRADUS_NEW(runs, gradus_path);
    if (!s->trajectory || !s->path)
        return no_memory(why);
    gradus_err err = read_paths(s, &reason);
    if (!err)
        err = open_problem(s, &reason);
    if (err)
        return as_trouble(s, err, &reason, why);
    err = look(s, why);
    if (err)
        return err;
    s->colour = GRADUS_NEW(s->contours.loops + 1, size_t);
    s->drawing->element = GRADUS_NEW(gradus_sketch_elements(s), gradus_element);
    return s->colour && s->drawing->element ? GRADUS_OK : no_memory(why);
}

static void close_sketch(gradus_sketch *s) {
    for (size_t r = 0; s->trajectory && r < s->results->runs; r++)
        gradus_trajectory_close(&s->trajectory[r]);
    gradus_free(s->trajectory);
    gradus_free(s->path);
    gradus_free(s->grid.height);
    gradus_contours_close(&s->contours);
    gradus_free(s->colour);
    gradus_problem_close(s->problem);
}

static void write_note(const gradus_sketch *s) {
    char low[GRADUS_NUMBER_SIZE], high[GRADUS_NUMBER_SIZE], base[GRADUS_NUMBER_SIZE];
    gradus_drawing *d = s->drawing;
    enum { DIGITS = 3 };
    size_t cut = 0, length = 0, size = sizeof d->note;
    bool failed = false;
    for (size_t r = 0; r < s->results->runs; r++) {
        failed = failed || s->results->run[r].failed;
        cut += gradus_view_cuts(&s->view, &s->path[r]);
    }
    length += (size_t)snprintf(d->note, size,
                               "Ring: start; dots: ends, and updates where they are apart; "
                               "crosses: minima.");
    if (s->view.levels > 0)
        length += (size_t)snprintf(
            d->note + length, size - length,
            " Contours: %s to %s above %s, %s; dark is high.",
            gradus_short(low, s->view.level[0] - s->view.lowest, DIGITS),
            gradus_short(high, s->view.level[s->view.levels - 1] - s->view.lowest, DIGITS),
            gradus_short(base, s->view.lowest, DIGITS),
            s->view.log ? "each the same multiple of the one before" : "equally far apart");
    if (cut > 0)
        length += (size_t)snprintf(d->note + length, size - length,
                                   " %zu of %zu paths leave%s the figure and %s cut off.",
                                   cut, s->results->runs, cut == 1 ? "s" : "",
                                   cut == 1 ? "is" : "are");
    if (failed)
        snprintf(d->note + length, size - length, " ✕: could not go on.");
}

/* Writes landscape and ENDING by WRITE.  */
static gradus_err write_file(gradus_sketch *s, const char *ending,
                             void (*write)(FILE *, gradus_sketch *), gradus_error *why) {
    char *path = gradus_folder_path(s->figures, "%s%s", gradus_landscape_stem, ending);
    gradus_output output;
    gradus_err err = path ? gradus_output_open(&output, path, why) : no_memory(why);
    if (!err) {
        write(output.file, s);
        err = gradus_output_commit(&output, why);
    }
    gradus_free(path);
    return err;
}

static gradus_err draw(gradus_sketch *s, gradus_error *why) {
    gradus_drawing *drawing = s->drawing;
    write_note(s);
    gradus_err err = write_file(s, ".dat", gradus_sketch_data, why);
    if (!err)
        err = write_file(s, ".gp", gradus_sketch_script, why);
    if (!err && gradus_gnuplot_run(s->figures, gradus_landscape_stem, &drawing->trouble) ==
                    GRADUS_ENOMEM)
        err = no_memory(why);
    return err;
}

static gradus_err remove_old(const char *figures, gradus_error *why) {
    char *path = gradus_folder_path(figures, "%s.svg", gradus_landscape_stem);
    if (!path)
        return no_memory(why);
    unlink(path);
    gradus_free(path);
    return GRADUS_OK;
}

gradus_err gradus_landscape_draw(gradus_drawing *drawing, const gradus_results *results,
                                 const char *folder, const char *figures,
                                 gradus_error *why) {
    *drawing = (gradus_drawing){0};
    if (!gradus_landscape_fits(results) || results->runs == 0)
        return GRADUS_OK;
    drawing->exists = true;
    gradus_sketch s = {
        .results = results, .drawing = drawing, .folder = folder, .figures = figures};
    gradus_err err = remove_old(figures, why);
    if (!err)
        err = open_sketch(&s, why);
    if (!err && !drawing->trouble.code)
        err = draw(&s, why);
    close_sketch(&s);
    if (err)
        gradus_drawing_close(drawing);
    return err;
}
