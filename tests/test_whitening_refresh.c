/* Whitened coordinates that are made anew on the way: nothing moves, what a method carries goes
   on, and the rest begins anew.  */

#include "function.h"
#include "prong/layered.h"

/* Steps of size 0.1 through matrices whose condition is at most 100, some tens of times: 1e4
   times the rounding of a number, and 1e9 times less than a mistake.  */
static const double TOLERANCE = 1e-11;

enum { EXAMPLES = 300, FIRST = 6, MIDDLE = 5, LAST = 3, LARGEST = 128 };

static double data[EXAMPLES * FIRST], targets[EXAMPLES * LAST];

static layered_t make_network(size_t layers, bool biases) {
    for (size_t i = 0; i < EXAMPLES * FIRST; i++)
        data[i] = noise(i) + (i % FIRST ? 0.7 * data[i - 1] + 0.3 : 0.4);
    for (size_t i = 0; i < EXAMPLES * LAST; i++)
        targets[i] = noise(i + 7777) + 0.5;
    layered_t p = {.layers = layers,
                   .biases = biases,
                   .examples = EXAMPLES,
                   .data = data,
                   .targets = targets,
                   .widths = {FIRST, LAST}};
    if (layers == 2)
        p.widths[1] = MIDDLE, p.widths[2] = LAST;
    return p;
}

static gradus_problem *wrap(layered_t *p, size_t threads) {
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &layered_type, p, threads, NULL));
    return problem;
}

static trial_t open_layered(layered_t *p, const char *method, const char *options) {
    return trial_open(wrap(p, 1), method, options);
}

static double difference(size_t count, const double a[], const double b[]) {
    double largest = 0.0;
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= largest))
            largest = fabs(a[i] - b[i]);
    return largest;
}

static size_t dimension(const trial_t *t) { return gradus_problem_dimension(t->problem); }

/* ---- Nothing moves ---- */

/* Moves at its first update and never again, and asks for the value.  */
typedef struct {
    size_t done;
    double value;
} mover_t;

static double asked; /* the value at the last update; the test's own */

static gradus_err mover_open(void *self, const void *params, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    (void)params, (void)oracle, (void)why;
    mover_t *m = self;
    gradus_state_keep_size(state, "done", &m->done);
    gradus_state_carry(state, &m->done);
    return GRADUS_OK;
}

static gradus_err mover_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    mover_t *m = self;
    (void)report;
    for (size_t i = 0; m->done == 0 && i < gradus_oracle_dimension(oracle); i++)
        x[i] += 0.1 * noise(i);
    m->done++;
    return gradus_oracle_value(oracle, x, &asked);
}

static const gradus_method_type mover = {.name = "mover",
                                         .brief = "of the test",
                                         .size = sizeof(mover_t),
                                         .params = function_no_params,
                                         .open = mover_open,
                                         .step = mover_step};

/* A refresh changes no output: parameters, and the value that a method is given in the new
   coordinates, are the same to the bit.  */
START_TEST(a_refresh_changes_nothing) {
    layered_t p = make_network(2, true);
    double x[LARGEST], value;
    trial_t t = {.problem = wrap(&p, 1)};
    assert_ok(gradus_method_open(&t.method, &mover, NULL, NULL));
    assert_ok(gradus_run_open(&t.run, t.problem, t.method, NULL,
                              "gradient_tolerance=0,coordinates=whitened,"
                              "whitening_interval=1,whitening_samples=40",
                              NULL));
    for (size_t update = 0; update < 5; update++) {
        size_t before = p.inputs_calls;
        gradus_batch all = {.count = EXAMPLES};
        memcpy(x, gradus_run_parameters(t.run), dimension(&t) * sizeof *x);
        trial_step(&t);
        ck_assert_uint_eq(p.inputs_calls - before, update > 0);
        bool same = memcmp(x, gradus_run_parameters(t.run), dimension(&t) * sizeof *x) == 0;
        ck_assert(same == (update > 0));
        assert_ok(layered_evaluate(&p, &all, gradus_run_parameters(t.run), &value, NULL));
        ck_assert(same_bits(asked, value));
    }
    trial_close(&t);
}
END_TEST

