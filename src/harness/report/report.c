/* Reading the folder, drawing the figures, writing the page.  */

#include "harness/report/report.h"

#include "base/memory.h"
#include "harness/figures/basins_figure.h"
#include "harness/figures/figures.h"
#include "harness/figures/landscape.h"
#include "harness/figures/profiles_figure.h"
#include "harness/figures/reconstructions_figure.h"
#include "harness/figures/sensitivity.h"
#include "harness/figures/variants_figure.h"
#include "harness/io/folder.h"
#include "harness/io/html.h"
#include "harness/io/json.h"
#include "harness/io/output.h"
#include "harness/record/tuning.h"
#include "harness/report/page.h"

typedef struct {
    const gradus_results *results;
    const json_t *verdicts;
    gradus_findings *findings; /* at every varied value */
    gradus_targets targets;
    gradus_profiles profiles;
    char *figures, *page, *claims; /* paths */
    gradus_extra_figures sensitivity, profile_figures, variants;
    gradus_drawing landscape, basins, images, drawing[GRADUS_FIGURES];
} report_t;

static gradus_err draw(report_t *r, const char *folder, gradus_error *why) {
    gradus_err err = gradus_folder_make(r->figures, why);
    if (err == GRADUS_OK && !r->results->varied) /* several problems have no one map */
        err = gradus_landscape_draw(&r->landscape, r->results, folder, r->figures, why);
    if (err == GRADUS_OK)
        err = gradus_basins_draw(&r->basins, r->results, folder, r->figures, why);
    if (err == GRADUS_OK)
        err = gradus_reconstructions_draw(&r->images, r->results, folder, r->figures, why);
    if (err == GRADUS_OK)
        err = gradus_sensitivity_draw(&r->sensitivity, r->results, r->figures, why);
    if (err == GRADUS_OK)
        err = gradus_profiles_draw(&r->profile_figures, &r->profiles, r->figures, why);
    if (err == GRADUS_OK)
        err = gradus_variants_draw(&r->variants, r->results, r->figures, why);
    for (size_t i = 0; i < GRADUS_FIGURES && err == GRADUS_OK; i++)
        err = gradus_figure_draw(&r->drawing[i], &gradus_figures[i], r->results,
                                 r->figures, why);
    return err;
}

/* Boxes to tick: without a script, the style sheet does what they say.  */
static void write_legend(const gradus_page *page) {
    fputs("<p class=\"legend\">\n", page->file);
    for (size_t m = 0; m < page->results->methods; m++) {
        fprintf(page->file, "<label><input type=\"checkbox\" id=\"show%zu\" checked> ", m);
        gradus_page_label(page, m);
        fputs("</label>\n", page->file);
    }
    fputs("</p>\n", page->file);
}

/* The drawing, or TROUBLE.  */
static void write_figure(const report_t *r, const gradus_page *page, const char *stem,
                         const char *title, const gradus_drawing *drawing,
                         gradus_error *trouble) {
    char *path = gradus_folder_path(r->figures, "%s.svg", stem);
    if (!path) {
        gradus_fail(trouble, GRADUS_ENOMEM, "out of memory");
        return;
    }
    fprintf(page->file, "<figure%s>\n<h3>",
            drawing == &r->landscape ? " class=\"map\"" : "");
    gradus_html_text(page->file, title);
    fputs("</h3>\n", page->file);
    gradus_err err = gradus_svg_inline(page->file, path, title, drawing->element,
                                       drawing->elements, trouble);
    fprintf(page->file, "<figcaption>%s</figcaption>\n</figure>\n",
            err == GRADUS_OK ? drawing->note : "This figure could not be drawn.");
    gradus_free(path);
}

/* What is to be shown of DRAWING; the first figure opens the list.  */
static void add_figure(const report_t *r, const gradus_page *page, const char *stem,
                       const char *title, const gradus_drawing *drawing, bool *drawn,
                       gradus_error *trouble) {
    if (!drawing->exists)
        return;
    if (drawing->trouble.code != GRADUS_OK) {
        *trouble = drawing->trouble;
        return;
    }
    if (!*drawn) {
        write_legend(page);
        fputs("<div class=\"figures\">\n", page->file);
    }
    *drawn = true;
    write_figure(r, page, stem, title, drawing, trouble);
}

static void add_figures(const report_t *r, const gradus_page *page,
                        const gradus_extra_figures *figures, bool *drawn,
                        gradus_error *trouble) {
    for (size_t i = 0; i < figures->count; i++)
        add_figure(r, page, figures->figure[i].stem, figures->figure[i].title,
                   &figures->figure[i].drawing, drawn, trouble);
}

