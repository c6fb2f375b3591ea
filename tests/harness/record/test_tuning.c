/* Tuning: what is tried and selected, what it costs, that it is resumed, and that mistakes
   get a sentence.  */

#include "harness/race/race.h"
#include "harness/record/tuning.h"
#include "harness/study/study.h"

#include "../scratch.h"

#include <jansson.h>
#include <sys/stat.h>

#define FRAME                                                                              \
    "study: small\n"                                                                       \
    "problem: {name: quadratic, dimension: 5, condition: 10}\n"                            \
    "seeds: [1, 2]\n"                                                                      \
    "budget: {updates: 30}\n"
static const char STUDY[] = FRAME
    "tuning: {seeds: [7, 8, 9], budget: {updates: 12}}\n"
    "methods:\n"
    "  - {name: sgd, tune: {learning_rate: [1e-3, 0.1, 1e60], momentum: [0, 0.5]}}\n"
    "  - {name: adam, tune: {search: quasi-random, trials: 6, learning_rate: table}}\n"
    "  - {name: lbfgs}\n";
enum { TRIALS = 6, TUNING_SEEDS = 3, TUNED = 2, ENTRANTS = 5, SEEDS = 2 };

static gradus_err race_text(const char *text, bool resume, gradus_error *why) {
    const char *path = write_scratch("study.yaml", text, strlen(text));
    gradus_race_options options = {
        .folder = in_scratch("results"), .resume = resume, .quiet = true};
    return gradus_race(path, &options, why);
}

static void must_race(const char *text, bool resume) {
    gradus_error why = {.text = ""};
    gradus_err err = race_text(text, resume, &why);
    ck_assert_msg(!err, "%s", why.text);
}

static json_t *load(void) {
    json_t *json = json_load_file(in_scratch("results/manifest.json"), 0, NULL);
    ck_assert_ptr_nonnull(json);
    return json;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    ck_assert_msg(text != NULL, "no text '%s'", key);
    return text;
}

/* Of the quadratic 1/2 sum d_i x_i^2 from ones, d_i = 10^(i/4), gradient descent's value
   after K updates at RATE.  */
static double descent(double rate, int k) {
    double total = 0;
    for (int i = 0; i < 5; i++) {
        double d = pow(10.0, i / 4.0);
        total += 0.5 * d * pow(1 - rate * d, 2 * k);
    }
    return total;
}

START_TEST(a_grid_is_tried_and_the_lowest_median_selected) {
    make_scratch();
    must_race(STUDY, false);
    json_t *manifest = load();
    const json_t *tuning = json_object_get(manifest, "tuning"),
                 *trials = json_object_get(tuning, "trials_made");
    ck_assert_uint_eq(json_array_size(trials), TUNED * TRIALS);
    ck_assert(json_is_true(json_object_get(tuning, "complete")));
    double least = INFINITY, cpu = 0;
    size_t best = 0;
    for (size_t i = 0; i < TRIALS; i++) {
        const json_t *trial = json_array_get(trials, i),
                     *score = json_object_get(trial, "score");
        ck_assert_str_eq(text_of(trial, "label"), "sgd");
        if (json_is_number(score) && json_number_value(score) < least) {
            least = json_number_value(score);
            best = i;
        }
    }
    for (size_t i = 0; i < TUNED * TRIALS; i++)
        cpu += json_number_value(json_object_get(json_array_get(trials, i), "cpu_seconds"));
    /* The same sum in another order of at most 36 terms.  */
    assert_close(json_number_value(json_object_get(tuning, "cpu_seconds")), cpu, 1e-12);
    for (size_t i = 0; i < TRIALS; i++)
        ck_assert_int_eq(
            json_is_true(json_object_get(json_array_get(trials, i), "selected")),
            i == best);
    /* The first two trials have 1e-3, without momentum the first one.  */
    double score = json_number_value(json_object_get(json_array_get(trials, 0), "score"));
    /* A dozen updates of a few roundings each.  */
    assert_close(score, descent(1e-3, 12), 1e-12);
    /* Such a rate diverges with every seed, which is a failure and no gap.  */
    for (size_t i = 4; i < TRIALS; i++) {
        const json_t *wild = json_array_get(trials, i);
        ck_assert_str_eq(text_of(json_object_get(wild, "parameters"), "learning_rate"),
                         "1e+60");
        ck_assert_int_eq(json_integer_value(json_object_get(wild, "diverged")),
                         TUNING_SEEDS);
        ck_assert(json_is_null(json_object_get(wild, "score")));
    }
    const json_t *methods = json_object_get(manifest, "methods");
    ck_assert_uint_eq(json_array_size(methods), ENTRANTS);
    ck_assert_str_eq(text_of(json_array_get(methods, 0), "spec"),
                     text_of(json_array_get(trials, best), "spec"));
    ck_assert_str_eq(text_of(json_array_get(methods, 1), "label"), "sgd-untuned");
    ck_assert_str_eq(text_of(json_array_get(methods, 1), "spec"), "sgd");
    const json_t *run = json_array_get(json_object_get(manifest, "runs"), 0);
    ck_assert_str_eq(text_of(run, "method"), text_of(json_array_get(trials, best), "spec"));
    json_decref(manifest);
    clear_scratch();
}
END_TEST

