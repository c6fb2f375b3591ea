/* Escaping and number formats.  */

#include "harness/io/html.h"

#include "../../support.h"

static void check_text(const char *text, const char *want) {
    char buffer[128] = "";
    FILE *file = fmemopen(buffer, sizeof buffer, "w");
    gradus_html_text(file, text);
    fclose(file);
    ck_assert_str_eq(buffer, want);
}

START_TEST(escapes) {
    check_text("<a href=\"x\">'&'</a>",
               "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    check_text("übung\n\t\x01", "übung\n\t\xEF\xBF\xBD");
}
END_TEST

START_TEST(prints_numbers) {
    char buffer[GRADUS_NUMBER_SIZE];
    ck_assert_str_eq(gradus_number(buffer, 0.3921234567, 5), "0.39212");
    ck_assert_str_eq(gradus_number(buffer, 12345.678, 4), "12346");
    ck_assert_str_eq(gradus_number(buffer, -2.5, 3), "-2.50");
    ck_assert_str_eq(gradus_number(buffer, 1.25e-7, 3), "1.25e-7");
    ck_assert_str_eq(gradus_number(buffer, 1.25e226, 3), "1.25e226");
    ck_assert_str_eq(gradus_number(buffer, NAN, 3), "");
    ck_assert_str_eq(gradus_number(buffer, INFINITY, 3), "∞");
    ck_assert_str_eq(gradus_number(buffer, 0, 3), "0");
    ck_assert_str_eq(gradus_number(buffer, 1.7e308, 17), "1.6999999999999999e308");
    ck_assert_str_eq(gradus_short(buffer, 0.45, 10), "0.45");
    ck_assert_str_eq(gradus_count(buffer, 100), "100");
    ck_assert_str_eq(gradus_count(buffer, 28.5), "28.5");
}
END_TEST

TEST_MAIN("html", escapes, prints_numbers)
