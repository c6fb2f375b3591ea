/* Looking up what there is.  */

#include "core/registry.h"
#include "../support.h"

START_TEST(every_name_is_found) {
    const char *options;
    char spec[128];
    for (size_t i = 0; gradus_method_types[i]; i++) {
        snprintf(spec, sizeof spec, "%s:a=1,b=c:d", gradus_method_types[i]->name);
        ck_assert_ptr_eq(gradus_method_of_spec(spec, &options, NULL),
                         gradus_method_types[i]);
        ck_assert_str_eq(options, "a=1,b=c:d");
    }
    for (size_t i = 0; gradus_problem_types[i]; i++) {
        const char *name = gradus_problem_types[i]->name;
        ck_assert_ptr_eq(gradus_problem_of_spec(name, &options, NULL),
                         gradus_problem_types[i]);
        ck_assert_ptr_null(options);
    }
    ck_assert_ptr_nonnull(gradus_problem_of_spec("quadratic:", &options, NULL));
    ck_assert_str_eq(options, "");
}
END_TEST

START_TEST(others_are_refused) {
    static const struct {
        const char *spec, *text;
    } cases[] = {
        {"rosenbrok", "there is no problem 'rosenbrok'; did you mean 'rosenbrock'?"},
        {"quadratics:dimension=3",
         "there is no problem 'quadratics'; did you mean 'quadratic'?"},
        {"Quadratic", "there is no problem 'Quadratic'; did you mean 'quadratic'?"},
        {"quadrati", "there is no problem 'quadrati'; did you mean 'quadratic'?"},
        {" quadratic", "there is no problem ' quadratic'; did you mean 'quadratic'?"},
        {"zzzzzzz", "there is no problem 'zzzzzzz'"},
        {"", "there is no problem ''"},
        {":dimension=3", "there is no problem ''"},
    };
    const char *options;
    gradus_error why;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_ptr_null(gradus_problem_of_spec(cases[i].spec, &options, &why));
        ck_assert_int_eq(why.code, GRADUS_EINPUT);
        ck_assert_str_eq(why.text, cases[i].text);
    }
    ck_assert_ptr_null(gradus_method_of_spec("sgdd", &options, &why));
    ck_assert_str_eq(why.text, "there is no method 'sgdd'; did you mean 'sgd'?");
    char endless[2000];
    memset(endless, 'q', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    ck_assert_ptr_null(gradus_method_of_spec(endless, &options, &why));
    assert_sentence(why.text);
}
END_TEST

/* A name is matched whole: one that begins with a known name is not that name.  */
START_TEST(long_names_are_not_cut_to_known_ones) {
    const char *options;
    char spec[128];
    snprintf(spec, sizeof spec, "quadratic%060d", 0);
    ck_assert_ptr_null(gradus_problem_of_spec(spec, &options, NULL));
}
END_TEST

TEST_MAIN("registry", every_name_is_found, others_are_refused,
          long_names_are_not_cut_to_known_ones)
