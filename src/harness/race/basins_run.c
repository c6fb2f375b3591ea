/* Running from every start, and the files of it.  */

#include "harness/race/basins_run.h"

#include "base/memory.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"
#include "harness/io/text_file.h"
#include "harness/run/interrupt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char header[] = "x,y,end_x,end_y,updates,minimum\n";
static const double NEAR = 0.02; /* of the shorter side */

static char *path_of(const char *folder, const char *label) {
    return gradus_folder_path(folder, "basins/%s.csv", label);
}

bool gradus_basins_exist(const char *folder, const char *label) {
    char *path = path_of(folder, label);
    bool exist = path && access(path, R_OK) == 0;
    gradus_free(path);
    return exist;
}

/* ---- Make ---- */

static int minimum_at(const gradus_study *study, const gradus_problem *problem,
                      const double end[]) {
    const gradus_starts *starts = &study->starts;
    double x[2], nearest = NEAR * fmin(starts->high[0] - starts->low[0],
                                       starts->high[1] - starts->low[1]);
    int found = GRADUS_NO_BASIN;
    for (size_t i = 0; problem->type->minimum(problem->self, i, x); i++) {
        double distance = hypot(end[0] - x[0], end[1] - x[1]);
        if (distance < nearest) {
            nearest = distance;
            found = (int)i;
        }
    }
    return found;
}

/* The run from START, whose line goes to FILE.  */
static gradus_err run_from(const gradus_study *study, const gradus_entrant *entrant,
                           gradus_problem *problem, const double start[], FILE *file,
                           gradus_error *why) {
    gradus_run *run;
    gradus_err err =
        gradus_study_open_run(entrant, study->seeds[0], problem, start, &run, why);
    while (!err && gradus_run_test(run) == GRADUS_RUNNING)
        err = gradus_run_step(run, why);
    if (!err) {
        const double *end = gradus_run_parameters(run);
        fprintf(file, "%.17g,%.17g,%.17g,%.17g,%zu,%d\n", start[0], start[1], end[0],
                end[1], gradus_run_updates(run), minimum_at(study, problem, end));
    }
    gradus_run_close(run);
    return err;
}

/* *DONE is false when a signal came.  */
static gradus_err run_all(const gradus_study *study, const gradus_entrant *entrant,
                          gradus_problem *problem, FILE *file, bool *done,
                          gradus_error *why) {
    const gradus_starts *starts = &study->starts;
    size_t points = starts->points;
    gradus_err err = GRADUS_OK;
    fputs(header, file);
    for (size_t k = 0; !err && k < points * points && !gradus_interrupted(); k++) {
        const size_t at[2] = {k % points, k / points};
        double start[2];
        for (size_t a = 0; a < 2; a++) {
            double share = (double)at[a] / (double)(points - 1);
            start[a] = starts->low[a] + share * (starts->high[a] - starts->low[a]);
        }
        err = run_from(study, entrant, problem, start, file, why);
    }
    *done = !err && !gradus_interrupted();
    return err;
}

static gradus_err make_one(const gradus_study *study, const gradus_entrant *entrant,
                           gradus_problem *problem, const char *folder, bool *done,
                           gradus_error *why) {
    gradus_output output;
    char *path = path_of(folder, entrant->label);
    gradus_err err = path ? gradus_output_open(&output, path, why)
                          : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(path);
    if (err)
        return err;
    err = run_all(study, entrant, problem, output.file, done, why);
    if (*done)
        return gradus_output_commit(&output, why);
    gradus_output_abandon(&output);
    return err;
}

gradus_err gradus_basins_make(const gradus_study *study, gradus_problem *problem,
                              const char *folder, bool *done, gradus_error *why) {
    *done = true;
    if (study->starts.points == 0)
        return GRADUS_OK;
    char *basins = gradus_folder_path(folder, "basins");
    gradus_err err = basins ? gradus_folder_make(basins, why)
                            : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(basins);
    for (size_t m = 0; !err && *done && m < study->entrant_count; m++)
        if (!gradus_basins_exist(folder, study->entrants[m].label))
            err = make_one(study, &study->entrants[m], problem, folder, done, why);
    return err;
}

/* ---- Read ---- */

/* Reads a line at *AT and advances past it; *X: its start.  */
static bool read_line(char **at, double x[2], int *minimum) {
    double number[6];
    for (size_t i = 0; i < 6; i++) {
        char *end;
        number[i] = strtod(*at, &end);
        if (end == *at || *end != (i < 5 ? ',' : '\n'))
            return false;
        *at = end + 1;
    }
    if (!(number[5] >= GRADUS_NO_BASIN && number[5] <= 1e9))
        return false;
    x[0] = number[0];
    x[1] = number[1];
    *minimum = (int)number[5];
    return true;
}

/* A grid: as many columns as there are starts in the first row.  */
static bool read_grid(gradus_basins *basins, char *at, size_t lines, size_t *line) {
    double x[2];
    for (*line = 2; *line <= lines; ++*line) {
        size_t k = *line - 2;
        if (!read_line(&at, x, &basins->minimum[k]))
            return false;
        if (k == 0)
            memcpy(basins->low, x, sizeof x);
        memcpy(basins->high, x, sizeof x);
        if (x[1] == basins->low[1])
            basins->columns = k + 1;
    }
    basins->rows = (lines - 1) / basins->columns;
    return !*at && basins->columns * basins->rows == lines - 1 &&
           basins->low[0] < basins->high[0] && basins->low[1] < basins->high[1];
}

static gradus_err read_text(gradus_basins *basins, char *text, const char *path,
                            gradus_error *why) {
    size_t lines = 0, line = 1;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    if (strncmp(text, header, sizeof header - 1) != 0 || lines < 2)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s:1: expected basins, with the columns %.*s", path,
                           (int)sizeof header - 2, header);
    basins->minimum = GRADUS_NEW(lines - 1, int);
    if (!basins->minimum)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    if (read_grid(basins, text + sizeof header - 1, lines, &line))
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s:%zu: expected six numbers, of the starts of a grid row by row",
                       path, line);
}

gradus_err gradus_basins_read(gradus_basins *basins, const char *folder, const char *label,
                              gradus_error *why) {
    char *text = NULL, *path = path_of(folder, label);
    size_t size;
    *basins = (gradus_basins){0};
    gradus_err err = path ? gradus_text_file_read(path, &text, &size, why)
                          : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    if (!err)
        err = read_text(basins, text, path, why);
    if (err)
        gradus_basins_close(basins);
    gradus_free(text);
    gradus_free(path);
    return err;
}

void gradus_basins_close(gradus_basins *basins) {
    gradus_free(basins->minimum);
    *basins = (gradus_basins){0};
}
