/* gradus draw as a whole: a study goes in, a figure comes out, or a sentence.  */

#include "harness/race/draw.h"

#include "base/memory.h"
#include "../scratch.h"
#include "harness/figures/gnuplot.h"
#include "harness/io/text_file.h"

#include <ctype.h>
#include <unistd.h>

static const char head[] = "study: small\nseeds: [1, 2]\nbudget: {updates: 12}\n";
static const char methods[] = "methods:\n"
                              "  - {name: sgd, learning_rate: 1e-3}\n"
                              "  - {name: adam, learning_rate: 0.05}\n"
                              "  - {name: lbfgs}\n";
static const char wild[] = "  - {name: sgd, label: wild, learning_rate: 3}\n";
enum { METHODS = 3, SEEDS = 2 };

static char folder[512];

static gradus_err draw(const char *problem, const char *more, gradus_error *why) {
    char study[1024], path[512];
    int length =
        snprintf(study, sizeof study, "%sproblem: %s\n%s%s", head, problem, methods, more);
    snprintf(path, sizeof path, "%s", write_scratch("s.yaml", study, (size_t)length));
    snprintf(folder, sizeof folder, "%s", in_scratch("results"));
    const gradus_draw_options options = {.folder = folder, .quiet = true};
    return gradus_draw(path, &options, why);
}

static void draw_well(const char *problem, const char *more) {
    gradus_error why = {0};
    ck_assert_msg(draw(problem, more, &why) == GRADUS_OK, "%s", why.text);
}

/* A file of the results, to be freed; "" when it is not there.  */
static char *text_of(const char *name) {
    char *text;
    size_t size;
    if (gradus_text_file_read(in_scratch("results/%s", name), &text, &size, NULL))
        return GRADUS_NEW(1, char);
    return text;
}

static bool can_draw(void) {
    char command[512];
    snprintf(command, sizeof command, "%s --version >/dev/null 2>&1", gradus_gnuplot());
    return system(command) == 0;
}

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

/* Every tag that opens closes, in the right order.  */
static void check_well_formed(const char *text) {
    enum { DEEPEST = 64, LONGEST = 32 };
    char open[DEEPEST][LONGEST];
    size_t depth = 0;
    ck_assert(strncmp(text, "<?xml", 5) == 0);
    for (const char *at = strchr(text, '<'); at; at = strchr(at + 1, '<')) {
        const char *end = strchr(at, '>');
        char name[LONGEST];
        ck_assert_msg(end != NULL, "a tag does not end: %.40s", at);
        if (at[1] == '?' || at[1] == '!')
            continue;
        sscanf(at + 1 + (at[1] == '/'), "%31[A-Za-z0-9]", name);
        if (at[1] == '/') {
            ck_assert_msg(depth > 0 && strcmp(open[--depth], name) == 0, "</%s>", name);
        } else if (end[-1] != '/') {
            ck_assert_uint_lt(depth, DEEPEST);
            strcpy(open[depth++], name);
        }
    }
    ck_assert_uint_eq(depth, 0);
}

/* The K-th plotted thing of the drawing, to the next.  */
static const char *element(const char *svg, size_t k, size_t *length) {
    char id[64];
    snprintf(id, sizeof id, "<g id=\"gnuplot_plot_%zu\"", k);
    const char *at = strstr(svg, id);
    ck_assert_msg(at != NULL, "no element %zu", k);
    const char *next = strstr(at + 1, "<g id=\"gnuplot_plot_");
    *length = next ? (size_t)(next - at) : strlen(at);
    return at;
}

/* Which elements the script draws lines of methods with, each with a path in the drawing;
   how many there are.  */
static size_t check_lines(const char *script, const char *svg) {
    size_t lines = 0, k = 0;
    for (const char *at = strstr(script, "data index"); at; k++) {
        const char *next = strstr(at + 1, "data index");
        const char *dashed = strstr(at, " dashtype ");
        if (dashed && (!next || dashed < next)) {
            size_t length;
            const char *drawn = element(svg, k + 1, &length);
            const char *path = strstr(drawn, "<path");
            ck_assert_msg(path && path < drawn + length, "element %zu has no path", k + 1);
            lines++;
        }
        at = next;
    }
    return lines;
}

START_TEST(draws_every_run) {
    make_scratch();
    draw_well("{name: rosenbrock}", "");
    char *script = text_of("figures/landscape.gp"), *page = text_of("report.html"),
         *svg = text_of("figures/landscape.svg");
    ck_assert_uint_eq(count_of(script, " dashtype 1 linecolor rgb '#0072B2'"),
                      1 + SEEDS); /* the legend too */
    if (can_draw()) {
        check_well_formed(svg);
        ck_assert_uint_eq(check_lines(script, svg), METHODS * SEEDS);
        assert_contains(page, "Paths over the landscape");
        assert_contains(page, "Ring: start");
        assert_contains(page, "each the same multiple");
        ck_assert_ptr_null(strstr(page, "cut off"));
        ck_assert_ptr_null(strstr(page, "gnuplot_plot"));
        ck_assert_ptr_null(strstr(page, "xlink"));
    }
    gradus_free(script);
    gradus_free(page);
    gradus_free(svg);
    clear_scratch();
}
END_TEST