/* ---- Carried ---- */

/* Canonical coordinates, and a method that refreshes them itself, from the same samples.  */
START_TEST(sgd_is_prong) {
    for (int which = 0; which < 4; which++) {
        layered_t p = make_network(2, which % 2), q = p;
        const char *momentum = which < 2 ? "momentum=0.9" : "momentum=0";
        char sgd[128], prong[128];
        double error = 0.0, start[LARGEST];
        snprintf(sgd, sizeof sgd, "sgd:learning_rate=0.05,%s", momentum);
        snprintf(prong, sizeof prong, "prong:learning_rate=0.05,%s,interval=7,samples=100",
                 momentum);
        trial_t a = open_layered(&p, sgd,
                                 "batch=32,coordinates=whitened,whitening_interval=7,"
                                 "whitening_samples=100");
        trial_t b = open_layered(&q, prong, "batch=32");
        memcpy(start, gradus_run_parameters(a.run), dimension(&a) * sizeof *start);
        for (int i = 0; i < 30; i++)
            error = fmax(error, difference(dimension(&a), trial_step(&a), trial_step(&b)));
        assert_at_most("difference of the paths", error, TOLERANCE);
        ck_assert(difference(dimension(&a), start, gradus_run_parameters(a.run)) > 0.1);
        gradus_row one = trial_row(&a), two = trial_row(&b);
        ck_assert(one.passes == two.passes);
        ck_assert_uint_eq(one.gradient_evaluations, two.gradient_evaluations);
        trial_close(&a);
        trial_close(&b);
    }
}
END_TEST

static void follow(trial_t *t, int updates, double x[]) {
    for (int i = 0; i < updates; i++)
        trial_step(t);
    memcpy(x, gradus_run_parameters(t->run), dimension(t) * sizeof *x);
}

/* Of one layer with all examples as the sample the coordinates are always the same, so that a
   refresh is nothing to a method that goes on, and a new start to one that does not.  */
static const struct {
    const char *method;
    bool goes_on;
} carried[] = {
    {"sgd:learning_rate=0.05,momentum=0.9", true},
    {"nesterov:learning_rate=0.05", true},
    {"nesterov:learning_rate=0.05,momentum_schedule=convex", true},
    {"sgd:learning_rate=0.05,momentum=0.9,form=averaged", false},
    {"nesterov:learning_rate=0.05,form=averaged", false},
    {"adam:learning_rate=0.01", false},
    {"rprop", false},
    {"rmsprop:learning_rate=0.01,momentum=0.9", false},
    {"lbfgs", false},
    {"bfgs", false},
    {"nonlinear_cg", false},
    {"scaled_cg", false},
};

static double *path(const char *method, const char *interval, const double start[],
                    int updates, double x[]) {
    layered_t p = make_network(1, true);
    gradus_problem *problem = wrap(&p, 1);
    gradus_method *m;
    gradus_run *run;
    char options[128];
    snprintf(options, sizeof options, "gradient_tolerance=0,coordinates=whitened%s",
             interval);
    assert_ok(gradus_method_create(&m, method, NULL));
    assert_ok(gradus_run_open(&run, problem, m, start, options, NULL));
    trial_t t = {problem, m, run};
    follow(&t, updates, x);
    trial_close(&t);
    return x;
}

START_TEST(what_goes_on_and_what_begins_anew) {
    layered_t p = make_network(1, true);
    size_t n = layered_dimension(&p);
    for (size_t i = 0; i < sizeof carried / sizeof *carried; i++) {
        const char *method = carried[i].method;
        double whole[LARGEST], half[LARGEST], anew[LARGEST], got[LARGEST];
        path(method, "", NULL, 5, whole);
        path(method, "", path(method, "", NULL, 3, half), 2, anew);
        path(method, ",whitening_interval=3", NULL, 5, got);
        printf("%s: goes on %.3g, begins anew %.3g\n", method, difference(n, got, whole),
               difference(n, got, anew));
        ck_assert_msg(difference(n, whole, anew) > 1e3 * TOLERANCE, "%s", method);
        ck_assert_msg(difference(n, got, carried[i].goes_on ? whole : anew) <= TOLERANCE,
                      "%s", method);
    }
}
END_TEST