/* Halton's first coordinate is 1/2, 1/4, 3/4, 1/8, 5/8, 3/8; Adam's table has rates from 1e-4
   to 1e-1 on a logarithmic scale, and a setting has six digits.  */
START_TEST(the_sequence_is_haltons) {
    static const double shares[TRIALS] = {0.5, 0.25, 0.75, 0.125, 0.625, 0.375};
    gradus_study study;
    gradus_error why = {.text = ""};
    make_scratch();
    gradus_err err =
        gradus_study_open(&study, write_scratch("s.yaml", STUDY, strlen(STUDY)), &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_uint_eq(study.entrant_count, ENTRANTS);
    const gradus_study *trials = &study.tuning->trials;
    ck_assert_uint_eq(trials->entrant_count, TUNED * TRIALS);
    ck_assert_uint_eq(gradus_study_runs(trials), TUNED * TRIALS * TUNING_SEEDS);
    for (size_t i = 0; i < TRIALS; i++) {
        const gradus_entrant *entrant = &trials->entrants[TRIALS + i];
        double rate = strtod(strchr(entrant->spec, '=') + 1, NULL),
               want = pow(10, -4 + 3 * shares[i]);
        printf("%s: %s, want %.6g\n", entrant->label, entrant->spec, want);
        ck_assert(fabs(rate - want) <= 1e-5 * want); /* six digits */
    }
    gradus_study_close(&study);
    clear_scratch();
}
END_TEST

static char *read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    char *text = calloc(1, 1 << 16);
    ck_assert_uint_lt(fread(text, 1, 1 << 16, file), 1 << 16);
    fclose(file);
    return text;
}

/* Without what time has to do with: the rows' first six columns are label, varied, trial,
   runs, diverged, score.  */
static void same_scores(const char *a, const char *b) {
    while (*a && *b) {
        for (int column = 0; column < 6; column++) {
            size_t length = strcspn(a, ",\n");
            ck_assert_uint_eq(length, strcspn(b, ",\n"));
            ck_assert_int_eq(memcmp(a, b, length), 0);
            a += length + (a[length] == ',');
            b += length + (b[length] == ',');
        }
        a = strchr(a, '\n') + 1;
        b = strchr(b, '\n') + 1;
    }
    ck_assert(!*a && !*b);
}

