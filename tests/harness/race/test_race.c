/* Races: what is left in the folder, and that resuming repeats nothing and changes
   nothing.  */

#include "harness/race/race.h"

#include "base/memory.h"
#include "harness/io/text_file.h"

#include "../scratch.h"

#include <fcntl.h>
#include <jansson.h>
#include <sys/file.h>
#include <sys/stat.h>

static const char STUDY[] =
    "study: small\n"
    "problem: {name: quadratic, dimension: 7, condition: 11}\n"
    "seeds: [2, 5]\n"
    "budget: {updates: 40}\n"
    "measure: {every: 4}\n"
    "target: [0.5, 1e-30]\n"
    "methods:\n"
    "  - {name: sgd, label: slow, learning_rate: 0.05}\n"
    "  - {name: sgd, label: wild, learning_rate: 1e3}\n"
    "  - {name: sgd, label: heavy, learning_rate: 0.05, momentum: 0.5}\n";
enum { RUNS = 6 };

/* The results folder, whatever in_scratch is asked meanwhile.  */
static const char *results(void) {
    static char path[sizeof scratch + 16];
    snprintf(path, sizeof path, "%s/deep/results", scratch);
    return path;
}

#define inside(name) in_scratch("deep/results/%s", name)

static gradus_err race_text(const char *text, const char *folder, bool resume,
                            size_t threads, gradus_error *why) {
    const char *path = write_scratch("study.yaml", text, strlen(text));
    gradus_race_options options = {
        .folder = folder, .resume = resume, .quiet = true, .threads = threads};
    return gradus_race(path, &options, why);
}

static void must_race(const char *folder, bool resume, size_t threads) {
    gradus_error why = {.text = ""};
    gradus_err err = race_text(STUDY, folder, resume, threads, &why);
    ck_assert_msg(!err, "%s", why.text);
}

static void must_refuse(const char *text, const char *folder, bool resume, size_t threads,
                        const char *part) {
    gradus_error why = {.text = ""};
    ck_assert_int_eq(race_text(text, folder, resume, threads, &why), GRADUS_EINPUT);
    assert_contains(why.text, part);
    assert_sentence(why.text);
}

static json_t *load(void) {
    json_t *json = json_load_file(inside("manifest.json"), 0, NULL);
    ck_assert_ptr_nonnull(json);
    return json;
}

static const json_t *run_of(const json_t *manifest, size_t index) {
    return json_array_get(json_object_get(manifest, "runs"), index);
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    ck_assert_msg(text != NULL, "no text '%s'", key);
    return text;
}

static bool exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

/* The runs stand seed by seed, a method that diverged among them, as what it is.  */
START_TEST(every_run_is_recorded) {
    static const char *const labels[] = {"slow", "wild", "heavy"};
    make_scratch();
    const char *folder = results();
    must_race(folder, false, 0);
    json_t *manifest = load();
    ck_assert(json_is_true(json_object_get(manifest, "complete")));
    ck_assert_str_eq(text_of(manifest, "text"), STUDY);
    ck_assert_uint_eq(json_array_size(json_object_get(manifest, "runs")), RUNS);
    for (size_t i = 0; i < RUNS; i++) {
        const json_t *run = run_of(manifest, i);
        bool wild = i % 3 == 1;
        ck_assert_str_eq(text_of(run, "label"), labels[i % 3]);
        ck_assert_int_eq(json_integer_value(json_object_get(run, "seed")), i < 3 ? 2 : 5);
        ck_assert_str_eq(text_of(run, "status"), wild ? "diverged" : "updates");
        ck_assert(wild || json_real_value(json_object_get(run, "value")) < 0.5);
        const char *trace = text_of(run, "trace");
        ck_assert_msg(exists(inside(trace)), "no %s", trace);
    }
    json_decref(manifest);
    clear_scratch();
}
END_TEST

/* On a quadratic the gradient method's value at update k is known in closed form:
   1/2 sum d_i (1 - rate d_i)^2k.  */
