/* The text of a trace, to the letter: scripts rely on it.  */

#include "../../support.h"
#include "../scratch.h"
#include "harness/run/trace.h"

#include <zlib.h>

static const char HEADER[] =
    "update,epoch,passes,value_evaluations,gradient_evaluations,products,cpu_seconds,"
    "wall_seconds,train_value,gradient_norm,step_norm,learning_rate,test_value,"
    "test_accuracy,validation_value,validation_accuracy,evaluation_seconds,"
    "product_seconds,eigendecomposition_seconds,line_search_seconds,rest_seconds,"
    "preconditioner_seconds,damping,reduction,"
    "ray_evaluations\n";

static void assert_written(const gradus_row *row, const char *want) {
    char text[1024] = "";
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    if (row)
        gradus_trace_row(file, row, NULL, 0);
    else
        gradus_trace_header(file, NULL);
    rewind(file);
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
    fclose(file);
    ck_assert_str_eq(text, want);
}

static const gradus_row full = {
    .update = 7,
    .epoch = 0.1, /* prints as 17 digits that read back as the same number */
    .passes = 3.5,
    .value_evaluations = 11,
    .gradient_evaluations = 12,
    .products = 13,
    .ray_evaluations = 14,
    .cpu_seconds = 0.25,
    .wall_seconds = 0.5,
    .train_value = -2.5,
    .gradient_norm = 1e-300,
    .step_norm = 4,
    .learning_rate = 0.125,
    .damping = 45,
    .reduction = 0.875,
    .test = {2, 0.75},
    .validation = {3, 0.5},
    .phase_seconds = {[GRADUS_PHASE_REST] = 16,
                      [GRADUS_PHASE_EVALUATION] = 17,
                      [GRADUS_PHASE_PRODUCT] = 18,
                      [GRADUS_PHASE_EIGENDECOMPOSITION] = 19,
                      [GRADUS_PHASE_LINE_SEARCH] = 20,
                      [GRADUS_PHASE_PRECONDITIONER] = 21}};

START_TEST(header) { assert_written(NULL, HEADER); }
END_TEST

START_TEST(row) {
    assert_written(&full, "7,0.10000000000000001,3.5,11,12,13,0.25,0.5,-2.5,1e-300,4,0.125,"
                          "2,0.75,3,0.5,17,18,19,20,16,21,45,0.875,14\n");
}
END_TEST

START_TEST(what_does_not_apply_is_empty) {
    gradus_row some = full;
    some.step_norm = some.learning_rate = NAN;
    some.test = some.validation = (gradus_metrics){NAN, NAN};
    assert_written(&some, "7,0.10000000000000001,3.5,11,12,13,0.25,0.5,-2.5,1e-300,,,,,,,"
                          "17,18,19,20,16,21,45,0.875,14\n");
}
END_TEST

START_TEST(what_diverged_is_written) {
    gradus_row bad = full;
    bad.train_value = -NAN; /* its sign must not show */
    bad.gradient_norm = INFINITY;
    bad.step_norm = INFINITY;
    assert_written(&bad, "7,0.10000000000000001,3.5,11,12,13,0.25,0.5,nan,inf,inf,0.125,2,"
                         "0.75,3,0.5,17,18,19,20,16,21,45,0.875,14\n");
}
END_TEST

/* Names and header agree, and every column is explained.  */
START_TEST(columns) {
    char names[sizeof HEADER] = "";
    const char *name, *help;
    for (size_t i = 0; (name = gradus_trace_column(i, &help)); i++) {
        ck_assert_uint_gt(strlen(help), 0);
        strcat(strcat(names, i ? "," : ""), name);
    }
    ck_assert_str_eq(strcat(names, "\n"), HEADER);
}
END_TEST

/* The checksum of the text that is left, by hand.  */
static void assert_sum(const char *trace, const char *left) {
    unsigned long sum = 0;
    gradus_error why;
    const char *path = write_scratch("t.csv", trace, strlen(trace));
    assert_ok(gradus_trace_checksum(path, &sum, &why));
    ck_assert_uint_eq(sum, crc32(0, (const unsigned char *)left, (unsigned)strlen(left)));
}

START_TEST(times_are_no_part_of_the_checksum) {
    make_scratch();
    const char *left = "update,x,\n0,,\n1,0.5,\n";
    assert_sum("update,cpu_seconds,x,wall_seconds\n0,0,,0\n1,2.5,0.5,3\n", left);
    assert_sum("update,cpu_seconds,x,wall_seconds\n0,9,,8\n1,,0.5,\n", left);
    assert_sum("update,cpu_seconds,x,wall_seconds\n0,9,,8\n1,,0.25,\n",
               "update,x,\n0,,\n1,0.25,\n");
    assert_sum("seconds,x_seconds\n1,2\n", "seconds,\n1,\n"); /* the ending, not the word */
    assert_sum("x_seconds,y\n1,2,3\n", "y,\n2,3,\n");         /* a cell too many counts */
    assert_sum("", "");
    gradus_error why;
    unsigned long sum;
    ck_assert_int_eq(gradus_trace_checksum(in_scratch("none"), &sum, &why), GRADUS_EINPUT);
    clear_scratch();
}
END_TEST

TEST_MAIN("trace", times_are_no_part_of_the_checksum, header, row,
          what_does_not_apply_is_empty, what_diverged_is_written, columns)
