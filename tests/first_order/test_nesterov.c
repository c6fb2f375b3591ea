/* nesterov: updates by hand (expected.py), its forms, what it is on a quadratic, and the
   bound of the convex schedule.  */

#include "cubic.h"

static const double nesterov_classical[UPDATES][2] = {
    {1.1999229425, -0.93746039999999997},
    {0.4578419177166313, -1.0682117614921054},
    {0.26379916035898837, -1.0828144534260231}};
static const double nesterov_averaged[UPDATES][2] = {
    {2.0709545797625002, -0.775422006},
    {1.6273317290854126, -0.8591052229621331},
    {1.1822978382875393, -0.9438385933035851}};
static const double nesterov_convex[UPDATES][2] = {
    {1.1999229425, -0.93746039999999997},
    {0.81463558424250404, -1.012821415269225},
    {0.62052651772404688, -1.0486588215350137}};
static const double nesterov_classical_scheduled[UPDATES][2] = {
    {1.1999229425, -0.93746039999999997},
    {0.41485838022358751, -1.0786407723280702},
    {0.033051931157666192, -1.1369629351309289}};
static const double nesterov_averaged_scheduled[UPDATES][2] = {
    {2.0709545797625002, -0.775422006},
    {1.7752060126444418, -0.83121081730808877},
    {1.5307510236561652, -0.87774520178431426}};

#define SETTINGS "nesterov:learning_rate=0.137,momentum=0.735"
#define SCHEDULE ",schedule=inverse,schedule_decay=0.5"

START_TEST(first_updates) {
    check_updates(SETTINGS, nesterov_classical);
    check_updates(SETTINGS ",form=averaged", nesterov_averaged);
    check_updates("nesterov:learning_rate=0.137,momentum_schedule=convex", nesterov_convex);
    check_updates(SETTINGS SCHEDULE, nesterov_classical_scheduled);
    check_updates(SETTINGS SCHEDULE ",form=averaged", nesterov_averaged_scheduled);
}
END_TEST

START_TEST(momentum_is_0_9) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    trial_t one = trial_of_function(&function, "nesterov", NULL);
    trial_t other = trial_of_function(&function, "nesterov:momentum=0.9", NULL);
    for (int k = 0; k < 5; k++) {
        const double *x = trial_step(&one), *y = trial_step(&other);
        ck_assert(memcmp(x, y, sizeof cubic_start) == 0);
    }
    trial_close(&one);
    trial_close(&other);
}
END_TEST

/* The second rate is 0.1 / (1 - 0.735).  Both contract errors, so that 40 updates leave a
   few roundings of numbers near 1.  */
START_TEST(averaged_is_classical_at_another_rate) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    trial_t one =
        trial_of_function(&function, "nesterov:learning_rate=0.1,momentum=0.735", NULL);
    trial_t other = trial_of_function(
        &function,
        "nesterov:learning_rate=0.37735849056603774,momentum=0.735,form=averaged", NULL);
    double worst = 0.0;
    for (int k = 0; k < 40; k++) {
        const double *x = trial_step(&one), *y = trial_step(&other);
        worst = fmax(worst, fmax(fabs(x[0] - y[0]), fabs(x[1] - y[1])));
    }
    assert_at_most("averaged against classical", worst, 1e-14);
    trial_close(&one);
    trial_close(&other);
}
END_TEST

/* ---- Quadratics f(x) = sum of curvatures[i] x[i]^2 / 2 ---- */

enum { EIGEN = 6 };
static const double curvatures[EIGEN] = {0.0, 0.0137, 0.271, 1.83, 4.19, 6.37};
static const double far[EIGEN] = {0.371, -2.93, 1.17, 0.713, -1.391, 0.877};

static double bowl(const double x[], double g[]) {
    double value = 0.0;
    for (size_t i = 0; i < EIGEN; i++) {
        value += 0.5 * curvatures[i] * x[i] * x[i];
        if (g)
            g[i] = curvatures[i] * x[i];
    }
    return value;
}

/* Sutskever and others, theorem 2.1: along each eigenvector it is classical momentum with
   mu (1 - a curvature).  */
START_TEST(on_a_quadratic_it_is_momentum) {
    const double a = 0.137, mu = 0.735;
    double x[EIGEN], v[EIGEN] = {0.0}, worst = 0.0;
    function_t function = {.n = EIGEN, .start = far, .evaluate = bowl};
    trial_t trial = trial_of_function(&function, SETTINGS, NULL);
    memcpy(x, far, sizeof x);
    for (int k = 0; k < 60; k++) {
        const double *got = trial_step(&trial);
        for (size_t i = 0; i < EIGEN; i++) {
            v[i] = mu * (1.0 - a * curvatures[i]) * v[i] - a * curvatures[i] * x[i];
            x[i] += v[i];
            worst = fmax(worst, fabs(got[i] - x[i]));
        }
    }
    /* Errors of a rounding of 3 an update, which along the flat directions add up: 60
       updates times 1 / (1 - mu) of them.  */
    assert_at_most("against momentum", worst, 60 * 4 * 3e-16);
    trial_close(&trial);
}
END_TEST

/* ---- The bound of the convex schedule ---- */

enum { SIZE = 12, FACTORS = 16, QUADRATICS = 20, MANY = 1000 };

/* f(x) = |B (x - minimum)|^2 / 2; RANK rows of B are not 0, the last has the curvature L.  */
static struct {
    double rows[FACTORS][SIZE], minimum[SIZE];
    size_t rank;
} convex;