static double slow_value(int update) {
    double total = 0.0;
    for (int i = 0; i < 7; i++) {
        double d = pow(11.0, i / 6.0);
        total += 0.5 * d * pow(1.0 - 0.05 * d, 2 * update);
    }
    return total;
}

START_TEST(targets_are_met_at_the_first_row_below_them) {
    make_scratch();
    const char *folder = results();
    must_race(folder, false, 0);
    json_t *manifest = load();
    int first = 0;
    while (!(slow_value(first) <= 0.5))
        first += 4; /* the study's rows */
    const json_t *targets = json_object_get(run_of(manifest, 0), "targets");
    const json_t *met = json_array_get(targets, 0);
    printf("target 0.5 at update %d, recorded %lld\n", first,
           (long long)json_integer_value(json_object_get(met, "updates")));
    ck_assert_int_eq(json_integer_value(json_object_get(met, "updates")), first);
    ck_assert(json_real_value(json_object_get(met, "passes")) == first);
    ck_assert(json_is_null(json_array_get(targets, 1)));
    json_decref(manifest);
    clear_scratch();
}
END_TEST

START_TEST(resuming_runs_only_what_is_missing) {
    make_scratch();
    const char *folder = results();
    must_race(folder, true, 0); /* an absent folder begins */
    struct stat before, after;
    ck_assert_int_eq(stat(inside("traces/slow-2.csv"), &before), 0);
    ck_assert_int_eq(truncate(inside("traces/heavy-2.csv"), 100),
                     0); /* a trace without its end */
    ck_assert_int_eq(unlink(inside("runs/wild-5.json")), 0);
    must_race(folder, true, 0);
    ck_assert_int_eq(stat(inside("traces/slow-2.csv"), &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    ck_assert(exists(inside("runs/wild-5.json")));
    ck_assert_int_eq(stat(inside("traces/heavy-2.csv"), &after), 0);
    ck_assert_int_gt(after.st_size, 100);
    json_t *manifest = load();
    ck_assert(json_is_true(json_object_get(manifest, "complete")));
    ck_assert_uint_eq(json_array_size(json_object_get(manifest, "runs")), RUNS);
    ck_assert_uint_eq(json_array_size(json_object_get(manifest, "resumed")), 1);
    json_decref(manifest);
    must_race(folder, true, 0); /* complete: nothing to do, and nothing is noted */
    manifest = load();
    ck_assert_uint_eq(json_array_size(json_object_get(manifest, "resumed")), 1);
    json_decref(manifest);
    clear_scratch();
}
END_TEST

START_TEST(folders_of_others_are_refused) {
    static const char OTHER[] = "study: small\nproblem: {name: quadratic}\n"
                                "budget: {updates: 1}\nmethods:\n  - {name: sgd}\n";
    make_scratch();
    const char *folder = results();
    must_race(folder, false, 2);
    must_refuse(STUDY, folder, false, 0, "is not empty");
    must_refuse(OTHER, folder, true, 0, "another study");
    ck_assert_int_eq(unlink(in_scratch("deep/results/runs/slow-5.json")), 0);
    must_refuse(STUDY, folder, true, 3, "begun with 2 threads");
    must_race(folder, true, 0);
    json_t *manifest = load();
    /* Two runs side by side, of one thread each, as it was begun.  */
    ck_assert_int_eq(json_integer_value(json_object_get(manifest, "at_once")), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(run_of(manifest, 3), "threads")),
                     1);
    json_object_set_new(manifest, "version", json_string("0.0.7"));
    ck_assert_int_eq(json_dump_file(manifest, in_scratch("deep/results/manifest.json"), 0),
                     0);
    json_decref(manifest);
    must_refuse(STUDY, folder, true, 0, "gradus 0.0.7");
    write_scratch("deep/results/manifest.json", "{", 1);
    must_refuse(STUDY, folder, true, 0, "not the results of a race");
    clear_scratch();
}
END_TEST

/* Two races in one folder would mix their files.  */
START_TEST(a_folder_in_use_is_refused) {
    make_scratch();
    must_race(results(), false, 0);
    ck_assert_int_eq(unlink(inside("runs/slow-5.json")), 0);
    int other = open(results(), O_RDONLY);
    ck_assert_int_eq(flock(other, LOCK_EX), 0);
    must_refuse(STUDY, results(), true, 0, "another race is at work");
    ck_assert_int_eq(close(other), 0);
    must_race(results(), true, 0);
    clear_scratch();
}
END_TEST

static void must_contain(const char *name, const char *part) {
    char *text;
    size_t size;
    gradus_error why;
    assert_ok(gradus_text_file_read(inside(name), &text, &size, &why));
    assert_contains(text, part);
    gradus_free(text);
}

/* PRONG has no layers to whiten on a quadratic: that is a result where something varies, and
   a mistake where it is so at every value.  */
START_TEST(a_method_may_suit_some_values) {
    static const char HEAD[] = "study: some\nbudget: {updates: 3}\nseeds: [1, 2]\n"
                               "claims: [{id: A, that: so, check: \"final(prong, "
                               "quadratic) > final(sgd, quadratic)\"}]\n"
                               "methods: [{name: sgd, learning_rate: 0.1},\n"
                               "          {name: prong}]\nvary: {problem: [quadratic";
    static const char DATA[] = "1 1:0.5 2:1\n2 1:1 2:-1\n1 1:2 2:0.25\n2 2:1\n";
    char text[sizeof HEAD + 512];
    make_scratch();
    snprintf(text, sizeof text, "%s, \"softmax:data=%s\"]}\n", HEAD,
             write_scratch("four.txt", DATA, strlen(DATA)));
    for (size_t threads = 1; threads <= 2; threads++) {
        static const char *const status[] = {"updates", "refused", "updates", "refused"};
        gradus_error why = {.text = ""};
        gradus_err err = race_text(text, results(), threads == 2, threads, &why);
        ck_assert_msg(!err, "%s", why.text);
        json_t *manifest = load();
        for (size_t i = 0; i < 8; i++)
            ck_assert_str_eq(text_of(run_of(manifest, i), "status"),
                             i < 4 ? status[i] : "updates");
        assert_contains(text_of(run_of(manifest, 1), "reason"),
                        "prong needs a layer view, which quadratic does not have");
        json_decref(manifest);
        must_contain("summary.csv", "refused,\"prong needs a layer view");
        must_contain("report.html", "prong needs a layer view");
        must_contain("claims.json", "A does not hold: so (final(prong, quadratic) = not a "
                                    "number > final(sgd, quadratic) = ");
        must_contain("claims.json", "; prong is refused at quadratic)");
        remove_folder(results());
    }
    snprintf(text, sizeof text, "%s, rosenbrock]}\n", HEAD);
    must_refuse(text, results(), false, 0, "study.yaml:6: prong needs a layer view");
    ck_assert(!exists(results()));
    clear_scratch();
}
END_TEST

/* Refused before anything is written.  */
START_TEST(a_mistake_leaves_no_folder) {
    make_scratch();
    const char *folder = results();
    must_refuse("study: odd\nproblem: {name: rosenbrock, dimension: 3}\n"
                "budget: {updates: 1}\nmethods:\n  - {name: sgd}\n",
                folder, false, 0, "study.yaml:2: rosenbrock");
    ck_assert(!exists(folder));
    ck_assert_int_eq(mkdir(in_scratch("deep"), 0777), 0);
    write_scratch("deep/results", "a file\n", 7);
    must_refuse(STUDY, folder, false, 0, "cannot be used as a folder");
    must_refuse(STUDY, in_scratch("deep/results/below"), false, 0, "Not a directory");
    clear_scratch();
}
END_TEST

TEST_MAIN("race", every_run_is_recorded, targets_are_met_at_the_first_row_below_them,
          resuming_runs_only_what_is_missing, folders_of_others_are_refused,
          a_folder_in_use_is_refused, a_method_may_suit_some_values,
          a_mistake_leaves_no_folder)