START_TEST(trials_are_resumed) {
    make_scratch();
    must_race(STUDY, false);
    char *whole = read_all(in_scratch("results/tuning.csv"));
    struct stat before, after;
    ck_assert_int_eq(stat(in_scratch("results/tuning/traces/sgd@1-7.csv"), &before), 0);
    /* As if killed: a trial's record is missing, another's trace is cut off, and so are
       all of the race's own runs but one.  */
    ck_assert_int_eq(unlink(in_scratch("results/tuning/runs/adam@3-8.json")), 0);
    ck_assert_int_eq(truncate(in_scratch("results/tuning/traces/adam@4-9.csv"), 50), 0);
    remove_folder(in_scratch("results/runs"));
    ck_assert_int_eq(unlink(in_scratch("results/report.html")), 0);
    must_race(STUDY, true);
    ck_assert_int_eq(stat(in_scratch("results/tuning/traces/sgd@1-7.csv"), &after), 0);
    ck_assert_int_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec); /* not run again */
    char *again = read_all(in_scratch("results/tuning.csv"));
    same_scores(whole, again);
    free(whole);
    free(again);
    clear_scratch();
}
END_TEST

/* A run of the race that was made with another setting is made anew.  */
START_TEST(a_run_with_another_setting_is_none) {
    make_scratch();
    must_race(STUDY, false);
    char *text = read_all(in_scratch("results/runs/sgd-1.json"));
    char *method = strstr(text, "\"sgd:learning_rate=");
    ck_assert_ptr_nonnull(method);
    method[19] = method[19] == '9' ? '8' : '9';
    write_scratch("results/runs/sgd-1.json", text, strlen(text));
    ck_assert_int_eq(unlink(in_scratch("results/report.html")), 0);
    must_race(STUDY, true);
    json_t *manifest = load();
    const json_t *run = json_array_get(json_object_get(manifest, "runs"), 0);
    ck_assert_str_eq(
        text_of(run, "method"),
        text_of(json_array_get(json_object_get(manifest, "methods"), 0), "spec"));
    json_decref(manifest);
    free(text);
    clear_scratch();
}
END_TEST

START_TEST(when_everything_diverges_nothing_is_selected) {
    static const char text[] = FRAME
        "tuning: {untuned: no}\n"
        "methods:\n  - {name: sgd, learning_rate: 0.05, tune: {learning_rate: [1e60]}}\n";
    make_scratch();
    must_race(text, false);
    json_t *manifest = load();
    ck_assert_uint_eq(json_array_size(json_object_get(manifest, "methods")), 1);
    ck_assert_str_eq(
        text_of(json_array_get(json_object_get(manifest, "methods"), 0), "spec"),
        "sgd:learning_rate=0.05");
    char *page = read_all(in_scratch("results/tuning.csv"));
    ck_assert_ptr_nonnull(strstr(page, "sgd,,1,2,2,inf,inf,inf,"));
    free(page);
    json_decref(manifest);
    clear_scratch();
}
END_TEST

/* Trials are drawn at every varied value, each with its own scores.  */
START_TEST(sensitivity_is_drawn_at_every_varied_value) {
    static const char text[] =
        "study: small\nproblem: {name: quadratic, dimension: 5}\n"
        "vary: {problem.condition: [2, 20, 30]}\nbudget: {updates: 3}\n"
        "methods:\n  - {name: sgd, tune: {learning_rate: [0.01, 0.02]}}\n";
    char *data[3];
    make_scratch();
    must_race(text, false);
    for (int i = 0; i < 3; i++) {
        data[i] =
            read_all(in_scratch("results/figures/sensitivity-learning_rate-%d.dat", i + 1));
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(data[i], data[j]);
    }
    for (int i = 0; i < 3; i++)
        free(data[i]);
    ck_assert_int_ne(
        access(in_scratch("results/figures/sensitivity-learning_rate-4.dat"), F_OK), 0);
    clear_scratch();
}
END_TEST

