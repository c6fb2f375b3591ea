/* Verdicts on results that are made up to hold and to break every kind of check.

   The race varies `condition` over 1e2 and 1e4 with three seeds; the target is 1.

     gd     reaches 0.5 at update m * condition with m = 1, 2, 30 by seed: the median is
            2 * condition
     heavy  at 10 * sqrt(condition), whatever the seed
     lost   never, and diverges
     picky  as heavy, but is refused at 1e4, where there is only its start

   Rows stand at update 0 (value 10), at T (value 0.5) and at 2 T (value 0.25), where T is
   what is said above; `lost` has NaN at the last.  passes are 3 a update, cpu_seconds 0.5,
   wall_seconds 0.25.  step_norm is empty at update 0 and 7 / update afterwards.  */

#include "harness/analysis/verdicts.h"

#include "../scratch.h"
#include "harness/language/claim_language.h"
#include "harness/results/results.h"

#include <sys/stat.h>

enum { LABELS = 4, SEEDS = 3, VALUES = 2, RUNS = LABELS * SEEDS * VALUES };
static const char *const labels[LABELS] = {"gd", "heavy", "lost", "picky"};
static const char *values[VALUES] = {"1e2", "1e4"}; /* as they are spelt */
static const double numbers[VALUES] = {1e2, 1e4};

static bool is_refused(int label, int value) { return label == 3 && value == 1; }

static double turn(int label, int value, int seed) {
    static const double factor[SEEDS] = {1, 2, 30};
    return label == 0 ? factor[seed - 1] * numbers[value] : 10 * sqrt(numbers[value]);
}

static void write_trace(int label, int value, int seed) {
    FILE *file =
        fopen(in_scratch("traces/%s-%s-%d.csv", labels[label], values[value], seed), "w");
    ck_assert_ptr_nonnull(file);
    fputs("update,epoch,passes,cpu_seconds,wall_seconds,train_value,gradient_norm,"
          "step_norm,test_accuracy,x1\n",
          file);
    for (int row = 0; row < (is_refused(label, value) ? 1 : 3); row++) {
        static const double heights[] = {10, 0.5, 0.25};
        double k = row * turn(label, value, seed);
        double height = label != 2 ? heights[row] : row < 2 ? 10 : NAN;
        fprintf(file, "%.0f,0,%.17g,%.17g,%.17g,%.17g,1,", k, 3 * k, 0.5 * k, 0.25 * k,
                height);
        if (row > 0)
            fprintf(file, "%.17g", 7 / k);
        fprintf(file, ",,%d\n", row - 1);
    }
    ck_assert_int_eq(fclose(file), 0);
}

/* Leaves out the last MISSING runs.  */
static void write_results(const char *check, int missing) {
    make_scratch();
    mkdir(in_scratch("traces"), 0777);
    FILE *file = fopen(in_scratch("manifest.json"), "w");
    ck_assert_ptr_nonnull(file);
    json_t *claim =
        json_pack("[{s:s, s:s, s:s}]", "id", "T1", "that", "it is so", "check", check);
    fputs("{\"study\": \"made-up\", \"targets\": [1], \"seeds\": [1, 2, 3],\n\"claims\": ",
          file);
    json_dumpf(claim, file, 0);
    json_decref(claim);
    fprintf(
        file,
        ",\n\"vary\": {\"key\": \"problem.condition\", \"variants\": [\n"
        "{\"value\": \"%s\", \"targets\": [1]}, {\"value\": \"%s\", \"targets\": [1]}]},"
        "\n\"methods\": [{\"label\": \"gd\"}, {\"label\": \"heavy\"}, {\"label\": "
        "\"lost\"}, {\"label\": \"picky\"}],\n\"runs\": [",
        values[0], values[1]);
    for (int i = 0; i < RUNS - missing; i++) {
        int label = i % LABELS, seed = 1 + i / LABELS % SEEDS, value = i / LABELS / SEEDS;
        fprintf(file,
                "%s{\"label\": \"%s\", \"varied\": \"%s\", \"seed\": %d, \"status\": "
                "\"%s\", \"value\": %s, \"trace\": \"traces/%s-%s-%d.csv\"}",
                i > 0 ? ",\n" : "", labels[label], values[value], seed,
                is_refused(label, value) ? "refused"
                : label == 2             ? "diverged"
                                         : "updates",
                is_refused(label, value) ? "10"
                : label == 2             ? "null"
                                         : "0.25",
                labels[label], values[value], seed);
        write_trace(label, value, seed);
    }
    fputs("]}\n", file);
    ck_assert_int_eq(fclose(file), 0);
}

