/* Reading results folders and traces, whole and broken.  */

#include "harness/results/results.h"

#include "../sample.h"

#define HEADER "update,passes,cpu_seconds,wall_seconds,train_value,gradient_norm,"
#define WHOLE  HEADER "test_accuracy\n"

START_TEST(reads_a_folder) {
    gradus_results results;
    make_scratch();
    write_sample(&plain_sample);
    assert_ok(gradus_results_open(&results, scratch, NULL));
    ck_assert_str_eq(results.study, "sample");
    ck_assert_str_eq(results.question, "Who is first?");
    ck_assert_uint_eq(results.methods, SAMPLE_METHODS);
    ck_assert_uint_eq(results.runs, SAMPLE_METHODS * SAMPLE_SEEDS);
    ck_assert_uint_eq(results.missing, 0);
    ck_assert_uint_eq(results.targets, 2);
    for (size_t i = 0; i < results.runs; i++) {
        const gradus_result *run = &results.run[i];
        int method = (int)run->method, last = sample_updates(method);
        ck_assert_uint_eq(run->trace.rows, (size_t)last + 1);
        ck_assert_int_eq(run->failed, method == 2);
        ck_assert_int_eq(run->diverged, method == 2);
        ck_assert_int_eq(run->contaminated_by != NULL, method == 1 && run->seed == 2);
        for (int k = 0; k <= last; k++) {
            double value = sample_value(method, (int)run->seed, k);
            double got = run->trace.column[GRADUS_COLUMN_VALUE][k];
            ck_assert(same_bits(got, value) || (isnan(got) && isnan(value)));
        }
    }
    gradus_results_close(&results);
    clear_scratch();
}
END_TEST

START_TEST(counts_missing_runs) {
    gradus_results results;
    make_scratch();
    write_sample(&(sample_t){.question = "", .missing = 2});
    assert_ok(gradus_results_open(&results, scratch, NULL));
    ck_assert_uint_eq(results.missing, 2);
    gradus_results_close(&results);
    clear_scratch();
}
END_TEST

START_TEST(leaves_empty_and_absent_cells_out) {
    gradus_trace trace;
    static const char text[] = WHOLE "0,0,0,0,inf,nan,\n";
    make_scratch();
    assert_ok(gradus_trace_open(&trace, write_scratch("t", text, strlen(text)), NULL));
    ck_assert_uint_eq(trace.rows, 1);
    ck_assert(isinf(trace.column[GRADUS_COLUMN_VALUE][0]));
    ck_assert(isnan(trace.column[GRADUS_COLUMN_GRADIENT][0]));
    ck_assert(isnan(trace.column[GRADUS_COLUMN_ACCURACY][0]));
    ck_assert(isnan(trace.column[GRADUS_COLUMN_REST][0]));
    gradus_trace_close(&trace);
    clear_scratch();
}
END_TEST

/* A text of a trace and what the complaint must name.  */
typedef struct {
    const char *text, *named;
} broken_t;

START_TEST(refuses_broken_traces) {
    static const broken_t broken[] = {
        {"", "header"},
        {WHOLE, "at least one row"},
        {"update\n1\n", ":1: expected a trace, with a column 'passes'"},
        {HEADER "test_accuracy,update\n0,0,0,0,1,1,,0\n", ":1: column 'update' is there"},
        {WHOLE "0,0,0,0,1,1,\n1,0,0,0,1,1\n", ":3: 6 cells, expected 7"},
        {WHOLE "0,0,0,0,1,1,,\n", ":2: 8 cells, expected 7"},
        {WHOLE "0,0,0,0,1x,1,\n", ":2: train_value=1x: expected a number"},
        {WHOLE "0,0,0,0,1,1,\n1,0,0,0,1", ":3: the last line is cut short"},
        {WHOLE "2,0,0,0,1,1,\n1,0,0,0,1,1,\n", ":3: update=1: expected at least 2"},
        {WHOLE ",0,0,0,1,1,\n", ":2: update=nan"},
    };
    make_scratch();
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        gradus_trace trace;
        gradus_error why = {0};
        const char *path =
            write_scratch("trace.csv", broken[i].text, strlen(broken[i].text));
        ck_assert_int_eq(gradus_trace_open(&trace, path, &why), GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, path);
        assert_contains(why.text, broken[i].named);
    }
    clear_scratch();
}
END_TEST

static void refuse(const char *named) {
    gradus_results results;
    gradus_error why = {0};
    ck_assert_int_eq(gradus_results_open(&results, scratch, &why), GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, named);
}

START_TEST(refuses_broken_folders) {
    static const broken_t broken[] = {
        {"{", "manifest.json:1: expected a manifest in JSON"},
        {"[]", "with a 'study'"},
        {"{\"study\": \"s\"}", "with a list 'targets'"},
        {"{\"study\": \"s\", \"targets\": [\"x\"]}", "target 1: expected a number"},
        {"{\"study\": \"s\", \"targets\": []}", "with a list 'methods'"},
        {"{\"study\": \"s\", \"targets\": [], \"methods\": [{}]}", "method 1"},
        {"{\"study\": \"s\", \"targets\": [], \"methods\": [], \"seeds\": []}",
         "with a list 'runs'"},
        {"{\"study\": \"s\", \"targets\": [], \"methods\": [], \"seeds\": [],"
         "\"runs\": [{}]}",
         "run 1: expected 'label', 'seed' and 'trace'"},
        {"{\"study\": \"s\", \"targets\": [], \"methods\": [], \"seeds\": [],"
         "\"runs\": [{\"label\": \"a\", \"seed\": 1, \"trace\": \"t\"}]}",
         "'a' is not among the study's methods"},
    };
    make_scratch();
    refuse("is not a results folder");
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        write_scratch("manifest.json", broken[i].text, strlen(broken[i].text));
        refuse(broken[i].named);
    }
    write_sample(&plain_sample);
    unlink(in_scratch("traces/slow-2.csv"));
    refuse("traces/slow-2.csv");
    clear_scratch();
}
END_TEST

TEST_MAIN("results", reads_a_folder, counts_missing_runs, leaves_empty_and_absent_cells_out,
          refuses_broken_traces, refuses_broken_folders)
