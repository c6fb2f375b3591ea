/* After fork() the child goes on with one thread, and with the same bits: with a problem of
   its own and with one that was open before, whatever the parent's threads have done.  */

#include "../function.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LARGE = 200000,
    SMALL = 40,
    SECONDS = 120
}; /* the patience with a child that hangs */

static double shared_start[LARGE];

static int bowl(void *context, size_t n, const double x[], double *value, double g[]) {
    (void)context;
    *value = 0.0;
    for (size_t i = 0; i < n; i++) {
        double a = x[i] - noise(i);
        *value += a * a * (1.0 + (double)(i % 7));
        g[i] = 2.0 * a * (1.0 + (double)(i % 7));
    }
    return 0;
}

static double minimize(size_t threads) {
    static double x[LARGE];
    const gradus_function f = {.dimension = LARGE, .evaluate = bowl, .threads = threads};
    gradus_minimum found;
    memcpy(x, shared_start, sizeof x);
    gradus_minimize(&f, x, "lbfgs", "updates=6", &found);
    return found.error ? NAN : found.value;
}

/* Exit status 0 of a child that finds what EXPECTED says with THREADS.  */
static void check_child(double expected, size_t threads) {
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        _exit(same_bits(minimize(threads), expected) ? 0 : 1);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "the child hangs with %zu threads", threads);
    ck_assert_int_eq(WEXITSTATUS(status), 0);
}

START_TEST(a_child_minimizes) {
    double expected = minimize(2);
    ck_assert(isfinite(expected));
    for (size_t threads = 1; threads <= 3; threads++)
        check_child(expected, threads);
    ck_assert(same_bits(minimize(2), expected)); /* the parent as before */
}
END_TEST

/* The child of a child, too.  */
START_TEST(a_grandchild_minimizes) {
    double expected = minimize(2);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        if (!same_bits(minimize(2), expected))
            _exit(1);
        check_child(expected, 2);
        _exit(0);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

static void *work(void *context) {
    *(double *)context = minimize(2);
    return NULL;
}

/* Parents that are not the first thread, and children that begin threads.  */
START_TEST(other_threads) {
    double expected = minimize(2), found = NAN;
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        alarm(SECONDS);
        if (pthread_create(&thread, NULL, work, &found) != 0)
            _exit(2);
        pthread_join(thread, NULL);
        _exit(same_bits(found, expected) ? 0 : 1);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

/* A run on a problem that was opened, and used, before.  */
START_TEST(a_problem_opened_before) {
    gradus_problem *problem;
    gradus_error why = {0};
    ck_assert_msg(
        !gradus_problem_create(&problem, "autoencoder:data=curves,layers=30-6", 2, &why),
        "%s", why.text);
    trial_t trial = trial_open(problem, "adam", "batch=200,seed=2");
    for (int i = 0; i < 3; i++)
        trial_step(&trial);
    pid_t child = fork();
    for (int i = 0; i < 3; i++) {
        if (child == 0)
            alarm(SECONDS);
        trial_step(&trial);
    }
    size_t n = gradus_problem_dimension(problem);
    const double *x = gradus_run_parameters(trial.run);
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * noise(i);
    if (child == 0)
        _exit((int)((uint64_t)fabs(sum * 1e9) % 251));
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "the child hangs");
    ck_assert_int_eq(WEXITSTATUS(status), (int)((uint64_t)fabs(sum * 1e9) % 251));
    trial_close(&trial);
}
END_TEST

TEST_MAIN("fork", a_child_minimizes, a_grandchild_minimizes, other_threads,
          a_problem_opened_before)
