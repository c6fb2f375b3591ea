/* The page: well-formed, safe, complete, and with the right numbers.  */

#include "harness/report/report.h"

#include "base/memory.h"
#include "harness/figures/figures.h"
#include "harness/io/text_file.h"
#include "../sample.h"

#include <ctype.h>

/* The last four are of studies that record conditions or vary something.  */
enum { PLAIN_FIGURES = GRADUS_FIGURES - 4 };

static char *page;

/* Writes the report of the scratch folder and reads it.  */
static void report(void) {
    gradus_error why = {0};
    size_t size;
    ck_assert_msg(gradus_report_folder(scratch, &why) == GRADUS_OK, "%s", why.text);
    assert_ok(gradus_text_file_read(in_scratch("report.html"), &page, &size, NULL));
    ck_assert_uint_eq(strlen(page), size);
}

static void set_up(const sample_t *sample) {
    make_scratch();
    write_sample(sample);
    report();
}

static void tear_down(void) {
    gradus_free(page);
    clear_scratch();
}

/* ---- A small checker of tags ---- */

enum { DEEPEST = 64, LONGEST_NAME = 16 };

static bool is_void(const char *name) {
    return strcmp(name, "meta") == 0 || strcmp(name, "br") == 0 ||
           strcmp(name, "input") == 0;
}

static const char *skip(const char *at, const char *end) {
    const char *found = strstr(at, end);
    ck_assert_msg(found != NULL, "no %s after %.40s", end, at);
    return found + strlen(end);
}

/* The end of a tag, past quoted attributes.  */
static const char *tag_end(const char *at) {
    char quote = 0;
    for (; *at && (quote || *at != '>'); at++)
        if (quote ? *at == quote : (*at == '"' || *at == '\''))
            quote = quote ? 0 : *at;
    ck_assert_msg(*at == '>', "a tag does not end");
    return at;
}

static size_t tag_name(const char *at, char name[LONGEST_NAME]) {
    size_t length = 0;
    while (isalnum((unsigned char)at[length]) && length < LONGEST_NAME - 1) {
        name[length] = at[length];
        length++;
    }
    name[length] = '\0';
    return length;
}

static void check_balance(const char *at) {
    char open[DEEPEST][LONGEST_NAME], name[LONGEST_NAME];
    size_t depth = 0, tags = 0;
    at = skip(at, "<!DOCTYPE html>");
    for (at = strchr(at, '<'); at; at = strchr(at, '<'), tags++) {
        bool closes = at[1] == '/';
        ck_assert_msg(tag_name(at + 1 + closes, name) > 0, "no tag: %.40s", at);
        const char *end = tag_end(at);
        if (closes) {
            ck_assert_msg(depth > 0 && strcmp(open[depth - 1], name) == 0,
                          "</%s> closes <%s>", name, depth > 0 ? open[depth - 1] : "");
            depth--;
        } else if (!is_void(name) && end[-1] != '/') {
            ck_assert_uint_lt(depth, DEEPEST);
            strcpy(open[depth++], name);
        }
        at = strcmp(name, "style") == 0 && !closes ? strstr(end, "</style>") : end + 1;
    }
    ck_assert_uint_eq(depth, 0);
    printf("balanced tags: %zu\n", tags);
    ck_assert_uint_gt(tags, 100);
}

