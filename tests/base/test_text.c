/* Copies, numbers, and the nearest of a set of names.  */

#include "../support.h"
#include "base/memory.h"
#include "base/text.h"

#include <locale.h>

START_TEST(copies) {
    char *copy = gradus_text_copy("a\\b,");
    ck_assert_str_eq(copy, "a\\b,");
    gradus_free(copy);
    copy = gradus_text_copy_part("abcdef", 3);
    ck_assert_str_eq(copy, "abc");
    gradus_free(copy);
    copy = gradus_text_copy("");
    ck_assert_str_eq(copy, "");
    gradus_free(copy);
}
END_TEST

/* Whether CANDIDATE is within DISTANCE of WORD, by looking only for what is nearer than
   that.  */
static bool within(const char *word, const char *candidate, size_t distance) {
    gradus_nearest nearest = {.word = word, .distance = distance + 1};
    gradus_nearest_try(&nearest, candidate);
    ck_assert(!nearest.best || nearest.distance <= distance);
    return nearest.best == candidate;
}

/* Optimal string alignment: counted by hand.  */
START_TEST(distances) {
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {
        {"", "", 0},
        {"a", "", 1},
        {"momentum", "momentum", 0},
        {"momentun", "momentum", 1},  /* substitution */
        {"momentm", "momentum", 1},   /* insertion */
        {"momenttum", "momentum", 1}, /* deletion */
        {"mometnum", "momentum", 1},  /* swap */
        {"kitten", "sitting", 3},
        {"ca", "abc", 3}, /* 2 if a swapped pair could be edited again */
        {"ab", "ba", 1},
        {"abcd", "badc", 2},
        {"abc", "cab", 2},
        {"abcdef", "uvwxyz", 6},
        {"learningrate", "learning_rate", 1},
        {"flaw", "lawn", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *a = cases[i].a, *b = cases[i].b;
        size_t d = cases[i].distance;
        ck_assert_msg(within(a, b, d) && within(b, a, d), "%s %s: more than %zu", a, b, d);
        ck_assert_msg(d == 0 || !(within(a, b, d - 1) || within(b, a, d - 1)),
                      "%s %s: less than %zu", a, b, d);
    }
}
END_TEST

START_TEST(hints) {
    static const char *const names[] = {"learning_rate", "momentum", "form", "memory"};
    static const struct {
        const char *word, *hint;
    } cases[] = {{"momentun", "; did you mean 'momentum'?"},
                 {"learnin_rate", "; did you mean 'learning_rate'?"},
                 {"memroy", "; did you mean 'memory'?"},
                 {"from", "; did you mean 'form'?"},
                 {"epsilon", ""},
                 {"x", ""},
                 {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gradus_nearest nearest = gradus_nearest_to(cases[i].word);
        for (size_t j = 0; j < sizeof names / sizeof *names; j++)
            gradus_nearest_try(&nearest, names[j]);
        char buffer[128];
        ck_assert_str_eq(gradus_nearest_hint(&nearest, buffer, sizeof buffer),
                         cases[i].hint);
    }
}
END_TEST

/* The test is sharp where a locale with a decimal comma is installed; the others hold in
   any.  */
START_TEST(numbers_have_a_point) {
    static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "it_IT.UTF-8",
                                         "es_ES.UTF-8"};
    bool found = false;
    for (size_t i = 0; !found && i < sizeof commas / sizeof *commas; i++)
        found = setlocale(LC_ALL, commas[i]) != NULL;
    printf("a locale with a decimal comma: %s\n", found ? "yes" : "none here");
    char buffer[32], *end;
    ck_assert(same_bits(gradus_text_read_real("2.385e-3x", &end), 2.385e-3));
    ck_assert_str_eq(end, "x");
    gradus_text_write_real(buffer, sizeof buffer, 4, 2.385);
    ck_assert_str_eq(buffer, "2.385");
    /* And the process's own is as it was.  */
    snprintf(buffer, sizeof buffer, "%.1f", 0.5);
    ck_assert_str_eq(buffer, found ? "0,5" : "0.5");
    setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(long_words_have_no_hint) {
    char word[1000], buffer[128];
    for (size_t length = 60; length < 999; length++) {
        memset(word, 'q', length);
        word[length] = '\0';
        gradus_nearest nearest = gradus_nearest_to(word);
        gradus_nearest_try(&nearest, "momentum");
        ck_assert_msg(!nearest.best, "%zu letters", length);
        ck_assert_str_eq(gradus_nearest_hint(&nearest, buffer, sizeof buffer), "");
    }
}
END_TEST

TEST_MAIN("text", copies, distances, hints, numbers_have_a_point, long_words_have_no_hint)
