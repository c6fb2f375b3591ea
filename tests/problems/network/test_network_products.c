/* Hessian, Gauss-Newton and Fisher products of networks.  */

#include "network_data.h"
#include "network_values.h"

#include "problems/network/network_pass.h"

enum { FEW = 11, CASES = sizeof network_values / sizeof *network_values, LARGEST = 128 };

/* As in test_network.c; products have a few more sums in a row.  */
static const double TORCH = 1e-12;

static double worst_of(size_t n, const double a[], const double b[]) {
    double worst = 0.0;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(a[i] - b[i]));
    return worst;
}

START_TEST(against_pytorch) {
    double x[LARGEST], v[LARGEST], result[LARGEST];
    write_data(FEW, CLASSES, 1.0);
    for (size_t c = 0; c < CASES; c++) {
        gradus_problem *p = open_spec(network_values[c].spec, 1);
        const gradus_batch all = {.count = FEW};
        size_t n = p->dimension;
        fill_point(n, x), fill_direction(n, v);
        assert_ok(p->type->product(p->self, &all, x, v, result));
        printf("%s, ", network_values[c].spec);
        assert_at_most("Hessian", worst_of(n, result, network_values[c].product), TORCH);
        assert_ok(p->type->gauss_newton(p->self, &all, x, v, result));
        assert_at_most("Gauss-Newton", worst_of(n, result, network_values[c].gauss_newton),
                       TORCH);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* Central differences of the gradient: their error is h^2 times a third derivative, which is
   below 1 here, and eps / h times a gradient below 1; together 1e-10, and ten times that is
   allowed.  */
START_TEST(against_differences) {
    double x[LARGEST], v[LARGEST], result[LARGEST], plus[LARGEST], minus[LARGEST];
    const double h = 1e-5;
    write_data(FEW, CLASSES, 1.0);
    for (size_t c = 0; c < CASES; c++) {
        gradus_problem *p = open_spec(network_values[c].spec, 1);
        const gradus_batch all = {.count = FEW};
        size_t n = p->dimension;
        fill_point(n, x), fill_direction(n, v);
        assert_ok(p->type->product(p->self, &all, x, v, result));
        for (size_t i = 0; i < n; i++)
            x[i] += h * v[i];
        assert_ok(p->type->evaluate(p->self, &all, x, NULL, plus));
        for (size_t i = 0; i < n; i++)
            x[i] -= 2.0 * h * v[i];
        assert_ok(p->type->evaluate(p->self, &all, x, NULL, minus));
        for (size_t i = 0; i < n; i++)
            plus[i] = (plus[i] - minus[i]) / (2.0 * h);
        assert_at_most(network_values[c].spec, worst_of(n, result, plus), 1e-9);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* The dense Hessian is symmetric and gives the same product.  */
START_TEST(dense_hessian) {
    double x[LARGEST], v[LARGEST], result[LARGEST], sum[LARGEST] = {0.0};
    write_data(FEW, CLASSES, 1.0);
    gradus_problem *p = open_spec(network_values[5].spec, 1);
    const gradus_batch all = {.count = FEW};
    size_t n = p->dimension;
    double *H = numbers(n * n);
    fill_point(n, x), fill_direction(n, v);
    assert_ok(p->type->product(p->self, &all, x, v, result));
    assert_ok(p->type->hessian(p->self, &all, x, H));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            ck_assert(H[i * n + j] == H[j * n + i]);
            sum[i] += H[i * n + j] * v[j];
        }
    /* the same sums in two orders */
    assert_at_most("H v", worst_of(n, sum, result), 1e-13);
    free(H);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* Blocks and passes in a row against one pass after the other: see paths_agree in
   test_network.c.  */
START_TEST(paths_agree) {
    static const char *const specs[] = {"autoencoder:layers=40-3,l2=0.01",
                                        "network:layers=900-600,activation=tanh,l2=0.01"};
    enum { MANY = 1200, PARTS = 3, PART = MANY / PARTS };
    write_data(MANY, CLASSES, 1.0);
    size_t rows[MANY];
    for (size_t i = 0; i < MANY; i++)
        rows[i] = i;
    for (size_t s = 0; s < 2; s++) {
        gradus_problem *p = open_spec(specs[s], 2);
        size_t n = p->dimension;
        double *x = numbers(n), *v = numbers(n), *whole = numbers(n), *part = numbers(n);
        fill_point(n, x), fill_direction(n, v);
        for (int kind = 0; kind < 2; kind++) {
            gradus_err (*product)(void *, const gradus_batch *, const double *,
                                  const double *, double *) =
                kind ? p->type->product : p->type->gauss_newton;
            double *sum = numbers(n);
            assert_ok(product(p->self, &(gradus_batch){.count = MANY}, x, v, whole));
            for (size_t i = 0; i < PARTS; i++) {
                const gradus_batch some = {.count = PART, .rows = rows + i * PART};
                assert_ok(product(p->self, &some, x, v, part));
                for (size_t j = 0; j < n; j++)
                    sum[j] += part[j] / PARTS;
            }
            double size = 1.0;
            for (size_t j = 0; j < n; j++)
                size = fmax(size, fabs(whole[j]));
            assert_at_most(specs[s], worst_of(n, sum, whole) / size, 1e-12);
            free(sum);
        }
        free(x), free(v), free(whole), free(part);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* ---- Gauss-Newton by differences ---- */

/* The derivative of the outputs of every example along V, by central differences of the last
   layer's signals: these are y - t, of outputs y that the loss predicts with, and t is fixed.  */
static void differentiate_outputs(gradus_problem *p, const double x[], const double v[],
                                  double signals[], double along[]) {
    const double h = 1e-5;
    const gradus_batch all = {.count = FEW};
    size_t last = p->type->layers(p->self) - 1, n = p->dimension;
    double at[LARGEST], before[FEW * FEATURES], *none[8] = {NULL}, *wanted[8] = {NULL};
    for (int side = -1; side <= 1; side += 2) {
        wanted[last] = side < 0 ? before : along;
        for (size_t i = 0; i < n; i++)
            at[i] = x[i] + side * h * v[i];
        assert_ok(p->type->signals(p->self, &all, NULL, at, none, wanted));
    }
    for (size_t i = 0; i < FEW * FEATURES; i++)
        along[i] = (along[i] - before[i]) / (2.0 * h);
    wanted[last] = signals;
    assert_ok(p->type->signals(p->self, &all, NULL, x, none, wanted));
}

/* w'G v is the mean of (J w)'L (J v), and of outputs y with dy = L dz that is dy_w' L^-1 dy_v: L is
   y (1 - y) of Bernoulli outputs, 1 of squared errors, and of a softmax dy_w' diag(y)^-1 dy_v, as the
   parts of dy have the sum 0.  */
static double form(const gradus_network *net, const double signals[], const double w[],
                   const double v[], size_t outputs) {
    double sum = 0.0;
    for (size_t i = 0; i < FEW * outputs; i++) {
        size_t example = i / outputs, k = i % outputs;
        double target =
            net->loss == &gradus_loss_softmax ? k == example % CLASSES : entry(example, k);
        double y = signals[i] + target;
        double L = net->loss == &gradus_loss_softmax     ? y
                   : net->loss == &gradus_loss_bernoulli ? y * (1.0 - y)
                                                         : 1.0;
        sum += w[i] * v[i] / L / FEW;
    }
    return sum;
}

/* Central differences as above, of size 1 and below; the regulariser adds l2 times the weights'
   product.  */
START_TEST(gauss_newton_against_differences) {
    write_data(FEW, CLASSES, 1.0);
    for (size_t c = 0; c < CASES; c++) {
        gradus_problem *p = open_spec(network_values[c].spec, 1);
        const gradus_network *net = p->self;
        const gradus_batch all = {.count = FEW};
        size_t n = p->dimension, outputs = net->layers[net->count - 1].shape.outputs;
        double x[LARGEST], v[LARGEST], w[LARGEST], Gv[LARGEST], got = 0.0, want = 0.0;
        double signals[FEW * FEATURES], Jv[FEW * FEATURES] = {0}, Jw[FEW * FEATURES] = {0};
        fill_point(n, x), fill_direction(n, v);
        for (size_t i = 0; i < n; i++)
            w[i] = noise(i);
        assert_ok(p->type->gauss_newton(p->self, &all, x, v, Gv));
        differentiate_outputs(p, x, v, signals, Jv);
        differentiate_outputs(p, x, w, signals, Jw);
        want = form(net, signals, Jw, Jv, outputs);
        for (size_t l = 0; l < net->count; l++) {
            const gradus_layer *s = &net->layers[l].shape;
            for (size_t i = 0; i < s->inputs * s->outputs; i++)
                want += net->l2 * w[s->weights + i] * v[s->weights + i];
        }
        for (size_t i = 0; i < n; i++)
            got += w[i] * Gv[i];
        ck_assert(fabs(want) > 1e-3);
        assert_at_most(network_values[c].spec, fabs(got - want), 1e-9);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* ---- The Fisher matrix ---- */

/* Targets whose weighted sum is the expectation over what the outputs Y predict, of anything
   that is quadratic in the residual: every one of 2^k of Bernoulli outputs, every class, and
   for the normal distribution y - e_1, ..., y - e_k, for E[(y - t)(y - t)'] = I.  Returns the
   weight of number T, 0 past the last.  */
static double nth_target(const gradus_network *net, size_t k, const double y[], size_t t,
                         double values[], gradus_target *target) {
    double weight = 1.0;
    *target = (gradus_target){.values = values, .label = t};
    if (net->loss == &gradus_loss_softmax) {
        target->values = NULL;
        return t < k ? y[t] : 0.0;
    }
    if (net->loss == &gradus_loss_squared) {
        for (size_t i = 0; i < k; i++)
            values[i] = y[i] - (i == t ? 1.0 : 0.0);
        return t < k ? 1.0 : 0.0;
    }
    for (size_t i = 0; i < k; i++) {
        values[i] = t >> i & 1 ? 1.0 : 0.0;
        weight *= t >> i & 1 ? y[i] : 1.0 - y[i];
    }
    return t >> k ? 0.0 : weight;
}

/* Adds E[g g'] v of one example to SUM.  */
static void add_fisher(gradus_network *net, size_t example, const double x[],
                       const double v[], double sum[]) {
    gradus_pass pass;
    double values[8], g[LARGEST], weight = 1.0;
    const gradus_batch all = {.count = FEW};
    size_t k = net->layers[net->count - 1].shape.outputs;
    for (size_t t = 0; weight > 0.0; t++) {
        gradus_pass_open(&pass, net, net->memory, net->chunk, 1);
        gradus_pass_forward(&pass, &net->examples.training, &all, example, 1, x);
        gradus_pass_respond(&pass);
        weight = nth_target(net, k, pass.h[net->count], t, values, &pass.targets[0]);
        gradus_pass_residual(&pass, 1.0, NULL);
        const gradus_sums sums = {.gradient = g, .begin = true, .point = x};
        gradus_pass_gradient(&pass, &sums);
        double along = 0.0;
        for (size_t i = 0; i < net->dimension; i++)
            along += g[i] * v[i];
        for (size_t i = 0; i < net->dimension; i++)
            sum[i] += weight * along * g[i] / FEW;
    }
}

/* E[g g'], the expectation over targets that the model itself predicts, is the Gauss-Newton
   matrix: the losses are negative log-likelihoods.  Up to 32 x 11 terms of size 1, each with
   some ten roundings.  */
START_TEST(fisher_is_gauss_newton) {
    static const char *const specs[] = {
        "autoencoder:layers=4-2", "autoencoder:layers=4-2,activation=tanh,loss=squared",
        "network:layers=4-3,activation=tanh"};
    double x[LARGEST], v[LARGEST], result[LARGEST];
    write_data(FEW, CLASSES, 1.0);
    for (size_t s = 0; s < 3; s++) {
        gradus_problem *p = open_spec(specs[s], 1);
        double sum[LARGEST] = {0.0};
        fill_point(p->dimension, x), fill_direction(p->dimension, v);
        for (size_t i = 0; i < FEW; i++)
            add_fisher(p->self, i, x, v, sum);
        assert_ok(
            p->type->gauss_newton(p->self, &(gradus_batch){.count = FEW}, x, v, result));
        assert_at_most(specs[s], worst_of(p->dimension, sum, result), 1e-13);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

TEST_MAIN("network products", against_pytorch, against_differences, dense_hessian,
          paths_agree, gauss_newton_against_differences, fisher_is_gauss_newton)
