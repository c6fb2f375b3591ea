/* A run that is saved, closed, opened again and loaded goes on as if nothing had happened,
   to the bit: every method, with whatever makes it keep more from one update to the next, in
   full batch and in mini-batch, in the problem's coordinates and in others.  */

#include "core/run.h"
#include "harness/run/checkpoint_file.h"
#include "specs.h"

enum { UPDATES = 16, LARGEST = 64, ROWS = UPDATES + 2 };

typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} bench_t;

typedef struct {
    gradus_row rows[ROWS];
    size_t count;
    double x[LARGEST], best;
    gradus_stop stop;
} record_t;

/* More than the defaults keep.  */
static const char *const more_methods[] = {
    "sgd:learning_rate=1e-3,momentum=0.9",
    "sgd:learning_rate=1e-3,schedule=plateau",
    "adam:schedule=restarts,schedule_length=3",
    "rprop:variant=irprop+",
    "rprop:variant=irprop+,initial_step=3", /* the value rises */
    "rprop:variant=rprop+,schedule=step,schedule_every=3",
    "vsgd:slow_start=1",
    "vsgd:slow_start=5",
    "vsgd:clip_norm=0.1",
    "lbfgs:memory=3",
    "scaled_cg:restart=3",
    "trust_region:subproblem=steihaug,radius=0.1",
    "trust_region:subproblem=exact,radius=0.1",
    "prong:interval=3,samples=20,momentum=0.9",
    "prong:interval=3,samples=20,momentum=0.9,form=pca,momentum_at_refresh=keep",
    "prong:interval=3,samples=20,diagonal=yes,whitened_start=no",
    "prong:interval=3,samples=20,plus=yes,plus_interval=2,plus_samples=9",
    "kfac_adaptive:interval=5,gamma_interval=3,damping_interval=2",
};

static const char *const problems[] = {"softmax", "rosenbrock", "normalised"};
static const char *const run_options[] = {
    "",
    ",batch=7",
    ",batch=7,sampling=iid,measure_examples=5,measure_every=3",
    ",measure_every=3",
    ",coordinates=whitened,whitening_interval=4", /* half the updates are there */
    ",batch=7,coordinates=whitened,whitening_interval=3,whitening_samples=20",
};

/* False when the three do not go together.  */
static bool open_bench(bench_t *b, const char *problem, const char *method,
                       const char *options) {
    char spec[SPEC_SIZE], all[SPEC_SIZE];
    gradus_error why;
    *b = (bench_t){0};
    snprintf(all, sizeof all, "seed=5,gradient_tolerance=0%s", options);
    assert_ok(gradus_problem_create(&b->problem, small_spec(problem, spec), 1, &why));
    ck_assert_msg(!gradus_method_create(&b->method, method, &why), "%s", why.text);
    return gradus_run_open(&b->run, b->problem, b->method, NULL, all, &why) == GRADUS_OK;
}

static void close_bench(bench_t *b) {
    gradus_run_close(b->run);
    gradus_method_close(b->method);
    gradus_problem_close(b->problem);
}

static void add_row(bench_t *b, bool everything, record_t *record) {
    ck_assert_uint_lt(record->count, ROWS);
    assert_ok(gradus_run_measure(b->run, everything, &record->rows[record->count++], NULL));
}

/* The loop of a run, up to an update.  */
static void drive(bench_t *b, size_t until, record_t *record) {
    while (gradus_run_updates(b->run) < until &&
           gradus_run_test(b->run) == GRADUS_RUNNING) {
        if (gradus_run_due(b->run))
            add_row(b, false, record);
        assert_ok(gradus_run_step(b->run, NULL));
    }
}

static void finish(bench_t *b, record_t *record) {
    drive(b, UPDATES, record);
    gradus_run_test(b->run);
    add_row(b, true, record);
    record->best = gradus_run_best_value(b->run);
    record->stop = gradus_run_stop(b->run);
    memcpy(record->x, gradus_run_parameters(b->run),
           gradus_problem_dimension(b->problem) * sizeof *record->x);
}

static bool same_row(const gradus_row *a, const gradus_row *b) {
    return a->update == b->update && same_bits(a->epoch, b->epoch) &&
           same_bits(a->passes, b->passes) &&
           a->value_evaluations == b->value_evaluations &&
           a->gradient_evaluations == b->gradient_evaluations &&
           a->products == b->products && a->ray_evaluations == b->ray_evaluations &&
           same_bits(a->train_value, b->train_value) &&
           same_bits(a->gradient_norm, b->gradient_norm) &&
           same_bits(a->step_norm, b->step_norm) &&
           same_bits(a->learning_rate, b->learning_rate) &&
           same_bits(a->test.value, b->test.value) &&
           same_bits(a->validation.value, b->validation.value) &&
           same_bits(a->validation.accuracy, b->validation.accuracy);
}

