/* Which kernels the environment leaves.  The choice is made once a process, so every case has a
   process of its own.  */

#include "linalg/processor.h"

#include "../support.h"
#include "linalg/maps.h"
#include "linalg/rows.h"
#include "linalg/tile.h"

#include <sys/wait.h>
#include <unistd.h>

/* With GRADUS_VECTORS=WORD (NULL: unset), in a child, which says by its exit status whether
   CHECK holds.  */
static void check_with(const char *word, bool (*check)(const char *word)) {
    int status;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        int failed = word ? setenv(GRADUS_VECTORS, word, 1) : unsetenv(GRADUS_VECTORS);
        _exit(failed == 0 && check(word) ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "not so with %s",
                  word ? word : "nothing");
}

static size_t rank_of(const char *level) {
    static const char *const names[] = {"avx512", "avx2", "generic"};
    size_t i = 0;
    while (i < 3 && strcmp(names[i], level) != 0)
        i++;
    return i;
}

/* The fastest of the maps, rows and tiles are all of the level that is said to be used.  */
static bool agree(void) {
    const char *level = gradus_vectors();
    return strcmp(gradus_maps_for(0)->name, level) == 0 &&
           strstr(gradus_row_kernels_for(GRADUS_ENTRY_DOUBLE, 0)->name, level) &&
           strcmp(gradus_tile_level_for(0)->name,
                  strcmp(level, "generic") == 0 ? "dgemm" : level) == 0;
}

/* At most what was asked for; it need not be there.  */
static bool is_at_most(const char *word) {
    gradus_error why;
    size_t used = rank_of(gradus_vectors());
    return used < 3 && used >= rank_of(word) && agree() &&
           gradus_vectors_check(&why) == GRADUS_OK;
}

static bool is_generic(const char *word) {
    return is_at_most(word) && strcmp(gradus_vectors(), "generic") == 0;
}

static bool is_best(const char *word) {
    gradus_error why;
    (void)word;
#if defined __x86_64__
    size_t best = __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512bw")
                      ? 0
                  : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 1
                                                                                    : 2;
#else
    size_t best = 2;
#endif
    return rank_of(gradus_vectors()) == best && agree() &&
           gradus_vectors_check(&why) == GRADUS_OK;
}

static bool is_refused(const char *word) {
    gradus_error why;
    gradus_problem *problem;
    return gradus_problem_create(&problem, "quadratic", 1, &why) == GRADUS_EINPUT &&
           !problem && strstr(why.text, word) && strstr(why.text, GRADUS_VECTORS) &&
           strstr(why.text, "generic, avx2 or avx512");
}

START_TEST(the_environment_chooses) {
    check_with("generic", is_generic);
    check_with("avx2", is_at_most);
    check_with("avx512", is_at_most);
    check_with("avx512", is_best);
    check_with(NULL, is_best);
    check_with("", is_best);
}
END_TEST

START_TEST(other_words_are_refused) {
    check_with("avx", is_refused);
    check_with("AVX2", is_refused);
    check_with("avx512 ", is_refused);
}
END_TEST

TEST_MAIN("processor", the_environment_chooses, other_words_are_refused)
