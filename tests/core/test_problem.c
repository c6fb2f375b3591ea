/* Opening, wrapping and closing problems of the caller's own.  */

#include "core/problem.h"
#include "../counting.h"

#include <omp.h>

typedef struct {
    long dimension, examples, fails;
} params_t;

static const gradus_param table[] = {{GRADUS_FIELD(params_t, dimension), .initial = 3,
                                      .minimum = 0, .maximum = 9, .help = "Dimension."},
                                     {GRADUS_FIELD(params_t, examples), .initial = 4,
                                      .minimum = 0, .maximum = 9, .help = "Examples."},
                                     {GRADUS_FIELD(params_t, fails), .initial = 0,
                                      .minimum = 0, .maximum = 1,
                                      .help = "Whether it cannot be opened."},
                                     {0}};

static size_t closed, opened_threads;

static gradus_err open_counting(void *self, const void *values, size_t threads,
                                gradus_error *why) {
    const params_t *p = values;
    counting_t *c = self, zero = {0};
    ck_assert_mem_eq(c, &zero, sizeof zero); /* arrives zeroed */
    opened_threads = threads;
    c->dimension = (size_t)p->dimension;
    if (p->fails)
        return gradus_fail(why, GRADUS_EINPUT, "counting: cannot be opened");
    c->examples = (size_t)p->examples;
    return GRADUS_OK;
}

static void close_counting(void *self) {
    (void)self;
    closed++;
}

static gradus_problem_type openable(void) {
    gradus_problem_type type = counting_type;
    type.params = table, type.params_size = sizeof(params_t);
    type.open = open_counting, type.close = close_counting;
    return type;
}

START_TEST(opened_and_closed_once) {
    gradus_problem_type type = openable();
    gradus_problem *problem;
    assert_ok(gradus_problem_open(&problem, &type, "dimension=5,examples=2", 3, NULL));
    ck_assert_uint_eq(gradus_problem_dimension(problem), 5);
    ck_assert_uint_eq(gradus_problem_examples(problem), 2);
    ck_assert_ptr_eq(gradus_problem_get_type(problem), &type);
    ck_assert_uint_eq(gradus_problem_abilities(problem),
                     GRADUS_CAN_PRODUCT | GRADUS_CAN_CURVATURE);
    ck_assert_uint_eq(opened_threads, 3);
    gradus_problem_close(problem);
    ck_assert_uint_eq(closed, 1);
    assert_ok(gradus_problem_open(&problem, &type, NULL, 0, NULL));
    ck_assert_uint_eq(opened_threads, 1); /* no threads means one */
    gradus_problem_close(problem);
}
END_TEST

START_TEST(refused) {
    static const struct {
        const char *options, *text;
        size_t closed;
    } cases[] = {
        {"fails=1", "counting: cannot be opened", 1}, /* half-opened, so closed */
        {"dimension=0", "counting has no parameters", 1},
        {"examples=0", "counting has no examples", 1},
        {"dimension=10", "counting: dimension=10: expected an integer in [0, 9]", 0},
        {"x", "counting: 'x': expected key=value", 0}};
    gradus_problem_type type = openable();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gradus_problem *problem = (gradus_problem *)&type;
        gradus_error why;
        closed = 0;
        ck_assert_int_eq(gradus_problem_open(&problem, &type, cases[i].options, 1, &why),
                         GRADUS_EINPUT);
        ck_assert_ptr_null(problem);
        ck_assert_str_eq(why.text, cases[i].text);
        ck_assert_uint_eq(closed, cases[i].closed);
    }
}
END_TEST

START_TEST(wrapped_instances_stay_the_callers) {
    gradus_problem_type type = openable();
    counting_t self = {.dimension = 2, .examples = 1};
    gradus_problem *problem;
    closed = 0;
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    gradus_problem_close(problem);
    ck_assert_uint_eq(closed, 0);
    type.examples = NULL; /* a plain function is one example */
    self.examples = 77;
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    ck_assert_uint_eq(gradus_problem_examples(problem), 1);
    gradus_problem_close(problem);
    self.dimension = 0;
    gradus_error why;
    ck_assert_int_eq(gradus_problem_wrap(&problem, &type, &self, 1, &why), GRADUS_EINPUT);
    ck_assert_ptr_null(problem);
    ck_assert_str_eq(why.text, "counting has no parameters");
}
END_TEST

static gradus_err no_measure(void *self, gradus_subset subset, size_t count,
                             const double x[], gradus_metrics *out) {
    (void)self, (void)subset, (void)count, (void)x, (void)out;
    return GRADUS_OK;
}

/* What a type of the caller's own must have.  */
START_TEST(incomplete_types_are_refused) {
    counting_t self = {.dimension = 2, .examples = 1};
    gradus_problem *problem;
    gradus_error why;
    const gradus_problem_type whole = openable();
    gradus_problem_type types[5] = {whole, whole, whole, whole, whole};
    types[0].name = NULL, types[1].dimension = NULL, types[2].evaluate = NULL;
    types[3].measure = no_measure;
    types[4].open = NULL;
    static const char *const texts[] = {
        "the problem type of the caller's has no name",
        "the problem type counting has no dimension",
        "the problem type counting has no evaluate",
        "the problem type counting has no subset_examples, which goes with measure",
        "counting has no open: expected an instance for gradus_problem_wrap"};
    for (size_t i = 0; i < 5; i++) {
        ck_assert_int_eq(gradus_problem_open(&problem, &types[i], NULL, 1, &why),
                         GRADUS_EINPUT);
        ck_assert_ptr_null(problem);
        ck_assert_str_eq(why.text, texts[i]);
        if (!types[i].open)
            continue;
        ck_assert_int_eq(gradus_problem_wrap(&problem, &types[i], &self, 1, &why),
                         GRADUS_EINPUT);
        ck_assert_str_eq(why.text, texts[i]);
    }
}
END_TEST

/* Half a layer view is none.  */
static size_t no_layers(const void *self) {
    (void)self;
    return 0;
}

START_TEST(abilities_follow_from_entries) {
    gradus_problem_type type = counting_type;
    counting_t self = {.dimension = 2, .examples = 1};
    gradus_problem *problem;
    type.product = NULL, type.layers = no_layers;
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    ck_assert_uint_eq(gradus_problem_abilities(problem), 0);
    gradus_problem_close(problem);
}
END_TEST

TEST_MAIN("problem", opened_and_closed_once, refused, wrapped_instances_stay_the_callers,
          incomplete_types_are_refused, abilities_follow_from_entries)