START_TEST(takes_a_complete_race_as_it_is) {
    struct stat before, after;
    make_scratch();
    draw_well("{name: valley}", "");
    ck_assert_int_eq(stat(in_scratch("results/traces/adam-2.csv"), &before), 0);
    ck_assert_int_eq(unlink(in_scratch("results/figures/landscape.dat")), 0);
    draw_well("{name: valley}", "");
    ck_assert_int_eq(stat(in_scratch("results/traces/adam-2.csv"), &after), 0);
    ck_assert(before.st_ino == after.st_ino);
    ck_assert_int_eq(access(in_scratch("results/figures/landscape.dat"), R_OK), 0);
    clear_scratch();
}
END_TEST

START_TEST(refuses_other_dimensions) {
    static const char *const problems[] = {"{name: rosenbrock_chained, dimension: 3}",
                                           "{name: quadratic, dimension: 1}"};
    make_scratch();
    for (size_t i = 0; i < 2; i++) {
        gradus_error why = {0};
        ck_assert_int_eq(draw(problems[i], "", &why), GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, "s.yaml:4: ");
        assert_contains(why.text, "only a problem with two");
        ck_assert_int_ne(access(folder, F_OK), 0);
    }
    clear_scratch();
}
END_TEST

START_TEST(does_without_gnuplot) {
    setenv("GNUPLOT", "/nonexistent", 1);
    make_scratch();
    draw_well("{name: cliff}", "");
    static const char *const there[] = {"landscape.gp", "landscape.dat"};
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(access(in_scratch("results/figures/%s", there[i]), R_OK), 0);
    ck_assert_int_ne(access(in_scratch("results/figures/landscape.svg"), F_OK), 0);
    char *page = text_of("report.html");
    assert_contains(page, "The figures are missing");
    gradus_free(page);
    /* What an earlier call drew does not stay beside data that it does not show.  */
    write_scratch("results/figures/landscape.svg", "old", 3);
    draw_well("{name: cliff}", "");
    ck_assert_int_ne(access(in_scratch("results/figures/landscape.svg"), F_OK), 0);
    clear_scratch();
}
END_TEST

/* All numbers of the data are within sight, or as far outside as the line needs.  */
static void check_numbers(const char *data) {
    double largest = 0;
    for (const char *at = data; *at;) {
        char *end;
        double number = *at == '#' ? 0 : strtod(at, &end);
        ck_assert_msg(!isinf(number), "infinite: %.40s", at);
        if (isfinite(number))
            largest = fmax(largest, fabs(number));
        at += strcspn(at, *at == '#' ? "\n" : " \n");
        at += strspn(at, " \n");
    }
    printf("largest number: %g\n", largest);
    ck_assert(largest < 1e4);
}

START_TEST(cuts_a_diverging_path) {
    make_scratch();
    draw_well("{name: rosenbrock}", wild);
    char *data = text_of("figures/landscape.dat"), *page = text_of("report.html"),
         *svg = text_of("figures/landscape.svg"), *script = text_of("figures/landscape.gp"),
         *path = text_of("trajectories/wild-1.csv");
    ck_assert_uint_ge(count_of(path, "\n"), 3);
    check_numbers(data);
    assert_contains(script, "'wild ✕'");
    if (can_draw()) {
        check_well_formed(svg);
        assert_contains(page, "2 of 8 paths leave the figure and are cut off. ✕");
        ck_assert_uint_eq(check_lines(script, svg), (METHODS + 1) * SEEDS);
    }
    gradus_free(data);
    gradus_free(page);
    gradus_free(svg);
    gradus_free(script);
    gradus_free(path);
    clear_scratch();
}
END_TEST

/* A figure that cannot be made is said so, and the report has the others.  */
START_TEST(does_without_trajectories) {
    make_scratch();
    draw_well("{name: beale}", "");
    ck_assert_int_eq(unlink(in_scratch("results/trajectories/sgd-2.csv")), 0);
    ck_assert_int_eq(unlink(in_scratch("results/report.html")), 0);
    draw_well("{name: beale}", "");
    char *page = text_of("report.html");
    assert_contains(page, "trajectories/sgd-2.csv: cannot be read");
    ck_assert_ptr_null(strstr(page, "Paths over the landscape"));
    if (can_draw())
        assert_contains(page, "Training value by update");
    gradus_free(page);
    clear_scratch();
}
END_TEST

TEST_MAIN("draw", draws_every_run, takes_a_complete_race_as_it_is, refuses_other_dimensions,
          does_without_gnuplot, cuts_a_diverging_path, does_without_trajectories)
