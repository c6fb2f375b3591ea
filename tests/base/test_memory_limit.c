/* What control groups, limits of the process and blocks that were not touched leave.  */

#include "base/memory_limit.h"

#include "../support.h"
#include "base/memory.h"
#include "gradus.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[4096];

/* Writes TEXT to FOLDER/GROUP/NAME and makes the folders on the way.  */
static void put(const char *group, const char *name, const char *text) {
    char path[8192];
    snprintf(path, sizeof path, "%s%s/%s", folder, group, name);
    for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

static void begin(void) {
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/gradus-groups-XXXXXX", base && *base ? base : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void end(void) {
    char command[8192];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

/* Version 2: every ancestor binds, page cache can be given up, the soft limit counts.  */
START_TEST(groups_of_version_2) {
    begin();
    put("/user/job", "memory.max", "max\n");
    put("/user/job", "memory.current", "500\n");
    put("/user", "memory.max", "1000\n");
    put("/user", "memory.current", "900\n");
    ck_assert_uint_eq(gradus_memory_in_groups(folder, "0::/user/job\n"), 100);
    put("/user", "memory.stat", "anon 300\ninactive_file 250\nactive_file 150\n");
    ck_assert_uint_eq(gradus_memory_in_groups(folder, "0::/user/job\n"), 500);
    put("/user/job", "memory.high", "700\n");
    ck_assert_uint_eq(gradus_memory_in_groups(folder, "0::/user/job\n"), 200);
    put("/user/job", "memory.current", "701\n"); /* over its limit: nothing is left */
    ck_assert_uint_eq(gradus_memory_in_groups(folder, "0::/user/job\n"), 0);
    put("/unified/other", "memory.max", "64\n"); /* beside version 1 */
    put("/unified/other", "memory.current", "60\n");
    ck_assert_uint_eq(gradus_memory_in_groups(folder, "0::/other"), 4);
    end();
}
END_TEST

START_TEST(groups_of_version_1) {
    static const char groups[] = "5:cpu,cpuacct:/a\n4:hugetlb,memory:/box/in:side\n0::/\n";
    begin();
    put("/memory/box/in:side", "memory.limit_in_bytes", "9223372036854771712\n");
    put("/memory/box/in:side", "memory.usage_in_bytes", "10\n");
    ck_assert_uint_eq(gradus_memory_in_groups(folder, groups), 9223372036854771702u);
    put("/memory", "memory.limit_in_bytes", "4096\n"); /* what a container sees */
    put("/memory", "memory.usage_in_bytes", "4000\n");
    put("/memory", "memory.stat", "inactive_file 1\ntotal_inactive_file 30\n");
    ck_assert_uint_eq(gradus_memory_in_groups(folder, groups), 126);
    ck_assert_uint_eq(gradus_memory_in_groups(folder, "4:memory:/gone/away\n"), 126);
    ck_assert_uint_eq(gradus_memory_in_groups(folder, "4:memory_not:/box\n"), UINT64_MAX);
    end();
}
END_TEST

START_TEST(odd_groups_limit_nothing) {
    static const char *const odd[] = {"", "\n", "::", "0:", "0::", "x", "4:memory:", ":::\n"};
    begin();
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        ck_assert_uint_eq(gradus_memory_in_groups(folder, odd[i]), UINT64_MAX);
    end();
}
END_TEST

/* A block that is there but untouched is not available a second time: the process may take
   most of what there is once only, though the system would promise it often.  */
START_TEST(untouched_blocks_count) {
    uint64_t all = gradus_memory_available();
    if (all == UINT64_MAX || all < ((uint64_t)1 << 30))
        return;
    char *first = gradus_allocate(1, (size_t)(all / 4 * 3));
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(gradus_allocate(1, (size_t)(all / 4 * 3)));
    gradus_free(first);
    first = gradus_allocate(1, (size_t)(all / 4 * 3));
    ck_assert_ptr_nonnull(first);
    gradus_free(first);
}
END_TEST

/* The address sanitizer maps terabytes for itself, which no limit on the process can bound.  */
#if defined __SANITIZE_ADDRESS__
#define IS_BOUNDED 0
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_BOUNDED 0
#endif
#endif
#ifndef IS_BOUNDED
#define IS_BOUNDED 1
#endif

/* In a child, since the limit cannot be raised again.  */
START_TEST(limits_of_the_process) {
    static const struct {
        const char *problem, *method, *says;
    } cases[] = {
        {"quadratic:dimension=1000000000", "lbfgs", "quadratic: dimension=1000000000: out of "
                                                    "memory (22.4 GiB asked for, "},
        {"rosenbrock:dimension=1000000000", "lbfgs",
         "lbfgs on rosenbrock: out of memory (44.7 GiB asked for, "},
        {"rosenbrock:dimension=4000000", "lbfgs:memory=1000", "out of memory (29.8 GiB"},
        {"softmax:data=random:examples=1000000000:features=1000", "lbfgs",
         "out of memory for 1000000000 examples of 1000 features (10.9 TiB asked for, "}};
    for (size_t i = 0; IS_BOUNDED && i < sizeof cases / sizeof *cases; i++) {
        pid_t child = fork();
        if (child == 0) {
            struct rlimit limit = {(rlim_t)4 << 30, (rlim_t)4 << 30};
            gradus_error why = {0};
            gradus_problem *problem = NULL;
            gradus_method *method = NULL;
            gradus_run *run = NULL;
            setrlimit(RLIMIT_AS, &limit);
            gradus_err err = gradus_problem_create(&problem, cases[i].problem, 1, &why);
            if (!err)
                err = gradus_method_create(&method, cases[i].method, &why);
            if (!err)
                err = gradus_run_open(&run, problem, method, NULL, "", &why);
            printf("%s\n", why.text);
            fflush(stdout);
            _exit(err == GRADUS_ENOMEM && strstr(why.text, cases[i].says) &&
                          strstr(why.text, " GiB available)")
                      ? 0
                      : 1);
        }
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s",
                      cases[i].problem);
    }
}
END_TEST

/* The amount goes into one sentence, not into the next.  */
START_TEST(sentences_name_the_amount) {
    gradus_error why;
    ck_assert_ptr_null(gradus_allocate(SIZE_MAX / 16, 8));
    ck_assert_ptr_null(gradus_allocate(SIZE_MAX, 8));
    gradus_fail(&why, GRADUS_EINPUT, "something else");
    ck_assert_str_eq(why.text, "something else");
    gradus_fail(&why, GRADUS_ENOMEM, "x: out of memory");
    assert_contains(why.text, "x: out of memory (128 EiB asked for, ");
    gradus_fail(&why, GRADUS_ENOMEM, "x: out of memory");
    ck_assert_str_eq(why.text, "x: out of memory");
}
END_TEST

TEST_MAIN("memory_limit", groups_of_version_2, groups_of_version_1,
          odd_groups_limit_nothing, untouched_blocks_count, limits_of_the_process,
          sentences_name_the_amount)
