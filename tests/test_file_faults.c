/* Every command that writes, with calls that change files failing one by one: it names the
   file and what the system said, leaves no partial file, and a race goes on from there to
   the same numbers.  A race killed at such a call goes on too.  With FAULTS=all every call
   is tried, else some that are spread over all.  */

#include "harness/run/trace.h"

#include "harness/scratch.h"

#include "faulty.h"

#include <glob.h>

enum { MOST_WORDS = 24, LINE = 1024, TEXT = 4096 };

/* In command lines and studies, @ is the folder whose files fail, ~ the one around it.  */
static char around[PATH_MAX], below[PATH_MAX], printed[PATH_MAX], said[PATH_MAX];

typedef struct {
    const char *line;   /* the arguments of gradus */
    const char *before; /* those of a call that makes what is needed, or NULL */
    const char *study;  /* contents of ~/s.yaml */
    size_t least;       /* calls that there must be: else the test tests nothing */
} command_t;

#define METHODS                                                                            \
    "methods:\n"                                                                           \
    "  - {name: sgd}\n"                                                                    \
    "  - {name: sgd, label: b, momentum: 0.5}\n"
static const char SMALL[] = "study: small\n"
                            "problem: {name: quadratic, dimension: 3}\n"
                            "budget: {updates: 3}\n"
                            "target: [0.5]\n"
                            "claims:\n"
                            "  - {id: a, that: it is so, check: 'last(b, train_value) < "
                            "last(sgd, train_value)'}\n" METHODS;
static const char PLANE[] = "study: plane\n"
                            "problem: {name: minima, number: 3}\n"
                            "starts: {points: 2, x: [-1, 1], y: [-1, 1]}\n"
                            "budget: {updates: 2}\n"
                            "methods: [{name: sgd}]\n";
static const char TUNED[] = "study: tuned\n"
                            "problem: {name: quadratic, dimension: 1}\n"
                            "vary: {problem.condition: [2, 3]}\n"
                            "budget: {updates: 1}\n"
                            "tuning: {untuned: no, budget: {updates: 1}}\n"
                            "methods:\n"
                            "  - {name: sgd, tune: {search: quasi-random, trials: 2}}\n";

#define RACE    "race ~/s.yaml --output @/r --quiet --checkpoint-every 1e-9"
#define ENCODER "autoencoder:data=curves,examples=4,layers=3,initialization=xavier"
static const command_t commands[] = {
    {RACE, NULL, SMALL, 100},
    {RACE " --threads 2", NULL, SMALL, 100},
    {RACE, NULL, TUNED, 100},
    {"draw ~/s.yaml --output @/r --quiet", NULL, PLANE, 50},
    {"report @/r", RACE, SMALL, 50},
    {"verdicts @/r --output @/verdicts.md", RACE, SMALL, 5},
    {"solve --problem quadratic:dimension=4 --method sgd --updates 3 --trace @/t.csv "
     "--summary @/s.json --save @/x.h5 --checkpoint @/c.h5",
     NULL, "", 20},
    {"spectrum --problem quadratic:dimension=5 --matrix hessian --values @/v.csv", NULL, "",
     4},
    {"list", NULL, "", 1},
    {"manual", NULL, "", 2},
};
enum { COMMANDS = sizeof commands / sizeof *commands, RACES = 3 };

/* How many calls lie between two that fail: COARSE of CALLS, or all with FAULTS=all.  */
static long stride(long calls, long coarse) {
    const char *given = getenv("FAULTS");
    bool all = given && strcmp(given, "all") == 0;
    return all || calls <= coarse ? 1 : calls / coarse;
}

/* ---- Running ---- */

static void put_places(char out[LINE], const char *text) {
    size_t used = 0;
    for (const char *c = text; *c; c++)
        used += (size_t)snprintf(out + used, LINE - used, "%.*s",
                                 *c == '@' || *c == '~' ? PATH_MAX : 1,
                                 *c == '@'   ? below
                                 : *c == '~' ? around
                                             : c);
    ck_assert_uint_lt(used, LINE);
}

/* gradus LINE MORE, with FAULT.  */
static int run(const char *line, const char *more, fault_t *fault) {
    char text[LINE], program[PATH_MAX], *words[MOST_WORDS] = {program};
    const char *built = getenv("builddir");
    size_t count = 1;
    snprintf(program, sizeof program, "%s/gradus", built ? built : ".");
    put_places(text, line);
    strncat(text, more, LINE - strlen(text) - 1);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    ck_assert_uint_lt(count, MOST_WORDS);
    return run_with_fault(fault, words, printed, said);
}

