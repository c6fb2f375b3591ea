/* The exact step in a trust region: the conditions that make it the minimizer, the hard case
   and what is near it.  */

#include "newton/more_sorensen.h"
#include "core/state.h"
#include "region.h"

typedef struct {
    size_t n;
    double H[LARGEST * LARGEST], g[LARGEST], values[LARGEST], p[LARGEST];
    gradus_region_step step;
} case_t;

/* A matrix of the given eigenvalues, and the gradient with the components C along its
   eigenvectors.  */
static void make(case_t *it, size_t n, uint64_t seed, const double values[],
                 const double c[]) {
    double e[LARGEST];
    *it = (case_t){.n = n};
    memcpy(it->values, values, n * sizeof *values);
    compose(n, seed, values, it->H);
    for (size_t j = 0; j < n; j++) {
        basis(n, seed, j, e);
        for (size_t i = 0; i < n; i++)
            it->g[i] += c[j] * e[i];
    }
}

static void solve(case_t *it, double radius) {
    gradus_state state = {0};
    gradus_more_sorensen s = {0};
    assert_ok(gradus_more_sorensen_open(&s, "test", it->n, 100, &state, NULL));
    ck_assert(!state.failed);
    memcpy(s.matrix, it->H, it->n * it->n * sizeof *it->H);
    ck_assert_int_eq(gradus_more_sorensen_begin(&s, it->g), GRADUS_RUNNING);
    /* Another radius before leaves nothing behind.  */
    gradus_more_sorensen_solve(&s, 3.7 * radius, it->p, &it->step);
    gradus_more_sorensen_solve(&s, radius, it->p, &it->step);
    gradus_state_release(&state);
}

/* The largest violation of More and Sorensen's conditions, relative; TINY is what counts as
   a zero eigenvalue of H + lambda I, relative to the largest of H.  */
static double violation(const case_t *it, double radius) {
    size_t n = it->n;
    double hp[LARGEST], least = INFINITY, largest = 0.0, r[LARGEST];
    multiply(n, it->H, it->p, hp);
    for (size_t j = 0; j < n; j++) {
        least = fmin(least, it->values[j]);
        largest = fmax(largest, fabs(it->values[j]));
    }
    double length = norm(n, it->p), lambda = 0.0;
    if (it->step.boundary)
        lambda = -(dot(n, it->p, hp) + dot(n, it->p, it->g)) / (length * length);
    for (size_t i = 0; i < n; i++)
        r[i] = hp[i] + lambda * it->p[i] + it->g[i];
    double scale = norm(n, it->g) + (largest + fabs(lambda)) * length;
    double worst = norm(n, r) / scale;
    worst = fmax(worst, (length - radius) / radius);
    if (it->step.boundary)
        worst = fmax(worst, (radius - length) / radius);
    worst = fmax(worst, -lambda / largest);
    worst = fmax(worst, -(least + lambda) / (largest + fabs(lambda)));
    worst = fmax(worst, fabs(it->step.length - length) / radius);
    double m = model(n, it->H, it->g, it->p);
    return fmax(worst, fabs(it->step.decrease + m) / (scale * length));
}

/* |p| is found to 1e-12 of the radius; the rest is rounding in dimension 12.  */
static const double TOLERANCE = 1e-11;

static const double radii[] = {1e-6, 1e-2, 0.37, 1.0, 11.0, 1e3};
enum { RADII = sizeof radii / sizeof *radii };

START_TEST(conditions_hold) {
    double worst = 0.0;
    size_t inside = 0, outside = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        size_t n = 1 + seed % LARGEST;
        double values[LARGEST], c[LARGEST];
        for (size_t j = 0; j < n; j++) {
            /* From positive to mixed, over six orders of magnitude.  */
            double sign = noise(7 * seed + j) < (double)(seed % 3) - 1.5 ? -1.0 : 1.0;
            if (seed % 3 == 2)
                sign = noise(31 * seed + j) < 0.0 ? -1.0 : 1.0;
            values[j] = sign * pow(10.0, 3.0 * noise(50 * seed + j));
            c[j] = noise(90 * seed + j);
        }
        for (size_t k = 0; k < RADII; k++) {
            case_t it;
            make(&it, n, seed, values, c);
            solve(&it, radii[k]);
            worst = fmax(worst, violation(&it, radii[k]));
            ck_assert_msg(worst <= TOLERANCE, "seed %d, radius %g: %g", (int)seed, radii[k],
                          worst);
            inside += !it.step.boundary;
            outside += it.step.boundary;
        }
    }
    printf("%zu inside, %zu on the boundary\n", inside, outside);
    ck_assert(inside > 100 && outside > 100);
    assert_at_most("violation", worst, TOLERANCE);
}
END_TEST