/* The verdicts on CHECK.  */
static json_t *judge(const char *check, int missing) {
    gradus_results results;
    gradus_error why = {.text = ""};
    json_t *verdicts = NULL;
    write_results(check, missing);
    ck_assert_msg(!gradus_results_open(&results, scratch, &why), "%s", why.text);
    ck_assert_msg(!gradus_claims_judge(&verdicts, &results, &why), "%s: %s", check,
                  why.text);
    gradus_results_close(&results);
    clear_scratch();
    return verdicts;
}

static const struct {
    const char *check;
    bool holds;
} checks[] = {
    {"final(gd, 1e2) == 0.25", true},
    {"final(gd, 1e2) < 0.25", false},
    {"final(lost, 1e2) > 1e300", true},              /* it diverged */
    {"final(lost, 1e2) <= final(lost, 1e4)", false}, /* which cannot be told */
    {"final(gd, \"1e4\") == 0.25", true},
    {"final(picky, 1e2) == 0.25", true},
    {"final(picky, 1e4) > final(gd, 1e4)", false}, /* a refusal has no numbers */
    {"not final(picky, 1e4) < final(gd, 1e4)", false},
    {"last(picky, train_value, 1e4) == 10", false},
    {"updates_to(picky, 1, 1e4) > 1", false},
    {"all(picky, train_value > 0, 1e2)", true},
    {"all(picky, train_value > 0, 1e4)", false},
    {"trend(final(heavy, value)) == 0", true},
    {"trend(final(picky, value)) == 0", false},
    {"spread(gd, 1e2) == 0", true},    /* they all end at 0.25 */
    {"spread(lost, 1e2) >= 0", false}, /* nothing can be said */
    {"last(gd, x1, 1e4) == 1", true},
    {"last(gd, update, 1e2) == 400", true}, /* the median of 200, 400 and 6000 */
    {"last(gd, update, 1e2) == 200", false},
    {"last(lost, train_value, 1e2) > 1e300", true},
    {"at(heavy, train_value, 100, 1e2) == 0.5", true},
    {"at(heavy, train_value, 99, 1e2) == 0.5", false}, /* there is no such row */
    {"not at(heavy, train_value, 99, 1e2) == 0.5", false},
    {"at(heavy, step_norm, 100, 1e2) in [0.069, 0.071]", true},
    {"at(heavy, step_norm, 0, 1e2) == 0", false}, /* it is empty */
    {"updates_to(gd, 1, 1e2) == 200", true},
    {"updates_to(gd, 1, 1e2) in [1, 199]", false},
    {"updates_to(gd, 0.3, 1e2) == 400", true},
    {"passes_to(heavy, 1, 1e4) == 3000", true},
    {"cpu_to(heavy, 1, 1e4) == 500", true},
    {"wall_to(heavy, 1, 1e4) == 250", true},
    {"updates_to(lost, 1, 1e2) > updates_to(gd, 1, 1e2)", true}, /* a miss is infinite */
    {"updates_to(gd, 1, 1e2) > updates_to(lost, 1, 1e2)", false},
    {"updates_to(lost, 1, 1e2) == updates_to(lost, 1, 1e4)", false},
    {"updates_to(lost, 1, 1e2) / updates_to(lost, 1, 1e4) > 0", false},
    {"updates_to(gd, 2 * final(gd, 1e2), 1e2) == 200", true},
    {"maximum(heavy, train_value, 1e2) == 10", true},
    {"maximum(lost, train_value, 1e2) > 1e300", true},
    {"maximum(heavy, step_norm, 1e2) in [0.069, 0.071]", true}, /* one row is empty */
    {"minimum(heavy, train_value * 2 + 1, 1e2) == 1.5", true},
    {"minimum(heavy, abs(x1), 1e2) == 0", true},
    {"all(heavy, train_value <= 10, 1e2)", true},
    {"all(heavy, train_value < 10, 1e2)", false},
    {"not all(heavy, train_value < 10, 1e2)", true},
    {"all(lost, train_value <= 10, 1e2)", false},
    {"all(heavy, step_norm < 1, 1e2)", false}, /* at update 0 that cannot be told */
    {"all(heavy, update == 0 or step_norm < 1, 1e2)", true},
    {"slope(heavy, step_norm, update, 1e2) in [-1.0001, -0.9999]", true},
    {"slope(heavy, passes, update, 1e2) in [0.9999, 1.0001]", true},
    {"slope(heavy, update, gradient_norm, 1e2) > -1e9", false}, /* no line: x is 1 */
    {"trend(updates_to(gd, 1, value)) in [0.9999, 1.0001]", true},
    {"trend(updates_to(heavy, 1, value)) in [0.4999, 0.5001]", true},
    {"trend(updates_to(gd, 1, value)) in [0.4, 0.6]", false},
    {"trend(updates_to(gd, 1, value) / value^2) in [-1.001, -0.999]", true},
    {"trend(updates_to(lost, 1, value)) > -1e9", false}, /* a miss hides no slope */
    {"updates_to(gd, 1, 1e4) > 5 * updates_to(heavy, 1, 1e4) and "
     "updates_to(gd, 1, 1e2) < 5 * updates_to(heavy, 1, 1e2)",
     true},
};