static void succeed(const char *line, const char *more) {
    fault_t none = {.below = below};
    int status = run(line, more, &none);
    ck_assert_msg(status == 0, "%s%s: status %x", line, more, (unsigned)status);
}

/* A folder with what COMMAND needs.  */
static void set_up(const command_t *command) {
    remove_folder(below);
    ck_assert_int_eq(mkdir(below, 0700), 0);
    write_scratch("s.yaml", command->study, strlen(command->study));
    if (command->before)
        succeed(command->before, "");
}

static void open_folders(void) {
    setenv("GNUPLOT", "/nonexistent", 1); /* drawing is slow; tests/cli/test-gnuplot.sh */
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1); /* it cannot work in a traced process */
    make_scratch();
    ck_assert_ptr_nonnull(realpath(scratch, around));
    snprintf(below, sizeof below, "%.4000s/below", around);
    snprintf(printed, sizeof printed, "%.4000s/below/printed", around);
    snprintf(said, sizeof said, "%.4000s/said", around);
}

/* ---- What is expected ---- */

static int is_partial(const char *path, const struct stat *info, int flag,
                      struct FTW *where) {
    (void)info, (void)flag, (void)where;
    return strstr(path, ".part") != NULL;
}

static void read_said(char text[TEXT]) {
    FILE *file = fopen(said, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, TEXT - 1, file)] = '\0';
    fclose(file);
}

/* The name that a sentence has for the file of the call that failed.  */
static const char *name_of(const fault_t *fault) {
    static char name[PATH_MAX];
    strcpy(name, fault->failed);
    if (strcmp(name, printed) == 0)
        return "standard output";
    if (has_ending(name, ".part"))
        name[strlen(name) - strlen(".part")] = '\0';
    return name;
}

/* The close of a file from which nothing more was wanted: what tries whether parameters can
   be written, and a child's standard output.  */
static bool is_idle(const fault_t *fault) {
    return strcmp(fault->call, "close") == 0 &&
           (strcmp(fault->failed, printed) == 0 || has_ending(fault->failed, ".h5.part"));
}

static bool removes(const fault_t *fault) {
    return strncmp(fault->call, "unlink", 6) == 0 || strcmp(fault->call, "rmdir") == 0;
}

static void expect_told(const command_t *command, const fault_t *fault, int status) {
    char text[TEXT];
    read_said(text);
    if ((removes(fault) || is_idle(fault)) && status == 0) /* nothing is lost */
        return;
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 3,
                  "%s: call %ld, %s of %s: status %x: %s", command->line, fault->at,
                  fault->call, fault->failed, (unsigned)status, text);
    ck_assert_msg(strncmp(text, "gradus: ", 8) == 0 &&
                      strchr(text, '\n') == text + strlen(text) - 1 &&
                      strstr(text, name_of(fault)) && strstr(text, strerror(fault->error)),
                  "%s: call %ld, %s of %s: %s", command->line, fault->at, fault->call,
                  fault->failed, text);
}

static void expect_no_partial(const command_t *command, const fault_t *fault) {
    ck_assert_msg(fault->in_place[0] == '\0', "%s: call %ld: %s is written in place",
                  command->line, fault->at, fault->in_place);
    ck_assert_msg(removes(fault) || nftw(below, is_partial, 16, FTW_PHYS) <= 0,
                  "%s: call %ld, %s of %s: a partial file is left", command->line,
                  fault->at, fault->call, fault->failed);
}

/* Of all the tables of a race, times left out.  */
static unsigned long sum_of_results(size_t *files) {
    static const char *const patterns[] = {"r/traces/*.csv", "r/tuning/traces/*.csv",
                                           "r/claims.json"};
    unsigned long sum = 0;
    *files = 0;
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        char pattern[PATH_MAX];
        glob_t found;
        snprintf(pattern, sizeof pattern, "%.4000s/%s", below, patterns[p]);
        if (glob(pattern, 0, NULL, &found) != 0)
            continue;
        for (size_t i = 0; i < found.gl_pathc; i++) {
            unsigned long one;
            ck_assert_int_eq(gradus_trace_checksum(found.gl_pathv[i], &one, NULL),
                             GRADUS_OK);
            sum = sum * 31 + one;
        }
        *files += found.gl_pathc;
        globfree(&found);
    }
    return sum;
}

