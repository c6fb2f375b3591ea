/* Every deterministic method on every problem of Algorithm 566, from the standard start,
   against the table toms566.csv, which

     test_toms566 --update FILE        (make toms566)

   writes anew; `unsupported` is a pair that does not fit.  Final values and reasons are compared everywhere, evaluations within 20 %
   where they do not hang on the last bits.  What does is found out when the table is made:
   the run is repeated from starts that differ by 1e-12, and

     spread   is how much the final value differed at most;
     reason   lists all reasons that came up;
     steady   is 1 when evaluations, products and updates kept within 10 %, half of what is
              allowed, and neither another reason came up nor rounding, which is last bits
              itself.  */

#include "core/problem.h"
#include "gradus.h"
#include "../support.h"
#include "../toms566.h"

#include <float.h>

static const char *const methods[] = {
    "newton",
    "newton_cg",
    "trust_region:subproblem=exact",
    "trust_region:subproblem=steihaug",
    "hessian_free",
    "bfgs",
    "bfgs:line_search=hager-zhang",
    "lbfgs",
    "lbfgs:line_search=hager-zhang",
    "lbfgs:line_search=backtracking",
    "nonlinear_cg:formula=fr",
    "nonlinear_cg:formula=pr+",
    "nonlinear_cg:formula=hs",
    "nonlinear_cg:formula=hager-zhang",
    "scaled_cg",
};

enum {
    METHODS = sizeof methods / sizeof *methods,
    PERTURBED = 24, /* starts beside the standard one */
    LARGEST = 16,
    LINE = 512,
    REASONS = 160
};

static const char options[] = "gradient_tolerance=1e-6,updates=2000";
static const double PERTURBATION = 1e-12;

typedef struct {
    double value;
    size_t updates, evaluations, products;
    const char *reason;
} outcome_t;

/* From the standard start, each of whose coordinates is moved by PERTURBATION at most, or by
   that part of it, other ones for every WHICH but 0.  */
static void set_start(const gradus_problem *problem, size_t which, double x[]) {
    problem->type->start(problem->self, NULL, x);
    for (size_t i = 0; which > 0 && i < problem->dimension; i++)
        x[i] += PERTURBATION * noise(LARGEST * which + i) * fmax(fabs(x[i]), 1);
}