START_TEST(made_up_results_hold_and_break_checks) {
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        json_t *verdicts = judge(checks[i].check, 0);
        const json_t *one = json_array_get(verdicts, 0);
        const char *sentence = json_string_value(json_object_get(one, "verdict"));
        ck_assert_msg(json_is_true(json_object_get(one, "holds")) == checks[i].holds, "%s",
                      sentence);
        ck_assert_str_eq(json_string_value(json_object_get(one, "check")), checks[i].check);
        json_decref(verdicts);
    }
}
END_TEST

/* Here the sums of logarithms would make an infinite slope of an infinite value.  */
START_TEST(an_infinite_value_has_no_trend) {
    values[0] = "1e-3";
    values[1] = "10";
    json_t *verdicts = judge("trend(1 / (10 - value)) > 0", 0);
    ck_assert(json_is_false(json_object_get(json_array_get(verdicts, 0), "holds")));
    json_decref(verdicts);
    values[0] = "1e2";
    values[1] = "1e4";
}
END_TEST

START_TEST(a_verdict_shows_its_numbers) {
    static const struct {
        const char *check, *verdict;
    } shown[] = {
        {"trend(updates_to(gd, 1, value)) in [0.9, 1.1]",
         "T1 holds: it is so (trend(updates_to(gd, 1, value)) = 1 in [0.9, 1.1])"},
        {"not (final(gd, 1e2) > -1 or updates_to(lost, 1, 1e2) < final(lost, 1e2))",
         "T1 does not hold: it is so (final(gd, 1e2) = 0.25 > -1; "
         "updates_to(lost, 1, 1e2) = inf < final(lost, 1e2) = inf)"},
        {"all(heavy, train_value < 10, 1e2)",
         "T1 does not hold: it is so (all(heavy, train_value < 10, 1e2) in 6 of 9 rows)"},
        {"at(gd, x1, 1, 1e2) == 1",
         "T1 does not hold: it is so (at(gd, x1, 1, 1e2) = not a number == 1)"},
        {"final(gd, 1e2) < final(picky, 1e4)",
         "T1 does not hold: it is so (final(gd, 1e2) = 0.25 < final(picky, 1e4) = not a "
         "number; picky is refused at 1e4)"},
        {"trend(final(picky, value)) > 0",
         "T1 does not hold: it is so (trend(final(picky, value)) = not a number > 0; picky "
         "is refused at 1e4)"},
    };
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        json_t *verdicts = judge(shown[i].check, 0);
        ck_assert_str_eq(
            json_string_value(json_object_get(json_array_get(verdicts, 0), "verdict")),
            shown[i].verdict);
        json_decref(verdicts);
    }
}
END_TEST

