/* What is bound is told, and it is OpenBLAS; timings are marked by the stated rule.  */

#include "harness/run/provenance.h"

#include "../../support.h"
#include "base/memory.h"

#include <cblas.h>

static json_t *provenance_of(const char *spec) {
    gradus_problem *problem;
    gradus_error why;
    assert_ok(gradus_problem_create(&problem, spec, 1, &why));
    json_t *json = gradus_provenance(problem);
    ck_assert_ptr_nonnull(json);
    gradus_problem_close(problem);
    return json;
}

/* GSL's own CBLAS has the same symbols: linked before OpenBLAS it would replace it, and
   every CPU-second would be wrong without anything failing.  */
START_TEST(blas_is_not_the_reference_of_gsl) {
    char path[4096];
    ck_assert_int_eq(openblas_get_num_threads() > 0, 1); /* binds OpenBLAS */
    gradus_provider("cblas_dgemm", path, sizeof path);
    printf("cblas_dgemm comes from %s\n", path);
    ck_assert_msg(path[0] != '\0', "nothing serves cblas_dgemm");
    ck_assert_msg(!strstr(path, "gslcblas"), "cblas_dgemm comes from %s", path);
    ck_assert_str_eq(gradus_provider("gradus_no_such_symbol", path, sizeof path), "");
}
END_TEST

START_TEST(everything_is_told) {
    static const char *const texts[] = {"version", "commit", "started",  "compiler",
                                        "flags",   "kernel", "processor",
                                        "vectors"};
    static const char *const libraries[] = {"gsl", "hdf5", "jansson", "yaml", "zlib"};
    json_t *json = provenance_of("quadratic:dimension=3");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(json_is_string(json_object_get(json, texts[i])), "no %s", texts[i]);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        ck_assert_msg(json_is_string(json_object_get(json_object_get(json, "libraries"),
                                                     libraries[i])),
                      "no version of %s", libraries[i]);
    const json_t *blas = json_object_get(json, "blas");
    ck_assert_str_eq(json_string_value(json_object_get(blas, "core")),
                     openblas_get_corename());
    ck_assert_int_eq(json_integer_value(json_object_get(blas, "threads")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "data")), 0);
    ck_assert_uint_eq(strlen(json_string_value(json_object_get(json, "started"))),
                      strlen("2024-01-31T23:59:59Z"));
    json_decref(json);
}
END_TEST

/* A problem that read two files.  */
static gradus_err open_empty(void *self, const void *params, size_t threads,
                             gradus_error *why) {
    (void)self, (void)params, (void)threads, (void)why;
    return GRADUS_OK;
}
static size_t one(const void *self) {
    (void)self;
    return 1;
}
static gradus_err evaluate_nothing(void *self, const gradus_batch *batch, const double x[],
                                   double *value, double gradient[]) {
    (void)self, (void)batch, (void)x, (void)value, (void)gradient;
    return GRADUS_OK;
}
static void two_sources(const void *self,
                        void (*emit)(void *context, const char *path, const char *checksum),
                        void *context) {
    (void)self;
    emit(context, "images.gz", "crc32:01234567");
    emit(context, "labels.gz", "crc32:89abcdef");
}

START_TEST(data_are_told_with_their_checksums) {
    static const gradus_problem_type type = {.name = "reader",
                                             .size = 1,
                                             .open = open_empty,
                                             .dimension = one,
                                             .evaluate = evaluate_nothing,
                                             .sources = two_sources};
    gradus_problem *problem;
    gradus_error why;
    char self;
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, &why));
    json_t *json = gradus_provenance(problem);
    const json_t *data = json_object_get(json, "data");
    ck_assert_uint_eq(json_array_size(data), 2);
    const json_t *second = json_array_get(data, 1);
    ck_assert_str_eq(json_string_value(json_object_get(second, "path")), "labels.gz");
    ck_assert_str_eq(json_string_value(json_object_get(second, "checksum")),
                     "crc32:89abcdef");
    json_decref(json);
    gradus_problem_close(problem);
}
END_TEST

/* With made-up readings: the rule is arithmetic.  */
START_TEST(timings_are_marked_by_the_rule) {
    gradus_load before = gradus_load_now();
    before.machine = NAN; /* nothing is known of others */
    ck_assert_ptr_null(gradus_contamination(before, (gradus_times){1.0, 1.0}, 1));
    ck_assert_ptr_null(gradus_contamination(before, (gradus_times){1.0, 1.24}, 1));
    ck_assert_ptr_nonnull(gradus_contamination(before, (gradus_times){1.0, 1.26}, 1));
    ck_assert_ptr_nonnull(gradus_contamination(before, (gradus_times){1.1, 1.0}, 1));
    ck_assert_ptr_null(gradus_contamination(before, (gradus_times){1.1, 1.0}, 2));
    ck_assert_ptr_nonnull(gradus_contamination(before, (gradus_times){2.2, 1.0}, 2));
    ck_assert_ptr_nonnull(gradus_contamination(before, (gradus_times){NAN, 1.0}, 1));
    before.machine =
        gradus_load_now().machine - 10.0; /* others used 10 seconds meanwhile */
    if (isfinite(before.machine))
        ck_assert_ptr_nonnull(gradus_contamination(before, (gradus_times){1.0, 1.0}, 1));
}
END_TEST

TEST_MAIN("provenance", blas_is_not_the_reference_of_gsl, everything_is_told,
          data_are_told_with_their_checksums, timings_are_marked_by_the_rule)
