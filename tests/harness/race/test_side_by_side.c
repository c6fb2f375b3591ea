/* Jobs in processes of their own: each is done once, and how one ends that is not is said.  */

#include "../../support.h"
#include "harness/race/side_by_side.h"

#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

enum { JOBS = 7, BAD = 4 }; /* the fifth */

typedef enum { NOTHING, REFUSES, FAILS, IS_KILLED, EXITS } fault_t;

typedef struct {
    size_t begun, done[JOBS];
    fault_t fault;
    pid_t here;
} work_t;

static bool next(void *context, size_t *job) {
    work_t *w = context;
    *job = w->begun;
    return w->begun++ < JOBS;
}

static gradus_err prepare(void *context, size_t job, gradus_error *why) {
    const work_t *w = context;
    ck_assert_int_eq(getpid(), w->here);
    return w->fault == REFUSES && job == BAD
               ? gradus_fail(why, GRADUS_EINPUT, "there is no fifth")
               : GRADUS_OK;
}

static gradus_err act(void *context, size_t job, gradus_error *why) {
    work_t *w = context;
    w->done[job] += 100; /* of a copy */
    if (getpid() == w->here)
        return gradus_fail(why, GRADUS_EINPUT, "in the caller's process");
    if (job != BAD)
        return GRADUS_OK;
    if (w->fault == IS_KILLED)
        kill(getpid(), SIGKILL);
    if (w->fault == EXITS)
        _exit(3);
    return w->fault == FAILS ? gradus_fail(why, GRADUS_EIO, "the fifth has failed")
                             : GRADUS_OK;
}

static void done(void *context, size_t job) { ((work_t *)context)->done[job]++; }

static gradus_err go(work_t *w, fault_t fault, size_t at_once, gradus_error *why) {
    *w = (work_t){.fault = fault, .here = getpid()};
    signal(SIGTERM, SIG_DFL); /* Check's handler would end the whole group with a job */
    const gradus_jobs jobs = {.context = w,
                              .at_once = at_once,
                              .next = next,
                              .prepare = prepare,
                              .act = act,
                              .done = done};
    return gradus_side_by_side(&jobs, why);
}

START_TEST(each_is_done_once) {
    for (size_t at_once = 1; at_once <= JOBS + 1; at_once += 3) {
        work_t w;
        gradus_error why;
        assert_ok(go(&w, NOTHING, at_once, &why));
        for (size_t i = 0; i < JOBS; i++)
            ck_assert_uint_eq(w.done[i], 1);
    }
}
END_TEST

START_TEST(what_went_wrong_is_said) {
    static const struct {
        fault_t fault;
        gradus_err err;
        const char *text;
    } cases[] = {{REFUSES, GRADUS_EINPUT, "there is no fifth"},
                 {FAILS, GRADUS_EIO, "the fifth has failed"},
                 {IS_KILLED, GRADUS_EIO, "run 5 ended unexpectedly, by signal 9"},
                 {EXITS, GRADUS_EIO, "run 5 ended unexpectedly, with exit status 3"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t at_once = 1; at_once <= 3; at_once++) {
            work_t w;
            gradus_error why = {.text = ""};
            ck_assert_int_eq(go(&w, cases[i].fault, at_once, &why), cases[i].err);
            ck_assert_str_eq(why.text, cases[i].text);
            ck_assert_uint_eq(w.done[BAD], 0);
        }
}
END_TEST

TEST_MAIN("side_by_side", each_is_done_once, what_went_wrong_is_said)
