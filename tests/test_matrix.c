/* Every method on every problem it fits, and its refusal where it does not.  */

#include "specs.h"

enum { UPDATES = 5, LARGEST = 256 };

typedef struct {
    gradus_stop stop;
    gradus_row row;
    double x[LARGEST];
    size_t dimension, examples;
} outcome_t;

static const char *mode_options(int batch, char options[64]) {
    snprintf(options, 64,
             batch ? "updates=%d,batch=%d,gradient_tolerance=0"
                   : "updates=%d,gradient_tolerance=0",
             UPDATES, batch);
    return options;
}

/* Five updates; false when the pair does not fit.  */
static bool go(const char *method_spec, const char *problem_name, size_t threads, int batch,
               outcome_t *out) {
    char spec[SPEC_SIZE], options[64];
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    memset(out, 0, sizeof *out);
    ck_assert_msg(
        !gradus_problem_create(&problem, small_spec(problem_name, spec), threads, &why),
        "%s", why.text);
    ck_assert_msg(!gradus_method_create(&method, method_spec, &why), "%s", why.text);
    const char *method_name = gradus_method_get_type(method)->name;
    unsigned missing =
        gradus_method_get_type(method)->needs & ~gradus_problem_abilities(problem);
    gradus_err err =
        gradus_run_open(&run, problem, method, NULL, mode_options(batch, options), &why);
    if (err) {
        ck_assert_msg(missing && err == GRADUS_EUNSUPPORTED, "%s on %s: %s", method_name,
                      problem_name, why.text);
        assert_sentence(why.text);
        assert_contains(why.text, method_name);
        assert_contains(why.text, problem_name);
    } else {
        ck_assert_msg(!missing, "%s on %s is not refused", method_name, problem_name);
        while (gradus_run_test(run) == GRADUS_RUNNING)
            ck_assert_msg(!gradus_run_step(run, &why), "%s", why.text);
        ck_assert_msg(!gradus_run_measure(run, true, &out->row, &why), "%s", why.text);
        out->stop = gradus_run_stop(run);
        out->dimension = gradus_problem_dimension(problem);
        out->examples = gradus_problem_examples(problem);
        ck_assert_uint_le(out->dimension, LARGEST);
        memcpy(out->x, gradus_run_parameters(run), out->dimension * sizeof *out->x);
    }
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    return !err;
}

/* Newton's method is at the minimum of a quadratic after an update, in a region after a few,
   and its plain form cannot begin where free biases make the Hessian singular.  `slopes` has
   no minimum.  */
static bool has_reason_to_end(const char *method, const char *problem, const outcome_t *o) {
    size_t length = strcspn(method, ":");
    bool newton = strncmp(method, "newton", length) == 0 ||
                  strncmp(method, "trust_region", length) == 0;
    bool there = o->stop == GRADUS_FAIL_ROUNDING || o->stop == GRADUS_FAIL_STATIONARY;
    if (strcmp(problem, "slopes") == 0 && o->stop == GRADUS_FAIL_UNBOUNDED)
        return true;
    return newton &&
           (o->stop == GRADUS_FAIL_SINGULAR || (there && o->row.gradient_norm < 1e-9));
}

static void check_sane(const char *method, const char *problem, int batch,
                       const outcome_t *o) {
    const gradus_row *r = &o->row;
    if (has_reason_to_end(method, problem, o))
        return;
    ck_assert_msg(o->stop == GRADUS_STOP_UPDATES, "%s on %s, batch %d: %s", method, problem,
                  batch, gradus_stop_word(o->stop));
    ck_assert_msg(isfinite(r->train_value) && isfinite(r->gradient_norm), "%s on %s: %g %g",
                  method, problem, r->train_value, r->gradient_norm);
    ck_assert_uint_eq(r->update, UPDATES);
    size_t calls = r->value_evaluations + r->gradient_evaluations + r->products;
    ck_assert_msg(r->gradient_evaluations >= UPDATES && calls < 1000, "%s on %s: %zu calls",
                  method, problem, calls);
    ck_assert_msg(r->passes > 0.0 && r->passes <= (double)calls, "%s on %s: %g passes",
                  method, problem, r->passes);
    size_t drawn = 0; /* the last batch of an epoch is what is left of it */
    for (int i = 0; i < UPDATES; i++) {
        size_t left = o->examples - drawn % o->examples;
        drawn += batch && (size_t)batch < left ? (size_t)batch : left;
    }
    assert_close(r->epoch, (double)drawn / (double)o->examples, 1e-15);
    ck_assert(r->cpu_seconds >= 0.0 && r->step_norm >= 0.0);
}

