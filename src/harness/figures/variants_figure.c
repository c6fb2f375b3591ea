/* The curves of a study that varies a word, a pair of figures for every word.  */

#include "harness/figures/variants_figure.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { MOST_VARIANTS = 4 }; /* more make a report that nobody looks through */

/* Positions in gradus_figures: by update and by CPU time.  */
static const size_t kinds[] = {GRADUS_FIGURE_UPDATES, GRADUS_FIGURE_CPU};
enum { KINDS = sizeof kinds / sizeof *kinds };

static gradus_err no_memory(gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
}

static bool applies(const gradus_results *results) {
    bool words = results->varied && results->variants <= MOST_VARIANTS;
    for (size_t v = 0; words && v < results->variants; v++)
        words = isnan(results->number[v]);
    return words;
}

/* PART: what ALL has of variant V, as if nothing varied.  Only its `run` is its own.  */
static gradus_err take_part(gradus_results *part, const gradus_results *all, size_t v,
                            gradus_error *why) {
    *part = *all;
    part->varied = NULL;
    part->variants = 1;
    part->target = all->target + v * all->targets;
    part->runs = 0;
    part->run = GRADUS_NEW(all->runs, gradus_result);
    if (!part->run)
        return no_memory(why);
    for (size_t i = 0; i < all->runs; i++)
        if (all->run[i].variant == v)
            part->run[part->runs++] = all->run[i];
    return GRADUS_OK;
}

static gradus_err draw(gradus_extra_figure *figure, const gradus_results *all, size_t v,
                       size_t kind, const char *folder, gradus_error *why) {
    gradus_figure one = gradus_figures[kinds[kind]];
    gradus_results part;
    const char *dot = strrchr(all->varied, '.');
    snprintf(figure->stem, sizeof figure->stem, "%s-%zu", one.stem, v + 1);
    snprintf(figure->title, sizeof figure->title, "%s, %.40s = %.60s", one.title,
             dot ? dot + 1 : all->varied, all->value[v]);
    one.stem = figure->stem;
    one.title = figure->title;
    gradus_err err = take_part(&part, all, v, why);
    if (!err)
        err = gradus_figure_draw(&figure->drawing, &one, &part, folder, why);
    gradus_free(part.run);
    return err;
}

gradus_err gradus_variants_draw(gradus_extra_figures *figures,
                                const gradus_results *results, const char *folder,
                                gradus_error *why) {
    gradus_err err = GRADUS_OK;
    *figures = (gradus_extra_figures){0};
    if (!applies(results))
        return GRADUS_OK;
    figures->figure = GRADUS_NEW(KINDS * results->variants, gradus_extra_figure);
    if (!figures->figure)
        return no_memory(why);
    for (size_t v = 0; v < results->variants; v++)
        for (size_t kind = 0; kind < KINDS && !err; kind++)
            err = draw(&figures->figure[figures->count++], results, v, kind, folder, why);
    return err;
}