static void compare(const char *what, const record_t *whole, const record_t *halves) {
    ck_assert_msg(whole->count == halves->count && whole->stop == halves->stop,
                  "%s: %zu rows, %zu rows", what, whole->count, halves->count);
    for (size_t i = 0; i < whole->count; i++)
        ck_assert_msg(same_row(&whole->rows[i], &halves->rows[i]),
                      "%s: row %zu, update %zu differs", what, i, whole->rows[i].update);
    ck_assert_msg(same_bits(whole->best, halves->best), "%s: best value", what);
    ck_assert_msg(memcmp(whole->x, halves->x, sizeof whole->x) == 0, "%s: parameters",
                  what);
}

/* Newton's method may be done before all updates.  TESTED: the first half ended with a test, as at a budget, not with a step.  */
static bool check(const char *problem, const char *method, const char *options,
                  bool tested) {
    record_t whole = {0}, halves = {0};
    bench_t b;
    char what[2 * SPEC_SIZE], path[64];
    gradus_error why = {0};
    bool fits = open_bench(&b, problem, method, options);
    if (fits)
        finish(&b, &whole);
    close_bench(&b);
    if (!fits)
        return false;
    snprintf(what, sizeof what, "%s on %s%s", method, problem, options);
    snprintf(path, sizeof path, "%s/half.h5", spec_folder);
    open_bench(&b, problem, method, options);
    drive(&b, whole.rows[whole.count - 1].update / 2, &halves);
    if (tested)
        gradus_run_test(b.run);
    ck_assert_msg(!gradus_checkpoint_write(b.run, path, &why), "%s: %s", what, why.text);
    close_bench(&b);
    open_bench(&b, problem, method, options);
    ck_assert_msg(!gradus_checkpoint_read(b.run, path, &why), "%s: %s", what, why.text);
    finish(&b, &halves);
    close_bench(&b);
    unlink(path);
    compare(what, &whole, &halves);
    return true;
}

/* With every option and problem that fit; how many do.  */
static size_t check_method(const char *method) {
    size_t checked = 0;
    char spec[SPEC_SIZE];
    for (size_t j = 0; j < sizeof problems / sizeof *problems; j++)
        for (size_t k = 0; k < sizeof run_options / sizeof *run_options; k++)
            checked += check(problems[j], small_method(method, problems[j], spec),
                             run_options[k], (j + k) % 2);
    ck_assert_msg(checked >= 4, "%s fits %zu times", method, checked);
    return checked;
}

START_TEST(every_method) {
    size_t checked = 0;
    make_specs();
    for (size_t i = 0; gradus_method_types[i]; i++)
        checked += check_method(gradus_method_types[i]->name);
    for (size_t i = 0; i < sizeof more_methods / sizeof *more_methods; i++)
        checked += check_method(more_methods[i]);
    printf("%zu runs resumed\n", checked);
    remove_specs();
}
END_TEST

/* The value of the look before is still there to be compared with.  */
START_TEST(value_tolerance_looks_back) {
    static const char *const options[] = {
        ",value_tolerance=1e9", ",value_tolerance=1e9,batch=7,measure_every=1",
        ",value_tolerance=1e9,batch=7,measure_every=1,measure_examples=5"};
    char path[64];
    make_specs();
    snprintf(path, sizeof path, "%s/one.h5", spec_folder);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        bench_t b;
        ck_assert(open_bench(&b, "softmax", "sgd", options[i]));
        ck_assert_int_eq(gradus_run_test(b.run), GRADUS_RUNNING);
        assert_ok(gradus_run_step(b.run, NULL));
        assert_ok(gradus_checkpoint_write(b.run, path, NULL));
        close_bench(&b);
        open_bench(&b, "softmax", "sgd", options[i]);
        assert_ok(gradus_checkpoint_read(b.run, path, NULL));
        ck_assert_int_eq(gradus_run_test(b.run), GRADUS_STOP_VALUE);
        close_bench(&b);
    }
    unlink(path);
    remove_specs();
}
END_TEST

/* Times go on from where they were.  */
START_TEST(times_add_up) {
    gradus_row before, after;
    char path[64];
    bench_t b;
    make_specs();
    snprintf(path, sizeof path, "%s/two.h5", spec_folder);
    ck_assert(open_bench(&b, "softmax", "lbfgs", ""));
    for (int i = 0; i < 3; i++)
        assert_ok(gradus_run_step(b.run, NULL));
    assert_ok(gradus_run_measure(b.run, false, &before, NULL));
    assert_ok(gradus_checkpoint_write(b.run, path, NULL));
    close_bench(&b);
    open_bench(&b, "softmax", "lbfgs", "");
    assert_ok(gradus_checkpoint_read(b.run, path, NULL));
    assert_ok(gradus_run_measure(b.run, false, &after, NULL));
    ck_assert(same_bits(before.cpu_seconds, after.cpu_seconds));
    ck_assert(same_bits(before.wall_seconds, after.wall_seconds));
    ck_assert_mem_eq(before.phase_seconds, after.phase_seconds,
                     sizeof before.phase_seconds);
    close_bench(&b);
    unlink(path);
    remove_specs();
}
END_TEST

TEST_MAIN("resume", every_method, value_tolerance_looks_back, times_add_up)