/* Nothing from elsewhere: no address but the name of SVG's space, no script, no import.  */
static void check_alone(const char *text) {
    static const char space[] = "http://www.w3.org/";
    static const char *const outside[] = {
        "<script", "<link", "<img", "src=", "url(", "@import", "https://", "xlink"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        ck_assert_msg(!strstr(text, outside[i]), "the page has %s", outside[i]);
    for (const char *at = strstr(text, "http:"); at; at = strstr(at + 1, "http:"))
        ck_assert_msg(strncmp(at, space, strlen(space)) == 0, "%.60s", at);
}

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

static bool can_draw(void) {
    char command[512];
    snprintf(command, sizeof command, "%s --version >/dev/null 2>&1", gradus_gnuplot());
    return system(command) == 0;
}

START_TEST(answers) {
    set_up(&plain_sample);
    check_balance(page);
    check_alone(page);
    assert_contains(page, "<h1>sample</h1>");
    assert_contains(page, "Who is first?");
    /* test_findings.c has the arithmetic.  */
    assert_contains(page,
                    "ends lowest, at a training value of <b>9.53674e-6</b> (median of 3 "
                    "seeds)");
    assert_contains(page, "(0.476190)"); /* 10 / 21 */
    assert_contains(page, "2.25× before slow (9)");
    assert_contains(page, "1.12× before slow (9); seeds overlap"); /* 9/8, and 8 to 10 */
    assert_contains(page, " 1.125†<small>1.78× before quick (2.000)");
    assert_contains(page, "no other does");
    tear_down();
}
END_TEST

START_TEST(shows_every_run) {
    set_up(&plain_sample);
    ck_assert_uint_eq(count_of(page, "<tr class=\"failed\">"), 3);
    ck_assert_uint_eq(count_of(page, "value or gradient became not finite"), 3);
    ck_assert_uint_eq(count_of(page, "budget of updates spent"), 6);
    assert_contains(page, "3 of 9 runs failed");
    assert_contains(page, "a neighbour&#39;s load (1 run)");
    assert_contains(page, "2.500†"); /* slow's 20 updates with seed 2 */
    assert_contains(page, "<td class=\"n\">75.0</td><td class=\"n\">0.0</td>"
                          "<td class=\"n\">0.0</td><td class=\"n\">12.5</td>"
                          "<td class=\"n\">12.5</td>"); /* the phases */
    assert_contains(page, "abacus &amp; sons");
    assert_contains(page, "toy:speed=1");
    assert_contains(page, "study: sample");
    ck_assert_ptr_null(strstr(page, "incomplete"));
    tear_down();
}
END_TEST

START_TEST(inlines_figures) {
    set_up(&plain_sample);
    for (size_t i = 0; i < PLAIN_FIGURES; i++) {
        ck_assert_int_eq(access(in_scratch("figures/%s.gp", gradus_figures[i].stem), R_OK),
                         0);
        ck_assert_int_eq(access(in_scratch("figures/%s.dat", gradus_figures[i].stem), R_OK),
                         0);
    }
    if (can_draw()) {
        ck_assert_uint_eq(count_of(page, "<svg "), PLAIN_FIGURES);
        ck_assert_uint_eq(count_of(page, "class=\"m0\""), 4 * PLAIN_FIGURES);
        ck_assert_ptr_null(strstr(page, "gnuplot_plot"));
        /* No id but those of the legend's boxes: nothing can be there twice.  */
        ck_assert_uint_eq(count_of(page, " id="), SAMPLE_METHODS);
    }
    tear_down();
}
END_TEST

/* The targets are 1 and 0.25, and quick ends at 9 / 2^20 in the middle.  */
START_TEST(counts_gaps_from_the_minimum) {
    char *script;
    size_t size;
    set_up(&(sample_t){.question = "", .minimum = "-0.75"});
    check_balance(page);
    assert_contains(page, "First to reach a gap of");
    assert_contains(page, "Gap to the minimum 1.75");
    assert_contains(page, "<th class=\"n\" data-what=\"Gap\">1</th>");
    assert_contains(page, "<b>9.53674e-6</b>, 0.750 above the minimum (median");
    ck_assert_ptr_null(strstr(page, "below the minimum"));
    assert_ok(gradus_text_file_read(in_scratch("figures/value-updates.gp"), &script, &size,
                                    NULL));
    assert_contains(script, "training value − minimum (-0.75");
    assert_contains(script, "\nlowest = -0.75\n");
    assert_contains(script, "'gap 1.75'");
    gradus_free(script);
    tear_down();
    set_up(&(sample_t){.question = "", .minimum = "0.1"});
    assert_contains(page, "3 of 9 runs end below the minimum"); /* quick's */
    tear_down();
}
END_TEST

START_TEST(escapes_what_comes_from_files) {
    set_up(&(sample_t){.question = "<script>alert('\\\"&')</script>"});
    check_balance(page);
    check_alone(page);
    assert_contains(page, "&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;");
    tear_down();
}
END_TEST

START_TEST(does_without_gnuplot) {
    static const struct {
        const char *program, *trouble;
    } cases[] = {{"/nonexistent", "could not be started"},
                 {"false", "failed on"},
                 {"true", "drew nothing"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv("GNUPLOT", cases[i].program, 1);
        set_up(&plain_sample);
        assert_contains(page, cases[i].trouble);
        check_balance(page);
        ck_assert_uint_eq(count_of(page, "<svg"), 0);
        ck_assert_uint_eq(count_of(page, "The figures are missing: gnuplot ("), 1);
        assert_contains(page, "2.25× before slow (9)");
        ck_assert_int_eq(access(in_scratch("figures/value-cpu.gp"), R_OK), 0);
        ck_assert_int_ne(access(in_scratch("figures/value-cpu.svg"), F_OK), 0);
        tear_down();
    }
}
END_TEST

/* A program that ends well though it wrote a part, and one whose drawing has no place.  */
START_TEST(keeps_no_half_drawing) {
    static const struct {
        const char *script, *trouble;
    } cases[] = {
        {"#!/bin/sh\necho '<svg><g>' >${4%.gp}.svg.part\n", "wrote only a part of"},
        {"#!/bin/sh\nmkdir ${4%.gp}.svg\necho '<svg></svg>' >${4%.gp}.svg.part\n",
         "which cannot be kept: Is a directory"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_scratch();
        write_sample(&plain_sample);
        const char *program =
            write_scratch("gnuplot", cases[i].script, strlen(cases[i].script));
        ck_assert_int_eq(chmod(program, 0700), 0);
        setenv("GNUPLOT", program, 1);
        report();
        ck_assert_uint_eq(count_of(page, "The figures are missing: gnuplot ("), 1);
        assert_contains(page, cases[i].trouble);
        ck_assert_int_ne(access(in_scratch("figures/value-cpu.svg.part"), F_OK), 0);
        tear_down();
    }
}
END_TEST

START_TEST(reports_an_incomplete_race) {
    set_up(&(sample_t){.question = "", .missing = 2});
    check_balance(page);
    assert_contains(page, "2 of 9 runs are missing");
    ck_assert_uint_eq(count_of(page, ">not run<"), 2);
    tear_down();
    set_up(&(sample_t){.question = "", .missing = 9});
    check_balance(page);
    assert_contains(page, "No method has a final training value");
    assert_contains(page, "nothing to draw");
    /* What was not run is not as fast as the baseline, nor is that itself.  */
    assert_contains(page, "<h2>Time to target");
    char *times = strstr(page, "<h2>Time to target");
    *strstr(times, "<h2>All runs") = '\0';
    ck_assert_ptr_null(strstr(times, "<td class=\"n\">1</td>"));
    tear_down();
}
END_TEST

START_TEST(writes_nothing_for_a_broken_folder) {
    gradus_error why = {0};
    make_scratch();
    ck_assert_int_eq(gradus_report_folder(scratch, &why), GRADUS_EINPUT);
    assert_sentence(why.text);
    write_sample(&plain_sample);
    write_scratch("traces/quick-1.csv", "update\n", 7);
    ck_assert_int_eq(gradus_report_folder(scratch, &why), GRADUS_EINPUT);
    assert_contains(why.text, "traces/quick-1.csv");
    ck_assert_int_ne(access(in_scratch("report.html"), F_OK), 0);
    ck_assert_int_ne(access(in_scratch("figures"), F_OK), 0);
    clear_scratch();
}
END_TEST

TEST_MAIN("report", answers, shows_every_run, inlines_figures, counts_gaps_from_the_minimum,
          escapes_what_comes_from_files, does_without_gnuplot, keeps_no_half_drawing,
          reports_an_incomplete_race, writes_nothing_for_a_broken_folder)