static void compare(const char *method, const char *problem, const char *what,
                    const outcome_t *a, const outcome_t *b) {
    ck_assert_msg(memcmp(a->x, b->x, sizeof a->x) == 0 &&
                      same_bits(a->row.train_value, b->row.train_value) &&
                      same_bits(a->row.gradient_norm, b->row.gradient_norm) &&
                      same_bits(a->row.passes, b->row.passes) &&
                      a->row.value_evaluations == b->row.value_evaluations &&
                      a->row.gradient_evaluations == b->row.gradient_evaluations &&
                      a->row.products == b->row.products &&
                      a->row.ray_evaluations == b->row.ray_evaluations &&
                      a->stop == b->stop,
                  "%s on %s: %s differs", method, problem, what);
}

START_TEST(every_pair) {
    make_specs();
    for (size_t i = 0; gradus_method_types[i]; i++)
        for (size_t j = 0; gradus_problem_types[j]; j++)
            for (int batch = 0, most = small_batch(gradus_problem_types[j]); batch <= most;
                 batch += 7) {
                char spec[SPEC_SIZE];
                const char *p = gradus_problem_types[j]->name,
                           *m = small_method(gradus_method_types[i]->name, p, spec);
                outcome_t one, other;
                if (!go(m, p, 1, batch, &one))
                    continue;
                printf("%s on %s, batch %d: %.6g\n", m, p, batch, one.row.train_value);
                check_sane(m, p, batch, &one);
                go(m, p, 1, batch, &other);
                compare(m, p, "a second run", &one, &other);
                go(m, p, 2, batch, &other);
                compare(m, p, "two threads", &one, &other);
                go(m, p, 3, batch, &other);
                compare(m, p, "three threads", &one, &other);
            }
    remove_specs();
}
END_TEST

/* What a key is read with only; alone it is refused.  */
static const char *companion(const char *key) {
    return strcmp(key, "schedule_unit") == 0 ? "schedule=step," : "";
}

/* Whatever a method lets one choose works where the method does.  */
START_TEST(every_choice) {
    make_specs();
    for (size_t i = 0; gradus_method_types[i]; i++) {
        const gradus_method_type *type = gradus_method_types[i];
        for (const gradus_param *row = type->params; row && row->name; row++)
            for (const char *c = row->choices; c;
                 c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL) {
                char spec[SPEC_SIZE];
                outcome_t one, other;
                snprintf(spec, sizeof spec, "%s:%s%s=%.*s", type->name,
                         companion(row->name), row->name, (int)strcspn(c, "|"), c);
                for (int batch = 0; batch <= 7; batch += 7) {
                    if (!go(spec, "softmax", 1, batch, &one))
                        continue;
                    check_sane(spec, "softmax", batch, &one);
                    go(spec, "softmax", 2, batch, &other);
                    compare(spec, "softmax", "two threads", &one, &other);
                }
            }
    }
    remove_specs();
}
END_TEST

/* Another seed gives other mini-batches, so the mode is not ignored.  */
START_TEST(mini_batches_matter) {
    outcome_t full, part;
    make_specs();
    ck_assert(go("sgd", "softmax", 1, 0, &full) && go("sgd", "softmax", 1, 7, &part));
    ck_assert(memcmp(full.x, part.x, sizeof full.x) != 0);
    remove_specs();
}
END_TEST

TEST_MAIN("matrix", every_pair, every_choice, mini_batches_matter)
