/* Racing and drawing.  */

#include "harness/race/draw.h"

#include "base/memory.h"
#include "base/text.h"
#include "harness/figures/basins_figure.h"
#include "harness/figures/landscape.h"
#include "harness/io/folder.h"
#include "harness/race/race.h"
#include "harness/record/unfinished.h"
#include "harness/run/trajectory.h"
#include "harness/study/study.h"

#include <stdio.h>

/* Refuses a study that cannot be drawn; *FOLDER is where its results go.  */
static gradus_err examine(const char *path, const char *given, char **folder,
                          gradus_error *why) {
    gradus_study study;
    gradus_problem *problem = NULL;
    gradus_err err = gradus_study_open(&study, path, why);
    if (!err && study.varied)
        err =
            gradus_fail(why, GRADUS_EINPUT,
                        "%s: the study varies %s, and a drawing is of one problem and one "
                        "setting",
                        path, study.varied);
    if (!err && study.tuning)
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s: the study tunes its methods; race it, and its report has "
                          "the drawing",
                          path);
    if (!err)
        err = gradus_study_open_problem(&study, 0, 1, &problem, why);
    if (!err && gradus_problem_dimension(problem) != GRADUS_PLANE)
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s:%zu: %s has %zu parameters, and only a problem with two can "
                          "be drawn",
                          path, study.problem_line, study.variants->problem_spec,
                          gradus_problem_dimension(problem));
    if (!err) {
        *folder = given ? gradus_text_copy(given)
                        : gradus_folder_path("results", "%s", study.name);
        if (!*folder)
            err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    }
    gradus_problem_close(problem);
    gradus_study_close(&study);
    return err;
}

static void print_end(const gradus_drawing *drawing, const char *figures,
                      const char *stem) {
    if (drawing->trouble.code)
        printf("no drawing: %s; what was written for it is in %s\n", drawing->trouble.text,
               figures);
    else
        printf("drawn in %s/%s.svg\n", figures, stem);
}

static gradus_err draw_folder(const char *folder, bool quiet, gradus_error *why) {
    gradus_results results;
    gradus_drawing paths = {0}, basins = {0};
    char *figures = gradus_folder_path(folder, "figures");
    if (!figures)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_err err = gradus_unfinished_open(&results, folder, why);
    if (!err) {
        err = gradus_folder_make(figures, why);
        if (!err)
            err = gradus_landscape_draw(&paths, &results, folder, figures, why);
        if (!err)
            err = gradus_basins_draw(&basins, &results, folder, figures, why);
        if (!err && !quiet && !paths.exists)
            printf("nothing has run, so there is nothing to draw\n");
        if (!err && !quiet && paths.exists)
            print_end(&paths, figures, gradus_landscape_stem);
        if (!err && !quiet && basins.exists)
            print_end(&basins, figures, gradus_basins_stem);
        gradus_drawing_close(&paths);
        gradus_drawing_close(&basins);
        gradus_results_close(&results);
    }
    gradus_free(figures);
    return err;
}

gradus_err gradus_draw(const char *study, const gradus_draw_options *options,
                       gradus_error *why) {
    char *folder = NULL;
    gradus_err err = examine(study, options->folder, &folder, why);
    gradus_race_options race = {.folder = folder, .resume = true, .quiet = options->quiet};
    if (!err)
        err = gradus_race(study, &race, why);
    if (!err)
        err = draw_folder(folder, options->quiet, why);
    gradus_free(folder);
    return err;
}