/* Nothing of the gradient along the lowest eigenvector, twice the lowest eigenvalue, and
   almost nothing: the step reaches the boundary in any case, where the model is lowest.
   Rounding of H leaves 1e-16 along the eigenvectors.  */
START_TEST(hard_case) {
    static const double values[] = {-2.385, -2.385, 0.3, 1.0, 7.1};
    static const double little[] = {0.0, 1e-300, 1e-20, 1e-12, 1e-6};
    for (size_t k = 0; k < 5; k++)
        for (size_t r = 0; r < RADII; r++) {
            const double c[] = {little[k], 0.0, 0.7, -0.4, 1.3};
            case_t it;
            make(&it, 5, 11, values, c);
            solve(&it, radii[r]);
            ck_assert(it.step.boundary);
            assert_at_most("violation", violation(&it, radii[r]), TOLERANCE);
        }
    /* On a diagonal matrix the zero is exact.  */
    case_t it = {.n = 2, .H = {-2, 0, 0, 3}, .g = {0, 5}, .values = {-2, 3}};
    solve(&it, 10.0);
    assert_close(it.p[1], -1.0, 4 * DBL_EPSILON); /* -5 / (3 + 2) */
    assert_close(fabs(it.p[0]), sqrt(99.0), 4 * DBL_EPSILON);
    assert_at_most("violation", violation(&it, 10.0), TOLERANCE);
}
END_TEST

/* At a saddle itself the model is lowest at the boundary along the lowest eigenvector.  */
START_TEST(leaves_a_saddle) {
    static const double values[] = {-1.3, 0.4, 2.0}, none[] = {0.0, 0.0, 0.0};
    double e[LARGEST];
    case_t it;
    make(&it, 3, 5, values, none);
    basis(3, 5, 0, e);
    solve(&it, 0.7);
    ck_assert(it.step.boundary);
    assert_close(it.step.decrease, 0.5 * 1.3 * 0.49, 1e-14);
    assert_close(fabs(dot(3, it.p, e)), 0.7, 1e-14);
}
END_TEST

/* At a minimum there is no step.  */
START_TEST(stays_at_a_minimum) {
    static const double values[] = {0.0, 0.4, 2.0}, none[] = {0.0, 0.0, 0.0};
    case_t it;
    make(&it, 3, 5, values, none);
    solve(&it, 0.7);
    ck_assert(!it.step.boundary && it.step.decrease == 0.0 && it.step.length == 0.0);
}
END_TEST

/* Where the gradient has nothing along a direction without curvature the step has nothing
   either, whatever the rounding; where it has, the step goes to the boundary.  */
START_TEST(singular) {
    static const double values[] = {0.0, 1.0, 2.0, 30.0}, c[] = {0.0, 0.7, -0.4, 1.3};
    double e[LARGEST];
    case_t it;
    for (uint64_t seed = 0; seed < 50; seed++) {
        make(&it, 4, seed, values, c);
        solve(&it, 100.0);
        basis(4, seed, 0, e);
        ck_assert(!it.step.boundary);
        assert_close(dot(4, it.p, e), 0.0, 1e-14);
        assert_close(it.step.decrease, 0.5 * (0.49 + 0.08 + 1.69 / 30.0), 1e-14);
    }
    static const double slope[] = {1e-3, 0.7, -0.4, 1.3};
    make(&it, 4, 3, values, slope);
    solve(&it, 100.0);
    ck_assert(it.step.boundary);
    assert_at_most("violation", violation(&it, 100.0), TOLERANCE);
}
END_TEST

START_TEST(says_not_finite) {
    gradus_state state = {0};
    gradus_more_sorensen s = {0};
    const double g[] = {1.0, 2.0};
    assert_ok(gradus_more_sorensen_open(&s, "test", 2, 100, &state, NULL));
    memcpy(s.matrix, (const double[]){1, 0, NAN, 1}, 4 * sizeof(double));
    ck_assert_int_eq(gradus_more_sorensen_begin(&s, g), GRADUS_FAIL_DIVERGED);
    gradus_state_release(&state);
}
END_TEST

START_TEST(refuses_what_is_too_large) {
    gradus_state state = {0};
    gradus_more_sorensen s = {0};
    gradus_error why = {0};
    ck_assert_int_eq(gradus_more_sorensen_open(&s, "test", 101, 100, &state, &why),
                     GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "maximum_dimension=100");
    /* LAPACK cannot count the workspace.  */
    ck_assert_int_eq(gradus_more_sorensen_open(&s, "test", 40000, 46340, &state, &why),
                     GRADUS_EINPUT);
    assert_contains(why.text, "32766");
    gradus_state_release(&state);
}
END_TEST

TEST_MAIN("more_sorensen", conditions_hold, hard_case, leaves_a_saddle, stays_at_a_minimum,
          singular, says_not_finite, refuses_what_is_too_large)
