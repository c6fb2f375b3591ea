/* The k-th allocation fails, for every k, from opening a problem to the third update; and
   no update allocates.  */

#include "specs.h"

#include "scarce.h"

static gradus_err steps(gradus_run *run, gradus_error *why) {
    gradus_row row;
    gradus_err err = GRADUS_OK;
    for (int i = 0; !err && i < 3 && !gradus_run_test(run); i++)
        err = gradus_run_step(run, why);
    if (!err)
        err = gradus_run_measure(run, true, &row, why);
    return err;
}

/* With AFTER, the budget is zero once the run is open.  */
static gradus_err open_and_close(const char *method_name, const char *spec,
                                 const char *options, bool after, gradus_error *why) {
    gradus_problem *problem = NULL;
    gradus_method *method = NULL;
    gradus_run *run = NULL;
    gradus_err err = gradus_problem_create(&problem, spec, 2, why);
    if (!err)
        err = gradus_method_create(&method, method_name, why);
    if (!err)
        err = gradus_run_open(&run, problem, method, NULL, options, why);
    if (after)
        budget = 0, asked = 0;
    if (!err)
        err = steps(run, why);
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    return err;
}

static void fail_each(const char *method, const char *spec, const char *options) {
    gradus_error why = {0};
    for (long k = 0;; k++) {
        budget = k;
        gradus_err err = open_and_close(method, spec, options, false, &why);
        bool through = budget >= 0;
        budget = LONG_MAX;
        ck_assert_msg(live == 0, "%s on %s leaks %ld blocks when allocation %ld fails",
                      method, spec, live, k);
        if (err == GRADUS_EUNSUPPORTED)
            return;
        ck_assert_msg(err == (through ? GRADUS_OK : GRADUS_ENOMEM),
                      "%s on %s, allocation %ld: error %d, '%s'", method, spec, k, err,
                      why.text);
        if (through)
            break;
        ck_assert_msg(why.code == GRADUS_ENOMEM && strlen(why.text) > 5,
                      "%s on %s, allocation %ld: '%s'", method, spec, k, why.text);
    }
    gradus_err err = open_and_close(method, spec, options, true, &why);
    budget = LONG_MAX;
    ck_assert_msg(err == GRADUS_OK && asked == 0, "%s on %s: %ld allocations in updates",
                  method, spec, asked);
    ck_assert_int_eq(live, 0);
}

START_TEST(every_pair) {
    char spec[SPEC_SIZE];
    make_specs();
    for (size_t i = 0; gradus_method_types[i]; i++)
        for (size_t j = 0; gradus_problem_types[j]; j++) {
            small_spec(gradus_problem_types[j]->name, spec);
            fail_each(gradus_method_types[i]->name, spec, NULL);
            if (small_batch(gradus_problem_types[j])) {
                fail_each(gradus_method_types[i]->name, spec, "batch=7");
                fail_each(gradus_method_types[i]->name, spec, "batch=7,sampling=iid");
            }
            fail_each(gradus_method_types[i]->name, spec, "coordinates=whitened,whitening_interval=1");
        }
    fail_each("sgd", small_spec("normalised", spec), "batch=7");
    remove_specs();
}
END_TEST

START_TEST(the_probe) {
    char spec[SPEC_SIZE];
    make_specs();
    for (size_t j = 0; gradus_problem_types[j]; j++)
        fail_each("lbfgs", small_spec(gradus_problem_types[j]->name, spec), "probe=yes");
    remove_specs();
}
END_TEST

TEST_MAIN("out of memory", every_pair, the_probe)