static void expect_same(const command_t *command, const fault_t *fault, unsigned long sum,
                        size_t files) {
    size_t found;
    unsigned long now = sum_of_results(&found);
    ck_assert_msg(found == files && now == sum,
                  "%s: after call %ld, %s of %s: other numbers", command->line, fault->at,
                  fault->call, fault->failed);
    char left[PATH_MAX];
    snprintf(left, sizeof left, "%.4000s/r/checkpoints", below);
    ck_assert_msg(access(left, F_OK) != 0,
                  "%s: after call %ld, %s of %s: checkpoints are left", command->line,
                  fault->at, fault->call, fault->failed);
}

/* The number of calls of COMMAND, which is run without a fault; 0 where nothing can be
   traced.  */
static long count_calls(const command_t *command) {
    fault_t none = {.below = below};
    set_up(command);
    int status = run(command->line, "", &none);
    if (WIFEXITED(status) && WEXITSTATUS(status) == UNTRACEABLE)
        return 0;
    ck_assert_msg(status == 0, "%s: status %x", command->line, (unsigned)status);
    ck_assert_uint_ge((size_t)none.calls, command->least);
    return none.calls;
}

/* ---- Tests ---- */

START_TEST(every_failing_call_is_told) {
    const command_t *command = &commands[_i];
    open_folders();
    size_t files;
    long calls = count_calls(command);
    unsigned long sum = sum_of_results(&files);
    const long step = stride(calls, 12);
    long spoilt = 0;
    for (long k = 0; k < calls; k += step) {
        fault_t fault = {.below = below, .at = k, .error = k / step % 2 ? EIO : ENOSPC};
        set_up(command);
        int status = run(command->line, "", &fault);
        if (!fault.call) /* runs side by side take turns as they come */
            continue;
        spoilt++;
        expect_told(command, &fault, status);
        expect_no_partial(command, &fault);
        if (_i < RACES) {
            succeed(command->line, " --resume");
            expect_same(command, &fault, sum, files);
        }
    }
    ck_assert_int_gt(spoilt, 0);
    fprintf(stderr, "%s: %ld of %ld calls failed\n", command->line, spoilt, calls);
    clear_scratch();
}
END_TEST

/* A call that is interrupted, or writes a part, is made once more: nothing is lost.  */
START_TEST(every_short_write_is_made_good) {
    const command_t *command = &commands[0];
    open_folders();
    size_t files;
    long calls = count_calls(command);
    unsigned long sum = sum_of_results(&files);
    const long step = stride(calls, 12);
    for (long k = 0; k < calls; k += step) {
        bool odd = k / step % 2 != 0;
        fault_t fault = {.below = below, .at = k, .error = odd ? FAULT_SHORT : EINTR};
        set_up(command);
        ck_assert_int_eq(run(command->line, "", &fault), 0);
        expect_no_partial(command, &fault);
        expect_same(command, &fault, sum, files);
    }
    clear_scratch();
}
END_TEST

/* Twice: the race that goes on is killed as well.  */
START_TEST(killed_at_every_call_it_goes_on) {
    const command_t *command = &commands[_i];
    open_folders();
    size_t files;
    long calls = count_calls(command);
    unsigned long sum = sum_of_results(&files);
    for (long k = 0, step = stride(calls, 12); k < calls; k += step) {
        fault_t fault = {.below = below, .at = k, .error = FAULT_KILL};
        set_up(command);
        run(command->line, "", &fault);
        fault.at = k * 7 % calls;
        run(command->line, " --resume", &fault);
        succeed(command->line, " --resume");
        expect_same(command, &fault, sum, files);
        ck_assert_msg(nftw(below, is_partial, 16, FTW_PHYS) <= 0,
                      "killed at call %ld: a partial file is left", k);
    }
    clear_scratch();
}
END_TEST

/* FAULTS=all takes minutes.  CK_RUN_CASE=killed runs one case alone.  */
static TCase *add_case(Suite *suite, const char *name) {
    TCase *tests = tcase_create(name);
    tcase_set_timeout(tests, 0);
    suite_add_tcase(suite, tests);
    return tests;
}

int main(void) {
    Suite *suite = suite_create("file_faults");
    tcase_add_loop_test(add_case(suite, "failing"), every_failing_call_is_told, 0,
                        COMMANDS);
    tcase_add_test(add_case(suite, "short"), every_short_write_is_made_good);
    tcase_add_loop_test(add_case(suite, "killed"), killed_at_every_call_it_goes_on, 0, 2);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