/* A schedule's time is the run's, not the method's.  */
START_TEST(schedules_go_on) {
    layered_t p = make_network(2, true);
    trial_t t = open_layered(&p, "adam:learning_rate=0.1,schedule=step,schedule_every=2",
                             "coordinates=whitened,whitening_interval=3");
    const double rates[] = {0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        trial_step(&t);
        ck_assert(trial_row(&t).learning_rate == rates[i]);
    }
    trial_close(&t);
}
END_TEST

/* ---- Any method on two layers ---- */

START_TEST(methods_run_and_descend) {
    static const char *const methods[] = {"lbfgs", "adam:learning_rate=0.02", "rprop",
                                          "nonlinear_cg"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        double values[2];
        for (size_t threads = 1; threads <= 2; threads++) {
            layered_t p = make_network(2, true);
            trial_t t = trial_open(wrap(&p, threads), methods[i],
                                   "coordinates=whitened,whitening_interval=5");
            double before = trial_row(&t).train_value;
            for (int k = 0; k < 20; k++)
                trial_step(&t);
            values[threads - 1] = trial_row(&t).train_value;
            printf("%s: %.4g, then %.4g\n", methods[i], before, values[threads - 1]);
            ck_assert(values[threads - 1] < 0.9 * before);
            trial_close(&t);
        }
        ck_assert(same_bits(values[0], values[1]));
    }
}
END_TEST

/* ---- The bill, endings and refusals ---- */

START_TEST(bill) {
    layered_t p = make_network(2, true);
    trial_t t = open_layered(&p, "sgd:learning_rate=0.05",
                             "batch=30,coordinates=whitened,whitening_interval=2,"
                             "whitening_samples=60");
    for (int i = 0; i < 5; i++)
        trial_step(&t);
    gradus_row row = trial_row(&t); /* before updates 0, 2 and 4 */
    ck_assert_uint_eq(row.gradient_evaluations, 5 + 3);
    ck_assert(row.passes == (5.0 * 30.0 + 3.0 * 60.0) / EXAMPLES);
    trial_close(&t);
}
END_TEST

/* A network whose statistics are no longer finite: a reason, and nothing moves.  */
START_TEST(diverged) {
    layered_t p = make_network(2, true);
    double x[LARGEST];
    trial_t t = open_layered(&p, "adam:learning_rate=0.01",
                             "batch=30,coordinates=whitened,whitening_interval=2");
    follow(&t, 2, x);
    p.spoil_inputs = NAN;
    trial_step(&t);
    ck_assert_int_eq(gradus_run_test(t.run), GRADUS_FAIL_EIGENDECOMPOSITION);
    ck_assert_str_eq(gradus_run_detail(t.run), "the inputs of layer 0 are not finite");
    ck_assert_uint_eq(gradus_run_updates(t.run), 2);
    ck_assert_mem_eq(gradus_run_parameters(t.run), x, dimension(&t) * sizeof *x);
    trial_close(&t);
}
END_TEST

static void refused(const char *options, const char *part) {
    layered_t p = make_network(2, true);
    gradus_problem *problem = wrap(&p, 1);
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    assert_ok(gradus_method_create(&method, "sgd", NULL));
    ck_assert_int_eq(gradus_run_open(&run, problem, method, NULL, options, &why),
                     GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, part);
    gradus_method_close(method);
    gradus_problem_close(problem);
}

START_TEST(refusals) {
    refused("whitening_interval=5", "whitening_interval is given, which needs");
    refused("coordinates=whitened,whitening_interval=0", "whitening_interval=0: expected");
}
END_TEST

TEST_MAIN("refresh", a_refresh_changes_nothing, sgd_is_prong,
          what_goes_on_and_what_begins_anew, schedules_go_on, methods_run_and_descend, bill,
          diverged, refusals)