static double convex_value(const double x[], double g[]) {
    double value = 0.0;
    for (size_t j = 0; g && j < SIZE; j++)
        g[j] = 0.0;
    for (size_t i = 0; i < convex.rank; i++) {
        double r = 0.0;
        for (size_t j = 0; j < SIZE; j++)
            r += convex.rows[i][j] * (x[j] - convex.minimum[j]);
        for (size_t j = 0; g && j < SIZE; j++)
            g[j] += r * convex.rows[i][j];
        value += 0.5 * r * r;
    }
    return value;
}

/* Orthonormal rows q_i, by Gram and Schmidt, times roots of curvatures from 1e-6 to 1, so
   that L = 1 and the null space is what is orthogonal to the rows.  Returns the squared
   distance from START to the nearest minimiser.  */
static double make_convex(uint64_t seed, size_t rank, double start[SIZE]) {
    double square = 0.0;
    convex.rank = rank;
    for (size_t j = 0; j < SIZE; j++) {
        convex.minimum[j] = noise(seed + j);
        start[j] = 3.0 * noise(seed + SIZE + j);
    }
    for (size_t i = 0; i < rank; i++) {
        double *row = convex.rows[i], dot = 0.0;
        for (size_t j = 0; j < SIZE; j++)
            row[j] = noise(seed + (i + 2) * SIZE + j);
        for (size_t twice = 0; twice < 2; twice++)
            for (size_t k = 0; k < i; k++) {
                dot = 0.0;
                for (size_t j = 0; j < SIZE; j++)
                    dot += row[j] * convex.rows[k][j];
                for (size_t j = 0; j < SIZE; j++)
                    row[j] -= dot * convex.rows[k][j];
            }
        dot = 0.0;
        for (size_t j = 0; j < SIZE; j++)
            dot += row[j] * row[j];
        for (size_t j = 0; j < SIZE; j++)
            row[j] /= sqrt(dot);
    }
    for (size_t i = 0; i < rank; i++) {
        double along = 0.0, curvature = pow(10.0, 3.0 * (noise(seed + 999 + i) - 1.0));
        for (size_t j = 0; j < SIZE; j++)
            along += convex.rows[i][j] * (start[j] - convex.minimum[j]);
        square += along * along;
        for (size_t j = 0; j < SIZE; j++)
            convex.rows[i][j] *= sqrt(i + 1 == rank ? 1.0 : curvature);
    }
    return square;
}

/* f(x_k) - f* <= 2 L |x0 - x*|^2 / (k + 1)^2, x* the minimiser nearest to x0; half of the
   quadratics are singular.  */
START_TEST(convex_bound) {
    double worst = 0.0, plain = 0.0, start[SIZE];
    for (uint64_t q = 0; q < QUADRATICS; q++) {
        double square = make_convex(10000 * q, q % 2 ? SIZE : SIZE / 2, start);
        function_t function = {.n = SIZE, .start = start, .evaluate = convex_value};
        trial_t trial = trial_of_function(
            &function, "nesterov:learning_rate=1,momentum_schedule=convex", NULL);
        trial_t other = trial_of_function(&function, "sgd:learning_rate=1", NULL);
        for (int k = 1; k <= MANY; k++) {
            double bound = 2.0 * square / ((k + 1.0) * (k + 1.0));
            worst = fmax(worst, convex_value(trial_step(&trial), NULL) / bound);
            plain = fmax(plain, convex_value(trial_step(&other), NULL) / bound);
        }
        trial_close(&trial);
        trial_close(&other);
    }
    assert_at_most("value over the bound", worst, 1.0);
    printf("plain gradient descent: %.3g of the same bound\n", plain);
    ck_assert(plain > 1.0); /* so that the bound is one that can fail */
}
END_TEST

/* ---- What it costs and refuses ---- */

START_TEST(one_gradient_an_update_and_the_value_at_the_parameters) {
    function_t function = {.n = EIGEN, .start = far, .evaluate = bowl};
    trial_t trial = trial_of_function(&function, SETTINGS, NULL);
    for (size_t k = 1; k <= 7; k++) {
        const double *x = trial_step(&trial);
        gradus_row row = trial_row(&trial);
        ck_assert_uint_eq(row.gradient_evaluations, k);
        ck_assert_uint_eq(row.value_evaluations, 0);
        ck_assert(row.passes == (double)k);
        ck_assert(row.train_value == bowl(x, NULL));
    }
    trial_close(&trial);
}
END_TEST

static void refuse(const char *spec, const char *part) {
    gradus_method *method;
    gradus_error why;
    ck_assert_int_eq(gradus_method_create(&method, spec, &why), GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, part);
}

START_TEST(refusals) {
    refuse("nesterov:momentum=1", "momentum");
    refuse("nesterov:momentum_schedule=convex,momentum=0.5", "does not read momentum");
    refuse("nesterov:momentum_schedule=convex,form=averaged", "form=classical");
}
END_TEST

START_TEST(same_bits_with_any_threads) {
    check_threads("nesterov");
    check_threads("nesterov:form=averaged");
    check_threads("nesterov:momentum_schedule=convex");
}
END_TEST

TEST_MAIN("nesterov", first_updates, momentum_is_0_9, averaged_is_classical_at_another_rate,
          on_a_quadratic_it_is_momentum, convex_bound,
          one_gradient_an_update_and_the_value_at_the_parameters, refusals,
          same_bits_with_any_threads)