static outcome_t solve(const char *problem_spec, const char *method_spec, size_t which) {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_row row;
    double start[LARGEST];
    assert_ok(gradus_problem_create(&problem, problem_spec, 1, NULL));
    assert_ok(gradus_method_create(&method, method_spec, NULL));
    ck_assert_uint_le(problem->dimension, LARGEST);
    set_start(problem, which, start);
    outcome_t out = {.reason = "unsupported"};
    gradus_err err = gradus_run_open(&run, problem, method, start, options, NULL);
    ck_assert(err == GRADUS_OK || err == GRADUS_EUNSUPPORTED);
    while (!err && gradus_run_test(run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(run, NULL));
    if (!err) {
        assert_ok(gradus_run_measure(run, true, &row, NULL));
        out = (outcome_t){.value = row.train_value,
                          .updates = row.update,
                          .evaluations = row.value_evaluations + row.gradient_evaluations,
                          .products = row.products,
                          .reason = gradus_stop_word(gradus_run_stop(run))};
    }
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    return out;
}

/* Whether COUNT is within PART of WANT, rounded up.  */
static bool near(size_t count, size_t want, double part) {
    return fabs((double)count - (double)want) <= ceil(part * (double)want);
}

static bool counts_near(const outcome_t *o, const outcome_t *want, double part) {
    return near(o->evaluations, want->evaluations, part) &&
           near(o->products, want->products, part) && near(o->updates, want->updates, part);
}

/* Whether WORD is one of LIST, which "|" separates.  */
static bool among(const char *word, const char *list) {
    size_t length = strlen(word);
    for (const char *at = list; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strncmp(at, word, length) == 0 && (at[length] == '|' || at[length] == '\0'))
            return true;
    return false;
}

/* Where a search ends at the floor of rounding, a contracted multiplication that a compiler
   chooses may let it get below the tolerance.  */
static bool expected(const char *word, const char *list) {
    return among(word, list) ||
           (strcmp(word, "gradient_tolerance") == 0 && among("rounding", list));
}

/* ---- Making the table ---- */

static void write_pair(FILE *file, const char *problem, const char *method) {
    outcome_t first = solve(problem, method, 0);
    char reasons[REASONS];
    double spread = 0;
    bool steady = true;
    snprintf(reasons, sizeof reasons, "%s", first.reason);
    for (size_t k = 1; k <= PERTURBED; k++) {
        outcome_t other = solve(problem, method, k);
        spread = fmax(spread, fabs(other.value - first.value));
        steady = steady && counts_near(&other, &first, 0.1);
        if (among(other.reason, reasons))
            continue;
        steady = false;
        size_t used = strlen(reasons);
        snprintf(reasons + used, sizeof reasons - used, "|%s", other.reason);
    }
    steady = steady && !among("rounding", reasons);
    fprintf(file, "%s,%s,%.17g,%.2g,%s,%zu,%zu,%zu,%d\n", problem, method, first.value,
            spread, reasons, first.updates, first.evaluations, first.products, steady);
}

static const char *update_path;

START_TEST(update) {
    FILE *file = fopen(update_path, "w");
    ck_assert_msg(file != NULL, "%s: cannot write", update_path);
    fputs("problem,method,value,spread,reason,updates,evaluations,products,steady\n", file);
    for (size_t p = 0; p < TOMS566_PROBLEMS; p++)
        for (size_t m = 0; m < METHODS; m++)
            write_pair(file, toms566_problems[p].spec, methods[m]);
    ck_assert_int_eq(fclose(file), 0);
}
END_TEST

/* ---- Comparing with it ---- */

typedef struct {
    char problem[64], method[64], reasons[REASONS];
    outcome_t outcome;
    double spread;
    int steady;
} line_t;

static FILE *open_table(void) {
    const char *folder = getenv("srcdir");
    char path[4096], header[LINE];
    snprintf(path, sizeof path, "%s/tests/golden/toms566.csv", folder ? folder : ".");
    FILE *file = fopen(path, "r");
    ck_assert_msg(file && fgets(header, sizeof header, file), "%s: cannot read", path);
    return file;
}

static bool read_line(FILE *file, line_t *line) {
    char text[LINE];
    if (!fgets(text, sizeof text, file))
        return false;
    int fields = sscanf(text, "%63[^,],%63[^,],%lf,%lf,%159[^,],%zu,%zu,%zu,%d",
                        line->problem, line->method, &line->outcome.value, &line->spread,
                        line->reasons, &line->outcome.updates, &line->outcome.evaluations,
                        &line->outcome.products, &line->steady);
    ck_assert_msg(fields == 9, "a line of the table: %s", text);
    return true;
}

static void compare(const line_t *line) {
    outcome_t got = solve(line->problem, line->method, 0);
    const outcome_t *want = &line->outcome;
    /* The starts beside the standard one are a sample of what other last bits do.  A value
       itself is a sum of squares, good to a few units in its last place.  */
    double bound = 100 * line->spread + 1e3 * DBL_EPSILON * fabs(want->value) + DBL_EPSILON;
    ck_assert_msg(fabs(got.value - want->value) <= bound,
                  "%s on %s: value %.17g, want %.17g; bound %.3g", line->method,
                  line->problem, got.value, want->value, bound);
    ck_assert_msg(expected(got.reason, line->reasons), "%s on %s: %s, want %s",
                  line->method, line->problem, got.reason, line->reasons);
    if (line->steady)
        ck_assert_msg(
            counts_near(&got, want, 0.2),
            "%s on %s: %zu updates, %zu evaluations, %zu products; want %zu, %zu, "
            "%zu within 20 %%",
            line->method, line->problem, got.updates, got.evaluations, got.products,
            want->updates, want->evaluations, want->products);
}

START_TEST(table) {
    FILE *file = open_table();
    line_t line;
    size_t pairs = 0, steady = 0;
    for (; read_line(file, &line); pairs++) {
        ck_assert_str_eq(line.problem, toms566_problems[pairs / METHODS].spec);
        ck_assert_str_eq(line.method, methods[pairs % METHODS]);
        compare(&line);
        steady += line.steady != 0;
    }
    fclose(file);
    printf("%zu pairs, counts compared in %zu\n", pairs, steady);
    ck_assert_uint_eq(pairs, (size_t)TOMS566_PROBLEMS * METHODS);
    ck_assert_uint_gt(2 * steady, pairs);
}
END_TEST

/* ---- Published counts ---- */

/* SciPy 1.11's documentation of trust-ncg, the same algorithm: on the chained Rosenbrock
   function from this start 20 iterations, one of them rejected, with 21 values and 20
   gradients; the products, 53, are from a run of it.  Here an update is an accepted step,
   and a value comes with its gradient.  Of the other published counts (trust-exact, whose
   subproblem is solved to a tenth of the radius; R's and Optim.jl's line searches) none is of
   the same algorithm.  */
START_TEST(counts_of_scipy) {
    static const double start[] = {1.3, 0.7, 0.8, 1.9, 1.2};
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_row row;
    assert_ok(gradus_problem_create(&problem, "rosenbrock_chained:dimension=5", 1, NULL));
    assert_ok(gradus_method_create(
        &method, "trust_region:subproblem=steihaug,radius=1,maximum_radius=1000", NULL));
    assert_ok(
        gradus_run_open(&run, problem, method, start, "gradient_tolerance=1e-8", NULL));
    while (gradus_run_test(run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(run, NULL));
    assert_ok(gradus_run_measure(run, true, &row, NULL));
    ck_assert_int_eq(gradus_run_stop(run), GRADUS_STOP_GRADIENT);
    ck_assert_uint_eq(row.update, 20 - 1);
    ck_assert_uint_eq(row.value_evaluations + row.gradient_evaluations, 21);
    ck_assert_uint_eq(row.products, 53);
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

int main(int argc, char **argv) {
    bool updates = argc == 3 && strcmp(argv[1], "--update") == 0;
    const TTest *tests[] = {updates ? update : table, counts_of_scipy};
    update_path = updates ? argv[2] : NULL;
    return run_tests("toms566", tests, sizeof tests / sizeof *tests);
}
