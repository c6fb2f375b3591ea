/* Batch normalisation: against PyTorch in training and measuring, threads, parts of a batch,
   a run's averages, what is refused.  */

#include "problems/network/network.h"

#include "core/run.h"
#include "network_data.h"
#include "network_values.h"

enum {
    FEW = 11,
    LARGEST = 256,
    CASES = sizeof normalised_values / sizeof *normalised_values
};

/* As in test_network.c, but 1/sqrt(variance) makes what was rounded larger: the smallest
   variance here is near 3e-4.  */
static const double TORCH = 1e-12;

static double worst_of(size_t n, const double a[], const double b[]) {
    double worst = 0.0;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(a[i] - b[i]));
    return worst;
}

START_TEST(against_pytorch) {
    double x[LARGEST], v[LARGEST], g[LARGEST], averages[LARGEST] = {0.0}, value;
    write_data(FEW, CLASSES, 1.0);
    for (size_t c = 0; c < CASES; c++) {
        gradus_problem *p = open_spec(normalised_values[c].spec, 1);
        const gradus_problem_type *type = p->type;
        const gradus_batch all = {.count = FEW};
        size_t n = p->dimension, units = normalised_values[c].units;
        ck_assert_uint_eq(n, normalised_values[c].dimension);
        ck_assert_uint_eq(type->averages(p->self), 1 + 2 * units);
        fill_point(n, x), fill_direction(n, v);
        assert_ok(type->evaluate(p->self, &all, x, &value, g));
        printf("%s\n", normalised_values[c].spec);
        assert_close(value, normalised_values[c].value, TORCH);
        assert_at_most("training", worst_of(n, g, normalised_values[c].training), TORCH);
        memset(averages, 0, sizeof averages);
        type->fold(p->self, averages);
        for (size_t i = 0; i < n; i++)
            v[i] = x[i] + 0.1 * v[i];
        assert_ok(type->evaluate(p->self, &all, v, &value, g));
        type->fold(p->self, averages);
        ck_assert(averages[0] == 2.0);
        assert_at_most("averages",
                       worst_of(2 * units, averages + 1, normalised_values[c].averages),
                       TORCH);
        type->measure_with(p->self, averages);
        assert_ok(type->evaluate(p->self, &all, x, &value, g));
        assert_close(value, normalised_values[c].measured, TORCH);
        assert_at_most("measuring", worst_of(n, g, normalised_values[c].measuring), TORCH);
        type->measure_with(p->self, NULL);
        assert_ok(type->evaluate(p->self, &all, x, &value, NULL));
        assert_close(value, normalised_values[c].value, TORCH);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* A batch that is more than a pass is the mean of its parts, each normalised by itself; the
   averages see the mean of their statistics.  */
START_TEST(parts) {
    enum { MANY = 1500, PART = MANY / 2 };
    double x[LARGEST], whole[LARGEST], part[LARGEST], sum[LARGEST] = {0.0};
    double seen[LARGEST] = {0.0}, total = 0.0, value, expected[LARGEST] = {0.0};
    static size_t rows[MANY];
    write_data(MANY, CLASSES, 1.0);
    gradus_problem *p = open_spec("autoencoder:layers=7-3,batch_norm=yes,l2=0.1", 2);
    size_t n = p->dimension, count = p->type->averages(p->self);
    fill_point(n, x);
    for (size_t i = 0; i < MANY; i++)
        rows[i] = i;
    assert_ok(p->type->evaluate(p->self, &(gradus_batch){.count = MANY}, x, &value, whole));
    p->type->fold(p->self, seen);
    for (size_t k = 0; k < 2; k++) {
        double other, own[LARGEST] = {0.0};
        const gradus_batch some = {.count = PART, .rows = rows + k * PART};
        assert_ok(p->type->evaluate(p->self, &some, x, &other, part));
        p->type->fold(p->self, own);
        total += other / 2.0;
        for (size_t i = 0; i < n; i++)
            sum[i] += part[i] / 2.0;
        for (size_t i = 0; i < count; i++)
            expected[i] += own[i] / 2.0;
    }
    /* the same passes, and two additions */
    assert_close(total, value, 1e-14);
    assert_at_most("gradient", worst_of(n, whole, sum), 1e-14);
    assert_at_most("averages", worst_of(count, seen, expected), 1e-14);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* Wide enough for threads.  One example alone: its deviations are 0, and nothing is NaN.  */
START_TEST(same_bits_for_any_threads) {
    write_data(300, CLASSES, 1.0);
    double *g[3], *averages[3], *x = NULL;
    for (size_t t = 0; t < 3; t++) {
        gradus_problem *p =
            open_spec("network:layers=300-200,batch_norm=yes,activation=relu", t + 1);
        size_t n = p->dimension, count = p->type->averages(p->self);
        if (!x)
            x = numbers(n), fill_point(n, x);
        g[t] = numbers(n), averages[t] = numbers(count);
        assert_ok(p->type->evaluate(p->self, &(gradus_batch){.count = 300}, x, NULL, g[t]));
        p->type->fold(p->self, averages[t]);
        ck_assert(memcmp(g[t], g[0], n * sizeof *x) == 0);
        ck_assert(memcmp(averages[t], averages[0], count * sizeof *x) == 0);
        double value, *alone = numbers(n), *own = numbers(count);
        assert_ok(
            p->type->evaluate(p->self, &(gradus_batch){.count = 1}, x, &value, alone));
        p->type->fold(p->self, own);
        ck_assert(isfinite(value));
        for (size_t i = 0; i < n; i++)
            ck_assert(isfinite(alone[i]));
        for (size_t i = 0; i < count; i++)
            ck_assert(isfinite(own[i]));
        free(alone), free(own);
        gradus_problem_close(p);
    }
    for (size_t t = 0; t < 3; t++)
        free(g[t]), free(averages[t]);
    free(x);
    unlink(path);
}
END_TEST

/* What RUN has averaged so far: how many batches, then means and variances.  */
static const double *averages_of(gradus_run *run) {
    gradus_inventory inventory = {0};
    const double *kept = NULL;
    gradus_run_list(run, &inventory);
    for (size_t i = 0; i < inventory.count; i++)
        if (strcmp(inventory.list[i].name, "oracle/averages") == 0)
            kept = inventory.list[i].data;
    gradus_inventory_close(&inventory);
    ck_assert_ptr_nonnull(kept);
    return kept;
}

/* A run measures with averages of its own: by hand they give the same numbers, and a second
   run on the same problem does not see them.  */
START_TEST(a_run_keeps_averages) {
    char spec[128];
    double first = NAN;
    write_data(60, CLASSES, 1.0);
    snprintf(spec, sizeof spec, "network:layers=6,batch_norm=yes,test=%s", path);
    gradus_problem *p = open_spec(spec, 1), *plain = open_spec(spec, 1);
    gradus_method *method;
    gradus_row row;
    assert_ok(gradus_method_create(&method, "sgd:learning_rate=0.3", NULL));
    for (int again = 0; again < 2; again++) {
        gradus_run *run;
        double averages[LARGEST] = {0.0}, g[LARGEST], x[LARGEST], value;
        gradus_metrics metrics;
        assert_ok(gradus_run_open(&run, p, method, NULL, "seed=3,batch=59", NULL));
        const double *kept = averages_of(run);
        for (int i = 0; i < 5; i++)
            assert_ok(gradus_run_step(run, NULL));
        ck_assert(kept[0] == 5.0);
        memcpy(averages, kept, p->type->averages(p->self) * sizeof *averages);
        memcpy(x, gradus_run_parameters(run), p->dimension * sizeof *x);
        assert_ok(gradus_run_measure(run, true, &row, NULL));
        ck_assert(kept[0] == 5.0);
        plain->type->measure_with(plain->self, averages);
        assert_ok(
            plain->type->evaluate(plain->self, &(gradus_batch){.count = 60}, x, &value, g));
        ck_assert(same_bits(value, row.train_value));
        size_t count = plain->type->subset_examples(plain->self, GRADUS_TEST);
        assert_ok(plain->type->measure(plain->self, GRADUS_TEST, count, x, &metrics));
        ck_assert(same_bits(metrics.value, row.test.value));
        ck_assert(again == 0 || same_bits(first, row.train_value));
        first = row.train_value;
        gradus_run_close(run);
    }
    gradus_method_close(method);
    gradus_problem_close(p);
    gradus_problem_close(plain);
    unlink(path);
}
END_TEST

/* prong maps gradients where that takes fewer multiplications, here of both layers from the
   second update on; such a batch enters the averages as any other does.  */
START_TEST(mapped_batches_count) {
    write_data(60, CLASSES, 1.0);
    gradus_problem *p = open_spec("network:layers=40-40,batch_norm=yes", 1);
    gradus_method *method;
    gradus_run *run;
    assert_ok(gradus_method_create(&method, "prong", NULL));
    assert_ok(gradus_run_open(&run, p, method, NULL, "seed=3,batch=20", NULL));
    for (int i = 0; i < 5; i++)
        assert_ok(gradus_run_step(run, NULL));
    printf("batches in the averages: %g, expected 5\n", averages_of(run)[0]);
    ck_assert(averages_of(run)[0] == 5.0);
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* Methods that need what goes through each example alone are refused; those that need the
   layers are not.  */
START_TEST(refusals) {
    static const char *const methods[] = {
        "newton", "newton_cg",       "trust_region",   "hessian_free", "natural_gradient",
        "kfac",   "ekfac",           "prong:plus=yes", "sgd",          "adam",
        "lbfgs",  "prong:samples=50"};
    enum { REFUSED = 8, METHODS = sizeof methods / sizeof *methods };
    gradus_error why;
    write_data(60, CLASSES, 1.0);
    gradus_problem *p = open_spec("network:layers=6,batch_norm=yes", 1);
    for (size_t i = 0; i < METHODS; i++) {
        gradus_method *method;
        gradus_run *run;
        assert_ok(gradus_method_create(&method, methods[i], NULL));
        gradus_err err =
            gradus_run_open(&run, p, method, NULL, "updates=3,gradient_tolerance=0", &why);
        ck_assert_int_eq(err, i < REFUSED ? GRADUS_EUNSUPPORTED : GRADUS_OK);
        if (err)
            assert_sentence(why.text);
        while (!err && gradus_run_test(run) == GRADUS_RUNNING)
            assert_ok(gradus_run_step(run, NULL));
        ck_assert(err || gradus_run_stop(run) == GRADUS_STOP_UPDATES);
        gradus_run_close(run);
        gradus_method_close(method);
    }
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

TEST_MAIN("network normalise", against_pytorch, parts, same_bits_for_any_threads,
          a_run_keeps_averages, mapped_batches_count, refusals)
