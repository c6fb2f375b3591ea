/* Every command with every allocation failing once: it says so, leaks nothing and leaves no
   file.  */

#include "cli/command.h"
#include "cli/options.h"
#include "harness/scratch.h"

#include "scarce.h"

enum { MOST_WORDS = 16, LINE = 1024 };

/* Command lines; @ is the scratch folder. */
static const char *const lines[] = {
    "list",
    "describe sgd",
    "describe rosenbrock",
    "manual",
    "manual --format man",
    "manual --format bash",
    "check --problem rosenbrock:dimension=4",
    "spectrum --problem quadratic:dimension=5 --matrix hessian",
    "evaluate --problem rosenbrock:dimension=4 --at zero",
    ("solve --problem rosenbrock:dimension=4 --method sgd --updates 3 --quiet "
     "--trace @/t.csv --summary @/s.json --save @/x.h5"),
};

static gradus_err obey(const char *line, gradus_error *why) {
    char text[LINE], *words[MOST_WORDS] = {NULL};
    size_t count = 0, used = 0;
    for (const char *c = line; *c; c++)
        used += (size_t)snprintf(text + used, sizeof text - used, *c == '@' ? "%s" : "%.1s",
                                 *c == '@' ? scratch : c);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    gradus_exit status = GRADUS_EXIT_DONE;
    const gradus_command *command = gradus_command_find(words[0], why);
    ck_assert_ptr_nonnull(command);
    gradus_call call;
    gradus_err err = gradus_call_open(&call, command, words + 1, why);
    if (!err)
        err = command->act(&call, &status, why);
    gradus_call_close(&call);
    return err;
}

static int files, partial_files;
static int count_file(const char *path, const struct stat *info, int flag,
                      struct FTW *where) {
    (void)info, (void)where;
    files += flag == FTW_F;
    partial_files += strstr(path, ".part") != NULL;
    return 0;
}

/* What there is in the scratch folder.  */
static void count_files(void) {
    files = partial_files = 0;
    nftw(scratch, count_file, 16, FTW_PHYS);
}

START_TEST(every_failing_allocation_is_met) {
    const char *line = lines[_i];
    gradus_err err = GRADUS_ENOMEM;
    long k;
    make_scratch();
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stdout)); /* this process's only */
    for (k = 0; err; k++) {
        gradus_error why = {.text = ""};
        budget = k;
        live = 0;
        err = obey(line, &why);
        ck_assert_msg(live == 0, "%s: %ld blocks leak when allocation %ld fails", line,
                      live, k);
        if (!err)
            break;
        ck_assert_msg(err == GRADUS_ENOMEM, "%s: allocation %ld: error %d: %s", line, k,
                      err, why.text);
        assert_sentence(why.text);
        /* A complete file may stay: the parameters are saved before the summary.  */
        count_files();
        ck_assert_msg(partial_files == 0, "%s: allocation %ld leaves a partial file", line,
                      k);
        remove_folder(scratch);
        ck_assert_int_eq(mkdir(scratch, 0700), 0);
    }
    fprintf(stderr, "%s: %ld allocations, each failed once\n", line, k);
    count_files();
    ck_assert_int_eq(files, strchr(line, '@') ? 3 : 0);
    clear_scratch();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("command_oom");
    TCase *tests = tcase_create("memory");
    SRunner *runner = srunner_create(suite);
    tcase_add_loop_test(tests, every_failing_allocation_is_met, 0,
                        sizeof lines / sizeof *lines);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