#define WITH(tune) FRAME "methods:\n  - name: sgd\n    tune: " tune "\n"
static const struct {
    const char *text, *part;
    int line;
} mistakes[] = {
    {WITH("{learning_rat: [1]}"), "did you mean 'learning_rate'", 7},
    {WITH("{learning_rate: []}"), "at least one item", 7},
    {WITH("{learning_rate: [0.1, -1]}"), "learning_rate=-1", 7},
    {WITH("{learning_rate: [0.1, 0.1]}"), "given twice", 7},
    {WITH("{learning_rate: 0.1}"), "the word table", 7},
    {WITH("{learning_rate: {low: 1}}"), "no 'high:'", 7},
    {WITH("{learning_rate: {low: 1, high: 0.5, points: 2}}"), "low < high", 7},
    {WITH("{learning_rate: {low: 0, high: 0.5, points: 2}}"), "above 0", 7},
    {WITH("{learning_rate: {low: x, high: 0.5, points: 2}}"), "finite number", 7},
    {WITH("{learning_rate: {low: 0.1, high: 0.5}}"), "needs how many", 7},
    {WITH("{learning_rate: {low: 0.1, high: 0.5, points: 2.5}}"), "whole number", 7},
    {WITH("{learning_rate: [1, 2], trials: 3}"), "the grid has 2 points", 7},
    {WITH("{learning_rate: [1, 2], search: random}"), "grid or quasi-random", 7},
    {WITH("{learning_rate: table, search: quasi-random}"), "no 'trials:'", 7},
    {WITH("{learning_rate: table, search: quasi-random, trials: 0}"), "whole number", 7},
    {WITH("{form: table}"), "has no grid", 7},
    {WITH("{form: {low: 1, high: 2, points: 2}}"), "is no number", 7},
    {WITH("[1]"), "tune", 7},
    {WITH("{learning_rate: [1, 2]}") "  - {name: adam, tune: {learning_rate: [1]}}\n",
     "adam has 1 trials, and sgd on line 6 has 2", 8},
    {FRAME "tuning: {}\nmethods:\n  - {name: sgd}\n", "no method has a `tune:`", 5},
    {WITH("{learning_rate: [1]}") "tuning: {selct: best_value}\n", "'select'", 8},
    {WITH("{learning_rate: [1]}") "tuning: {select: speed}\n", "training_value", 8},
    {WITH("{learning_rate: [1]}") "tuning: {untuned: 3}\n", "yes or no", 8},
    {WITH("{learning_rate: [1]}") "tuning: {select: validation_value}\n",
     "validation_value needs validation data, of which quadratic has none; expected", 8},
    {WITH("{learning_rate: [1], schedule: [constant, plateau]}"),
     "schedule=plateau needs validation data", 6},
    {WITH("{learning_rate: [1]}") "  - {name: sgd, label: last, schedule: plateau}\n",
     "schedule=plateau needs validation data", 8},
    {WITH("{learning_rate: [1]}") "record: [layer_condition]\n",
     "record: layer_condition needs", 0},
    {WITH("{learning_rate: [1]}") "tuning: {seeds: [1, 1]}\n", "twice", 8},
    {WITH("{learning_rate: [1]}") "tuning: {budget: {updates: -1}}\n", "updates", 8},
    {WITH("{learning_rate: [1]}") "tuning: {budget: {}}\n", "expected a limit", 8},
    {WITH("{learning_rate: [1]}") "vary: {methods.learning_rate: [1, 2]}\n",
     "what the study varies", 7},
    {WITH("{learning_rate: [1]}") "  - {name: adam, label: sgd-untuned}\n", "is taken", 8},
};

START_TEST(mistakes_are_refused) {
    char line[32];
    make_scratch();
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        gradus_error why = {.text = ""};
        ck_assert_msg(race_text(mistakes[i].text, false, &why) == GRADUS_EINPUT,
                      "accepted: %s", mistakes[i].text);
        printf("%s\n", why.text);
        assert_contains(why.text, mistakes[i].part);
        snprintf(line, sizeof line, "study.yaml:%d:", mistakes[i].line);
        if (mistakes[i].line) /* else what is refused has no line of its own */
            assert_contains(why.text, line);
        assert_sentence(why.text);
        ck_assert_int_ne(access(in_scratch("results"), F_OK), 0);
    }
    clear_scratch();
}
END_TEST

TEST_MAIN("tuning", a_grid_is_tried_and_the_lowest_median_selected, the_sequence_is_haltons,
          trials_are_resumed, a_run_with_another_setting_is_none,
          when_everything_diverges_nothing_is_selected,
          sensitivity_is_drawn_at_every_varied_value, mistakes_are_refused)
