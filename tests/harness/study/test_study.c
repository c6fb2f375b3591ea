/* Studies: what is read, and that every mistake gets a sentence with file and line.  */

#include "harness/study/study.h"

#include "core/batches.h"
#include "core/run.h"
#include "../scratch.h"

static gradus_err open_text(gradus_study *study, const char *text, gradus_error *why) {
    return gradus_study_open(study, write_scratch("study.yaml", text, strlen(text)), why);
}

static const char GOOD[] = "study: whole\n"
                           "question: Which?\n"
                           "problem: {name: quadratic, dimension: 12, condition: 1.5e1}\n"
                           "batch: full\n"
                           "seeds: [3, 1]\n"
                           "budget: {updates: 70, passes: 2.5}\n"
                           "measure: {every: 5, examples: 1, test_examples: 2}\n"
                           "target: [2.5, -1e-3]\n"
                           "gradient_tolerance: 0\n"
                           "methods:\n"
                           "  - {name: sgd, learning_rate: 0.0125}\n"
                           "  - name: sgd\n"
                           "    label: other.one_2\n"
                           "    learning_rate: 0.1\n"
                           "    batch: 1\n"
                           "    budget: {evaluations: 10}\n";

START_TEST(a_study_is_read) {
    gradus_study study;
    gradus_error why;
    make_scratch();
    gradus_err err = open_text(&study, GOOD, &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_str_eq(study.name, "whole");
    ck_assert_str_eq(study.question, "Which?");
    ck_assert_str_eq(study.text, GOOD);
    ck_assert_str_eq(study.variants->problem_spec, "quadratic:dimension=12,condition=15");
    ck_assert_uint_eq(study.seed_count, 2);
    ck_assert_int_eq(study.seeds[0], 3);
    ck_assert_int_eq(study.seeds[1], 1);
    ck_assert_uint_eq(study.target_count, 2);
    ck_assert(study.variants->targets[1] == -1e-3);
    ck_assert_uint_eq(study.entrant_count, 2);
    ck_assert_str_eq(study.entrants[0].label, "sgd");
    ck_assert_str_eq(study.entrants[0].spec, "sgd:learning_rate=0.0125");
    ck_assert_str_eq(study.entrants[1].label, "other.one_2");
    ck_assert_uint_eq(study.entrants[1].line, 12);
    const gradus_run_values *first = study.entrants[0].run.values,
                            *second = study.entrants[1].run.values;
    ck_assert_int_eq(first->updates, 70);
    ck_assert(first->passes == 2.5 && first->gradient_tolerance == 0.0);
    ck_assert_int_eq(first->measure_every, 5);
    ck_assert_int_eq(first->measure_examples, 1);
    ck_assert_int_eq(first->measure_test_examples, 2);
    ck_assert(!gradus_integer_given(first->batch));
    ck_assert_int_eq(second->batch, 1);
    ck_assert_int_eq(second->evaluations, 10);
    ck_assert(!gradus_integer_given(second->updates)); /* its own budget is the whole one */
    ck_assert(second->gradient_tolerance == 0.0);
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

/* Gaps are targets above the minimum, which may follow what varies.  */
START_TEST(gaps_are_counted_from_the_minimum) {
    gradus_study study;
    gradus_error why;
    make_scratch();
    gradus_err err = open_text(&study,
                               "study: s\nproblem: {name: quadratic}\n"
                               "vary: {problem.condition: [8, 40]}\n"
                               "budget: {updates: 1}\nminimum: \"= -2 * condition\"\n"
                               "gap: [4, 0.5]\nmethods:\n  - {name: sgd}\n",
                               &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_uint_eq(study.target_count, 2);
    ck_assert(study.variants[0].minimum == -16 && study.variants[1].minimum == -80);
    ck_assert(study.variants[0].targets[0] == -12 && study.variants[0].targets[1] == -15.5);
    ck_assert(study.variants[1].targets[0] == -76);
    gradus_study_close(&study);
    ck_assert(!open_text(&study, GOOD, &why) && isnan(study.variants->minimum));
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

START_TEST(runs_open_with_their_seed_and_no_target) {
    gradus_study study;
    gradus_error why;
    gradus_problem *problem;
    gradus_run *run;
    make_scratch();
    assert_ok(open_text(&study, GOOD, &why));
    assert_ok(gradus_study_open_problem(&study, 0, 1, &problem, &why));
    assert_ok(gradus_study_open_run(&study.entrants[0], 3, problem, NULL, &run, &why));
    const gradus_run_values *values = gradus_run_settings(run)->values;
    ck_assert_int_eq(values->seed, 3);
    ck_assert_int_eq(values->updates, 70);
    ck_assert(!gradus_real_given(values->target)); /* a study's target stops nothing */
    gradus_run_close(run);
    gradus_problem_close(problem);
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

/* What a study says of whitening is for the methods that run whitened.  */
static const char WHITE[] = "study: white\n"
                            "problem: {name: quadratic}\n"
                            "budget: {updates: 3}\n"
                            "coordinates: whitened\n"
                            "whitening_samples: 60\n"
                            "methods:\n"
                            "  - {name: sgd, whitening_epsilon: 0.25}\n"
                            "  - {name: lbfgs, coordinates: canonical}\n";

/* What it says of sampling is for those in mini-batch.  */
static const char DRAWN[] = "study: drawn\n"
                            "problem: {name: quadratic}\n"
                            "budget: {updates: 3}\n"
                            "batch: 5\n"
                            "sampling: iid\n"
                            "methods:\n"
                            "  - {name: sgd}\n"
                            "  - {name: adam, sampling: shuffled}\n"
                            "  - {name: lbfgs, batch: full}\n"
                            "  - {name: rprop, batch: full, sampling: iid}\n";

START_TEST(sampling_is_shared_or_own) {
    static const long want[] = {GRADUS_IID, GRADUS_SHUFFLED, GRADUS_SHUFFLED, GRADUS_IID};
    gradus_study study;
    gradus_error why;
    gradus_problem *problem;
    make_scratch();
    gradus_err err = open_text(&study, DRAWN, &why);
    ck_assert_msg(!err, "%s", why.text);
    for (size_t i = 0; i < 4; i++) {
        const gradus_run_values *values = study.entrants[i].run.values;
        ck_assert_int_eq(values->sampling, want[i]);
    }
    ck_assert_int_eq(gradus_study_open_problem(&study, 0, 1, &problem, &why),
                     GRADUS_EINPUT);
    assert_contains(why.text, "study.yaml:7: the run: batch=5: expected at most 1");
    ck_assert_ptr_null(problem);
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

START_TEST(coordinates_are_shared_or_own) {
    gradus_study study;
    gradus_error why;
    gradus_problem *problem;
    make_scratch();
    gradus_err err = open_text(&study, WHITE, &why);
    ck_assert_msg(!err, "%s", why.text);
    const gradus_run_values *first = study.entrants[0].run.values,
                            *second = study.entrants[1].run.values;
    ck_assert_int_eq(first->coordinates, 1);
    ck_assert_int_eq(first->whitening_samples, 60);
    ck_assert(first->whitening_epsilon == 0.25);
    ck_assert_int_eq(second->coordinates, 0);
    ck_assert_int_eq(second->whitening_samples, 1000);
    ck_assert_int_eq(gradus_study_open_problem(&study, 0, 1, &problem, &why),
                     GRADUS_EUNSUPPORTED); /* before anything runs */
    assert_contains(why.text, "study.yaml:7: whitened coordinates need a layer view");
    ck_assert_ptr_null(problem);
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

/* Aliases are the node they stand for, and a list is joined.  */
/* The letters of a label, or of a value that varies, ask for no time.  */
START_TEST(a_study_is_timed_by_what_its_checks_ask) {
    static const struct {
        const char *check;
        bool timed;
    } cases[] = {{"last(wallaby, train_value) < 1", false},
                 {"last(\"cpu-heavy\", train_value) < last(wallaby, train_value)", false},
                 {"last(my_seconds, train_value) < 1", false},
                 {"all(my_seconds, train_value < 9)", false},
                 {"passes_to(my_seconds, 1) < passes_to(wallaby, 1)", false},
                 {"cpu_to(my_seconds, 1) < 1", true},
                 {"not wall_to(wallaby, 1) < 1", true},
                 {"last(wallaby, cpu_seconds) < 1", true},
                 {"all(wallaby, exp(product_seconds) < 9)", true}};
    make_scratch();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        gradus_study study;
        gradus_error why;
        snprintf(text, sizeof text,
                 "study: timed\nproblem: {name: quadratic}\nbudget: {updates: 2}\n"
                 "methods:\n  - {name: sgd, label: wallaby}\n"
                 "  - {name: sgd, label: cpu-heavy}\n"
                 "  - {name: sgd, label: my_seconds}\n"
                 "claims:\n  - {id: a, that: b, check: '%s'}\n",
                 cases[i].check);
        gradus_err err = open_text(&study, text, &why);
        ck_assert_msg(!err, "%s", why.text);
        ck_assert_msg(gradus_study_is_timed(&study) == cases[i].timed, "%s",
                      cases[i].check);
        gradus_study_close(&study);
    }
    clear_scratch();
}
END_TEST

START_TEST(aliases_and_comments_are_yaml) {
    gradus_study study;
    gradus_error why;
    make_scratch();
    gradus_err err = open_text(&study,
                               "# first\nstudy: alias\nproblem: {name: quadratic}\n"
                               "budget: &b {updates: 3}\nmethods:\n"
                               "  - {name: sgd, learning_rate: [1e-2], budget: *b}\n",
                               &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_str_eq(study.entrants[0].spec, "sgd:learning_rate=0.01");
    ck_assert_uint_eq(study.seed_count, 1);
    ck_assert_int_eq(study.seeds[0], 1);
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

/* Every value has its own problem, targets and methods, in the order of the runs.  */
START_TEST(what_follows_the_varied_value_is_read_for_each) {
    gradus_study study;
    gradus_error why = {.text = ""};
    make_scratch();
    gradus_err err = open_text(
        &study,
        "study: v\nproblem: {name: quadratic}\nvary: {problem.condition: [1e2, 40]}\n"
        "seeds: [4, 9]\nbudget: {updates: \"= condition / 10\"}\n"
        "target: [1, \"=1 / condition\"]\nmethods:\n"
        "  - {name: sgd, learning_rate: \"= 2 / (condition + 1)\"}\n"
        "  - {name: adam, budget: {updates: 7}}\n",
        &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_str_eq(study.varied, "problem.condition");
    ck_assert_str_eq(gradus_study_variable(&study), "condition");
    ck_assert_uint_eq(study.variant_count, 2);
    ck_assert_uint_eq(gradus_study_runs(&study), 8);
    ck_assert_str_eq(study.variants[0].problem_spec, "quadratic:condition=100");
    ck_assert_str_eq(study.variants[1].problem_spec, "quadratic:condition=40");
    ck_assert_str_eq(study.variants[0].suffix, "-1e2");
    ck_assert(study.variants[1].number == 40);
    ck_assert(study.variants[1].targets[0] == 1 &&
              study.variants[1].targets[1] == 1 / 40.0);
    static const struct {
        size_t run, variant;
        long seed, updates;
        const char *label;
    } runs[] = {{0, 0, 4, 10, "sgd"},
                {1, 0, 4, 7, "adam"},
                {2, 0, 9, 10, "sgd"},
                {4, 1, 4, 4, "sgd"},
                {7, 1, 9, 7, "adam"}};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        const gradus_entrant *entrant = gradus_study_entrant(&study, runs[i].run);
        const gradus_run_values *values = entrant->run.values;
        ck_assert_ptr_eq(entrant->variant, &study.variants[runs[i].variant]);
        ck_assert_str_eq(entrant->label, runs[i].label);
        ck_assert_int_eq(values->updates, runs[i].updates);
        ck_assert_int_eq(gradus_study_seed(&study, runs[i].run), runs[i].seed);
    }
    char rate[64];
    snprintf(rate, sizeof rate, "sgd:learning_rate=%.17g", 2.0 / 41);
    ck_assert_str_eq(study.entrants[2].spec, rate);
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

#define HEAD "study: s\nproblem: {name: quadratic}\nbudget: {updates: 3}\n"
#define TAIL "methods:\n  - {name: sgd, learning_rate: 0.1}\n"
#define FULL HEAD TAIL

/* TEXT is refused on LINE (0: no line) with a sentence that has PART in it.  */
static const struct {
    const char *text, *part;
    int line;
} bad[] = {
    {"", "no study", 0},
    {"# nothing\n", "no study", 0},
    {"- a\n- b\n", "expected a map", 1},
    {"text\n", "expected a map", 1},
    {"study: s\nproblem: {name: quadratic\n", "not YAML", 3},
    {"study: s\n\tproblem: x\n", "not YAML", 2},
    {"study: *nowhere\n", "not YAML", 1},
    {"study: s\nquestion: \xff\n", "not YAML", 2},
    {FULL "---\nstudy: t\n", "second document", 7},
    {FULL "studdy: t\n", "did you mean 'study'", 6},
    {FULL "study: t\n", "'study' is given twice", 6},
    {FULL "? [a]\n: b\n", "expected a word as key", 6},
    {FULL "<<: {seeds: [1]}\n", "no key '<<'", 6},
    {"problem: {name: quadratic}\n", "no 'study:'", 1},
    {"study: ../up\n", "names files", 1},
    {"study: ''\n", "names files", 1},
    {"study: .hidden\n", "names files", 1},
    {"study: -option\n", "names files", 1},
    {"study: \"a\\0b\"\n", "NUL", 1},
    {"study: [s]\n", "expected a single value, not a list", 1},
    {"study: s\nbudget: {updates: 3}\n" TAIL, "no 'problem:'", 1},
    {"study: s\nproblem: quadratic\n", "expected a map", 2},
    {"study: s\nproblem: {dimension: 3}\n", "no 'name:'", 2},
    {"study: s\nproblem: {name: quadratik}\n", "did you mean 'quadratic'", 2},
    {"study: s\nproblem: {name: 'quadratic:dimension=3'}\n", "keys of their own", 2},
    {"study: s\nproblem:\n  name: quadratic\n  dimensoin: 3\n", "did you mean 'dimension'",
     4},
    {"study: s\nproblem: {name: quadratic,\n  dimension: 3x}\n",
     "dimension=3x: expected an", 3},
    {"study: s\nproblem: {name: quadratic, condition: .nan}\n", "expected a number", 2},
    {"study: s\nproblem: {name: quadratic, condition: nan}\n", "expected a number", 2},
    {"study: s\nproblem: {name: quadratic, dimension: }\n", "expected an integer", 2},
    {"study: s\nproblem: {name: quadratic, dimension: {a: 1}}\n", "expected a single value",
     2},
    {"study: s\nproblem: {name: quadratic, dimension: [3, 4]}\n", "dimension=3-4", 2},
    {"study: s\nproblem: {name: quadratic, dimension: [[3]]}\n", "not a list", 2},
    {"study: s\nproblem: {name: quadratic, dimension: []}\n", "at least one item", 2},
    {"study: s\nproblem: &p {name: *p}\n", "expected a single value", 2},
    {HEAD "seeds: 3\n" TAIL, "seeds: expected a list", 4},
    {HEAD "seeds: []\n" TAIL, "at least one item", 4},
    {HEAD "seeds: [1, 2.5]\n" TAIL, "seed=2.5: expected an integer", 4},
    {HEAD "seeds: [-1]\n" TAIL, "seed=-1", 4},
    {HEAD "seeds: [7,\n 8, 7]\n" TAIL, "7 is given twice", 5},
    {HEAD "target: low\n" TAIL, "target=low: expected a number", 4},
    {HEAD "target: [1, inf]\n" TAIL, "target=inf", 4},
    {HEAD "target: nan\n" TAIL, "target=nan", 4},
    {HEAD "target: none\n" TAIL, "target=none: expected a number", 4},
    {HEAD "target: [1,\n 3, 1.0]\n" TAIL, "target: 1.0: the same target is given twice", 5},
    {HEAD "target: [best of sgd, best of sgd]\n" TAIL, "the same target is given twice", 4},
    {HEAD "minimum: 2\ngap: [1e-3, 2e-3, 0.001]\n" TAIL, "gap: 0.001: the same target", 5},
    {HEAD "minimum: inf\n" TAIL, "minimum=inf", 4},
    {HEAD "gap: 1e-3\n" TAIL, "expected a `minimum:`", 4},
    {HEAD "minimum: 2\ngap: [1e-3, 0]\n" TAIL, "gap=0", 5},
    {HEAD "minimum: 2\ntarget: 3\ngap: 1\n" TAIL, "expected one of the two", 6},
    {HEAD "target: {a: 1}\n" TAIL, "expected a single value", 4},
    {HEAD "batch: 0\n" TAIL, "batch=0", 4},
    {HEAD "batch: small\n" TAIL, "batch=small", 4},
    {HEAD "measure: {evry: 3}\n" TAIL, "did you mean 'every'", 4},
    {HEAD "measure: {every: 0}\n" TAIL, "measure_every=0", 4},
    {HEAD "measure: 3\n" TAIL, "expected a map", 4},
    {HEAD "value_tolerance: -1\n" TAIL, "value_tolerance=-1", 4},
    {HEAD "sampling: sorted\n" TAIL, "expected shuffled|iid", 4},
    {HEAD "coordinates: polar\n" TAIL, "expected canonical|whitened", 4},
    {HEAD "whitening_samples: 0\n" TAIL, "whitening_samples=0", 4},
    {HEAD "whitening_samples: 5\n" TAIL, "needs coordinates=whitened", 1},
    {HEAD "methods:\n  - {name: sgd, whitening_epsilon: 1}\n", "needs coordinates=whitened",
     5},
    {"study: s\nproblem: {name: quadratic}\nbudget: {update: 3}\n" TAIL,
     "did you mean 'updates'", 3},
    {"study: s\nproblem: {name: quadratic}\nbudget: {updates: -3}\n" TAIL, "updates=-3", 3},
    {"study: s\nproblem: {name: quadratic}\nbudget: 3\n" TAIL, "expected a map", 3},
    {"study: s\nproblem: {name: quadratic}\n" TAIL, "has no budget", 4},
    {"study: s\nproblem: {name: quadratic}\nbudget: {}\n" TAIL, "has no budget", 5},
    {"study: s\nproblem: {name: quadratic}\nbudget: {updates: none}\n" TAIL,
     "has no budget", 5},
    {HEAD, "no 'methods:'", 1},
    {HEAD "methods: []\n", "at least one item", 4},
    {HEAD "methods: {name: sgd}\n", "expected a list", 4},
    {HEAD "methods: &m [*m]\n", "expected a map", 4},
    {HEAD "methods:\n  - sgd\n", "expected a map", 5},
    {HEAD "methods:\n  - {learning_rate: 1}\n", "no 'name:'", 5},
    {HEAD "methods:\n  - {name: sdg}\n", "did you mean 'sgd'", 5},
    {HEAD "methods:\n  - {name: sgd, momentun: 1}\n", "did you mean 'momentum'", 5},
    {HEAD "methods:\n  - {name: sgd, lable: a}\n", "did you mean 'label'", 5},
    {HEAD "methods:\n  - {name: sgd, tune: {momentum: [0, 1]}}\n", "momentum=1", 5},
    {HEAD "methods:\n  - name: sgd\n    momentum: 1.5\n", "momentum=1.5", 6},
    {HEAD "methods:\n  - {name: sgd, momentum: 0, momentum: 0}\n", "given twice", 5},
    {HEAD "methods:\n  - {name: sgd, label: a/b}\n", "names files", 5},
    {HEAD "methods:\n  - {name: sgd, seed: 3}\n", "no key 'seed'", 5},
    {HEAD "methods:\n  - {name: sgd, batch: -1}\n", "batch=-1", 5},
    {HEAD "methods:\n  - {name: sgd, budget: {updates: x}}\n", "updates=x", 5},
    {FULL "  - {name: sgd}\n", "label 'sgd' is taken by the method on line 5", 6},
    {FULL "vary: 3\n", "vary: expected a map", 6},
    {FULL "vary: {}\n", "vary: expected one key, not 0", 6},
    {FULL "vary: {batch: [1], problem.condition: [2]}\n", "expected one key, not 2", 6},
    {FULL "vary: {condition: [1]}\n",
     "expected problem, problem.NAME, methods.NAME or batch", 6},
    {FULL "vary: {problem.: [1]}\n", "expected problem, problem.NAME", 6},
    {FULL "vary: {batch.x: [1]}\n", "expected problem, problem.NAME", 6},
    {FULL "vary: {problem.condition: 3}\n", "expected a list", 6},
    {FULL "vary: {problem.condition: []}\n", "at least one item", 6},
    {FULL "vary: {problem.condition: ['']}\n", "expected values of 1 to 100 bytes", 6},
    {FULL "vary: {problem.condition: [2,\n 2.0]}\n", "'2.0' is '2' once more", 7},
    {FULL "vary: {problem.data: [a/b, a_b]}\n", "would have the same files", 6},
    {FULL "vary: {problem.condition: [2,\n 0.5]}\n", "condition=0.5: expected", 7},
    {FULL "vary: {problem.conditoin: [2]}\n", "did you mean 'condition'", 6},
    {FULL "vary: {methods.momentun: [0]}\n", "did you mean 'momentum'", 6},
    {FULL "vary: {methods.learning_rate: [1]}\n", "is what the study varies", 5},
    {HEAD "batch: 1\nvary: {batch: [1, full]}\n" TAIL, "is what the study varies", 4},
    {"study: s\nproblem: {name: softmax}\nvary: {problem.data: [1-2, 2]}\n"
     "budget: {updates: 3}\nmethods:\n  - {name: sgd, label: a}\n"
     "  - {name: sgd, label: a-1}\n",
     "a-1-2 names the files of two runs", 7},
    {FULL "starts: {points: 5, x: [0, 1]}\n", "starts has no 'y:'", 6},
    {FULL "starts: {points: 1, x: [0, 1], y: [0, 1]}\n", "points=1: expected", 6},
    {FULL "starts: {points: 5, x: [1, 0], y: [0, 1]}\n", "x: expected [LOW, HIGH]", 6},
    {FULL "starts: {points: 5, x: [0, 1, 2], y: [0, 1]}\n", "x: expected [LOW, HIGH]", 6},
    {FULL "starts: {points: 5, x: [0, one], y: [0, 1]}\n", "bound=one: expected", 6},
    {FULL "starts: {point: 5, x: [0, 1], y: [0, 1]}\n", "did you mean 'points'", 6},
    {FULL "record: x\n", "record: expected a list", 6},
    {FULL "record: [distanse]\n", "did you mean 'distance'", 6},
    {FULL "record: [distance, distance]\n", "distance is given twice", 6},
    {FULL "claims: []\n", "at least one item", 6},
    {FULL "claims: [{id: a, that: b}]\n", "no 'check:'", 6},
    {FULL "claims: [{id: a, that: b, chek: c}]\n", "did you mean 'check'", 6},
    {FULL "claims: [{id: a/b, that: b, check: c}]\n", "names files", 6},
    {FULL "claims:\n  - id: a\n    that: b\n    check: final(sdg) < 1\n",
     "a: check, column 7: there is no method 'sdg'; did you mean 'sgd'?", 9},
    {FULL "claims: [{id: a, that: b, check: last(sgd; x1) < 1}]\n", "expected ',' or ')'",
     6},
    {FULL "claims: [{id: a, that: b, check: \"last(sgd, x1) < 1\"}]\n",
     "there is no column 'x1'", 6},
    {HEAD "target: \"= 1 +\"\n" TAIL, "target: after '=', column 5: expected a number", 4},
    {HEAD "target: \"= log(0)\"\n" TAIL, "target=-inf", 4},
    {HEAD "target: \"= lgo(1)\"\n" TAIL, "no function 'lgo'; did you mean 'log'?", 4},
    {HEAD "target: \"= c\"\n" TAIL, "there is no 'c': the study varies nothing", 4},
    {HEAD "target: \"= form\"\nvary: {methods.form: [averaged]}\n" TAIL,
     "form is 'averaged', which is not a number", 4},
};

START_TEST(mistakes_are_told_with_file_and_line) {
    make_scratch();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        gradus_study study;
        gradus_error why = {.text = ""};
        gradus_err err = open_text(&study, bad[i].text, &why);
        ck_assert_msg(err == GRADUS_EINPUT, "%zu: error %d for\n%s", i, err, bad[i].text);
        char place[600];
        const char *path = in_scratch("study.yaml");
        if (bad[i].line)
            snprintf(place, sizeof place, "%s:%d: ", path, bad[i].line);
        else
            snprintf(place, sizeof place, "%s: ", path);
        ck_assert_msg(strncmp(why.text, place, strlen(place)) == 0, "'%s' for\n%s",
                      why.text, bad[i].text);
        assert_contains(why.text, bad[i].part);
        assert_sentence(why.text);
        gradus_study_close(&study);
    }
    clear_scratch();
}
END_TEST

START_TEST(files_that_are_no_study_are_refused) {
    static char large[(1 << 20) + 2];
    gradus_study study;
    gradus_error why;
    make_scratch();
    const char *absent = in_scratch("absent.yaml");
    ck_assert_int_eq(gradus_study_open(&study, absent, &why), GRADUS_EINPUT);
    assert_contains(why.text, "absent.yaml: cannot be read: No such file");
    gradus_study_close(&study);
    ck_assert_int_eq(gradus_study_open(&study, scratch, &why), GRADUS_EINPUT);
    assert_contains(why.text, "cannot be read: Is a directory");
    gradus_study_close(&study);
    memset(large, '#', sizeof large);
    const char *path = write_scratch("large.yaml", large, sizeof large);
    ck_assert_int_eq(gradus_study_open(&study, path, &why), GRADUS_EINPUT);
    assert_contains(why.text, "longer");
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

/* What the problem refuses only when it is opened names the line of the problem.  */
START_TEST(a_problem_that_does_not_open_is_told_with_its_line) {
    gradus_study study;
    gradus_error why;
    gradus_problem *problem;
    make_scratch();
    assert_ok(open_text(&study,
                        "study: odd\nbudget: {updates: 3}\n"
                        "problem: {name: rosenbrock, dimension: 3}\n" TAIL,
                        &why));
    ck_assert_int_eq(gradus_study_open_problem(&study, 0, 1, &problem, &why),
                     GRADUS_EINPUT);
    assert_contains(why.text, "study.yaml:3: rosenbrock: dimension=3");
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

TEST_MAIN("study", a_study_is_read, what_follows_the_varied_value_is_read_for_each,
          gaps_are_counted_from_the_minimum, runs_open_with_their_seed_and_no_target,
          coordinates_are_shared_or_own, sampling_is_shared_or_own,
          a_study_is_timed_by_what_its_checks_ask, aliases_and_comments_are_yaml,
          mistakes_are_told_with_file_and_line,
          files_that_are_no_study_are_refused,
          a_problem_that_does_not_open_is_told_with_its_line)