static void write_figures(const report_t *r, const gradus_page *page) {
    gradus_error trouble = {0};
    fputs("<h2>Figures</h2>\n", page->file);
    bool drawn = false;
    add_figure(r, page, gradus_landscape_stem, gradus_landscape_title, &r->landscape,
               &drawn, &trouble);
    add_figure(r, page, gradus_basins_stem, gradus_basins_title, &r->basins, &drawn,
               &trouble);
    for (size_t i = 0; i < GRADUS_FIGURES; i++)
        add_figure(r, page, gradus_figures[i].stem, gradus_figures[i].title, &r->drawing[i],
                   &drawn, &trouble);
    add_figures(r, page, &r->variants, &drawn, &trouble);
    add_figure(r, page, gradus_reconstructions_stem, gradus_reconstructions_title,
               &r->images, &drawn, &trouble);
    add_figures(r, page, &r->profile_figures, &drawn, &trouble);
    add_figures(r, page, &r->sensitivity, &drawn, &trouble);
    if (drawn)
        fputs("</div>\n", page->file);
    if (trouble.code != GRADUS_OK) {
        fprintf(page->file, "<p class=\"warning\">%s missing: ",
                drawn ? "Figures are" : "The figures are");
        gradus_html_text(page->file, trouble.text);
        fputs("; their data and scripts are in figures/, and the tables below hold the "
              "results.</p>\n",
              page->file);
    } else if (!drawn) {
        fputs("<p>There is nothing to draw yet.</p>\n", page->file);
    }
}

static gradus_err write_page(const report_t *r, gradus_error *why) {
    gradus_output output;
    gradus_err err = gradus_output_open(&output, r->page, why);
    if (err != GRADUS_OK)
        return err;
    gradus_page page = {output.file, r->results, r->findings,
                        r->verdicts, &r->targets, &r->profiles};
    gradus_page_begin(&page);
    gradus_page_claims(&page);
    if (r->results->varied)
        gradus_page_varied(&page);
    else
        gradus_page_answer(&page);
    write_figures(r, &page);
    gradus_page_targets(&page);
    gradus_page_profiles(&page);
    err = gradus_page_tuning(&page, why);
    gradus_page_runs(&page);
    gradus_page_methods(&page);
    gradus_page_provenance(&page);
    gradus_page_end(&page);
    if (!err)
        return gradus_output_commit(&output, why);
    gradus_output_abandon(&output);
    return err;
}

/* What the figures and the page show, as tables.  */
static gradus_err write_tables(report_t *r, const char *folder, gradus_error *why) {
    gradus_err err = gradus_targets_open(&r->targets, r->results, why);
    if (err == GRADUS_OK)
        err = gradus_targets_write(&r->targets, folder, why);
    if (err == GRADUS_OK)
        err = gradus_profiles_open(&r->profiles, r->results, why);
    if (err == GRADUS_OK)
        err = gradus_profiles_write(&r->profiles, folder, why);
    if (err == GRADUS_OK)
        err = gradus_tuning_write(json_object_get(r->results->manifest, "tuning"), folder,
                                  why);
    return err;
}

static gradus_err open_findings(report_t *r, gradus_error *why) {
    r->findings = GRADUS_NEW(r->results->variants, gradus_findings);
    if (!r->findings)
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a report");
    gradus_err err = GRADUS_OK;
    for (size_t v = 0; v < r->results->variants && !err; v++)
        err = gradus_findings_open(&r->findings[v], r->results, v, why);
    return err;
}

static gradus_err name_files(report_t *r, const char *folder, gradus_error *why) {
    r->figures = gradus_folder_path(folder, "figures");
    r->page = gradus_folder_path(folder, "report.html");
    r->claims = gradus_folder_path(folder, "claims.json");
    return r->figures && r->page && r->claims
               ? GRADUS_OK
               : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
}

static void close_report(report_t *r) {
    gradus_extra_figures_close(&r->sensitivity);
    gradus_extra_figures_close(&r->profile_figures);
    gradus_extra_figures_close(&r->variants);
    gradus_profiles_close(&r->profiles);
    gradus_drawing_close(&r->landscape);
    gradus_drawing_close(&r->basins);
    gradus_drawing_close(&r->images);
    for (size_t i = 0; i < GRADUS_FIGURES; i++)
        gradus_drawing_close(&r->drawing[i]);
    gradus_targets_close(&r->targets);
    for (size_t v = 0; r->findings && v < r->results->variants; v++)
        gradus_findings_close(&r->findings[v]);
    gradus_free(r->findings);
    gradus_free(r->figures);
    gradus_free(r->page);
    gradus_free(r->claims);
}

gradus_err gradus_report_write(const gradus_outcome *outcome, const char *folder,
                               gradus_error *why) {
    report_t r = {.results = &outcome->results, .verdicts = outcome->verdicts};
    gradus_err err = name_files(&r, folder, why);
    if (err == GRADUS_OK)
        err = open_findings(&r, why);
    if (err == GRADUS_OK && json_array_size(r.verdicts) > 0)
        err = gradus_json_write(r.verdicts, r.claims, why);
    if (err == GRADUS_OK)
        err = write_tables(&r, folder, why);
    if (err == GRADUS_OK)
        err = draw(&r, folder, why);
    if (err == GRADUS_OK)
        err = write_page(&r, why);
    close_report(&r);
    return err;
}

gradus_err gradus_report_folder(const char *folder, gradus_error *why) {
    gradus_outcome outcome;
    gradus_err err = gradus_outcome_open(&outcome, folder, why);
    if (!err)
        err = gradus_report_write(&outcome, folder, why);
    gradus_outcome_close(&outcome);
    return err;
}
