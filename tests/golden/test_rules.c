/* Every first-order rule against PyTorch, or against the paper written out in NumPy, over 50
   updates (make_rules.py).  */

#include "gradus.h"
#include "../support.h"

enum { DIMENSION = 4, UPDATES = 50 };

static const double START[DIMENSION] = {-1.2, 1.0, 0.7, -1.3};

typedef struct {
    char spec[256];
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} racer_t;

static void close_racer(racer_t *r) {
    gradus_run_close(r->run);
    gradus_method_close(r->method);
    gradus_problem_close(r->problem);
    memset(r, 0, sizeof *r);
}

static void open_racer(racer_t *r, const char *spec) {
    gradus_error why = {0};
    close_racer(r);
    snprintf(r->spec, sizeof r->spec, "%s", spec);
    ck_assert_msg(
        !gradus_problem_create(&r->problem, "rosenbrock:dimension=4", 1, &why) &&
            !gradus_method_create(&r->method, spec, &why) &&
            !gradus_run_open(&r->run, r->problem, r->method, START, "updates=50", &why),
        "%s", why.text);
}

/* Both sides round every operation once, to 1.1e-16; 50 updates of a dozen operations make 1e-13,
   and the curvature of the function, up to 1300 where the rates are about 1e-3, lets an error grow
   only a little.  */
static double compare(const racer_t *r, const double want[DIMENSION]) {
    const double *x = gradus_run_parameters(r->run);
    double worst = 0.0;
    for (int i = 0; i < DIMENSION; i++) {
        double error = fabs(x[i] - want[i]) / fmax(1.0, fabs(want[i]));
        ck_assert_msg(error <= 1e-12, "%s, update %zu: x%d = %.17g, want %.17g", r->spec,
                      gradus_run_updates(r->run), i + 1, x[i], want[i]);
        worst = fmax(worst, error);
    }
    return worst;
}

START_TEST(rules) {
    char path[4096], line[1024], spec[256];
    const char *folder = getenv("srcdir");
    snprintf(path, sizeof path, "%s/tests/golden/rules.csv", folder ? folder : ".");
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    racer_t racer = {.spec = ""};
    size_t update, rows = 0, count = 0;
    double want[DIMENSION], worst = 0.0;
    gradus_error why;
    while (fgets(line, sizeof line, file)) {
        ck_assert_int_eq(sscanf(line, "%255[^;];%zu;%lf;%lf;%lf;%lf", spec, &update,
                                &want[0], &want[1], &want[2], &want[3]),
                         6);
        if (strcmp(spec, racer.spec) != 0) {
            open_racer(&racer, spec);
            count++;
        }
        ck_assert_msg(gradus_run_test(racer.run) == GRADUS_RUNNING, "%s", spec);
        assert_ok(gradus_run_step(racer.run, &why));
        ck_assert_uint_eq(gradus_run_updates(racer.run), update);
        worst = fmax(worst, compare(&racer, want));
        rows++;
    }
    fclose(file);
    close_racer(&racer);
    printf("%zu rules, worst error %.3g, bound 1e-12\n", count, worst);
    ck_assert_uint_eq(rows, count * UPDATES);
    ck_assert_uint_ge(count, 20);
}
END_TEST

TEST_MAIN("rules", rules)