START_TEST(nothing_is_judged_while_runs_are_missing) {
    json_t *verdicts = judge("final(gd, 1e2) == 0.25", 1);
    ck_assert_uint_eq(json_array_size(verdicts), 0);
    json_decref(verdicts);
}
END_TEST

static const char *both_labels[] = {"gd", "two-part"};
static const char *const both_columns[] = {"update", "train_value", "x1"};
static const char *both_values[] = {"1e2", "full"};
static double both_numbers[] = {1e2, NAN};
static const gradus_names fixed = {
    .labels = 2, .label = both_labels, .columns = 3, .column = both_columns};
static const gradus_names varied = {.labels = 2,
                                    .label = both_labels,
                                    .columns = 3,
                                    .column = both_columns,
                                    .values = 2,
                                    .value = both_values,
                                    .number = both_numbers};

START_TEST(unknown_names_are_refused) {
    static const struct {
        const gradus_names *names;
        const char *check, *sentence;
    } bad[] = {
        {&fixed, "final(gdd) < 1",
         "column 7: there is no method 'gdd'; did you mean 'gd'?"},
        {&fixed, "final(two-part) < 1", "column 7: expected a method"},
        {&fixed, "final(3) < 1", "column 7: expected a method"},
        {&fixed, "final(gd)", "column 1: expected a comparison, and this is a number"},
        {&fixed, "final() < 1", "column 1: expected final(label)"},
        {&fixed, "final(gd, 1e2) < 1", "column 1: expected final(label)"},
        {&fixed, "finale(gd) < 1", "there is no function 'finale'; did you mean 'final'?"},
        {&fixed, "last(gd, x2) < 1", "column 10: there is no column 'x2'"},
        {&fixed, "all(gd, x2 < 1)", "column 9: there is no column 'x2'"},
        {&fixed, "all(gd, x1)", "column 9: expected a comparison"},
        {&fixed, "all(gd, final(gd) < 1)", "column 9: there is no function 'final' of the"},
        {&fixed, "maximum(gd, x1 < 1) < 1", "column 13: expected a number"},
        {&fixed, "x1 < 1", "column 1: 'x1' is not a number"},
        {&fixed, "value < 1", "column 1: 'value' is not a number"},
        {&fixed, "trend(final(gd)) < 1", "column 1: trend() needs a study that varies"},
        {&varied, "final(gd) < 1",
         "column 1: expected final(label) with the varied value as a last argument"},
        {&varied, "final(gd, 1e3) < 1", "column 11: expected one of the varied values"},
        {&varied, "final(gd, ful) < 1", "no varied value 'ful'; did you mean 'full'?"},
        {&varied, "final(gd, value) < 1", "`value` has a meaning inside trend() only"},
        {&varied, "trend(trend(value)) < 1", "cannot stand inside trend()"},
        {&varied, "trend(1, 2) < 1", "column 1: expected trend(number)"},
    };
    static const struct {
        const gradus_names *names;
        const char *check;
    } good[] = {{&fixed, "final(\"two-part\") < final(gd)"},
                {&varied, "final(gd, full) < final(\"two-part\", 100)"},
                {&varied, "trend(final(gd, value) * value) < 1"}};
    gradus_error why;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        why.text[0] = '\0';
        ck_assert_int_eq(gradus_claim_check(bad[i].check, bad[i].names, &(bool){false}, &why),
                         GRADUS_EINPUT);
        assert_contains(why.text, bad[i].sentence);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(!gradus_claim_check(good[i].check, good[i].names, &(bool){false}, &why), "%s",
                      why.text);
}
END_TEST

TEST_MAIN("claims", made_up_results_hold_and_break_checks, an_infinite_value_has_no_trend,
          a_verdict_shows_its_numbers, nothing_is_judged_while_runs_are_missing,
          unknown_names_are_refused)
