/* Processes for jobs, and waiting for them.  What a job says when it fails comes back through
   memory that it shares with its parent.  */

#include "harness/race/side_by_side.h"

#include "base/memory.h"
#include "harness/run/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct timespec between = {.tv_nsec = 1000000}; /* two looks at the jobs */

typedef struct {
    pid_t process; /* 0: this place is free */
    size_t job;
} place_t;

typedef struct {
    const gradus_jobs *jobs;
    gradus_error *why;
    place_t *place;
    gradus_error *said; /* of every place, shared */
    size_t busy;
    bool told; /* they have been asked to end */
    gradus_err err;
} yard_t;

/* The first failure is the one that is told.  */
static void fail(yard_t *y, const gradus_error *reason) {
    if (y->err == GRADUS_OK)
        y->err = gradus_fail(y->why, reason->code, "%s", reason->text);
}

static void tell_all(yard_t *y) {
    for (size_t i = 0; i < y->jobs->at_once && !y->told; i++)
        if (y->place[i].process)
            kill(y->place[i].process, SIGTERM);
    y->told = true;
}

static void take_back(yard_t *y, size_t i, int status) {
    size_t job = y->place[i].job;
    y->place[i].process = 0;
    y->busy--;
    if (WIFEXITED(status) && y->said[i].code == GRADUS_OK &&
        WEXITSTATUS(status) == GRADUS_OK)
        y->jobs->done(y->jobs->context, job);
    else if (y->said[i].code != GRADUS_OK)
        fail(y, &y->said[i]);
    else if (y->err == GRADUS_OK)
        y->err =
            gradus_fail(y->why, GRADUS_EIO, "run %zu ended unexpectedly, %s %d", job + 1,
                        WIFSIGNALED(status) ? "by signal" : "with exit status",
                        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* Until fewer than BUSY jobs are at work.  */
static void wait_for_place(yard_t *y, size_t busy) {
    while (y->busy >= busy && y->busy > 0) {
        for (size_t i = 0; i < y->jobs->at_once; i++) {
            int status;
            if (y->place[i].process &&
                waitpid(y->place[i].process, &status, WNOHANG) == y->place[i].process)
                take_back(y, i, status);
        }
        if (gradus_interrupted() || y->err != GRADUS_OK)
            tell_all(y);
        if (y->busy >= busy && y->busy > 0)
            nanosleep(&between, NULL);
    }
}

/* Never returns.  */
static void be_job(const yard_t *y, size_t i, size_t job, pid_t parent) {
    gradus_error *said = &y->said[i], reason = {.text = ""};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it was over before that was said */
        _exit(GRADUS_EIO);
    gradus_err err = y->jobs->act(y->jobs->context, job, &reason);
    if (err)
        reason.code = err;
    *said = reason;
    _exit(err ? 1 : 0); /* nothing of the parent's is flushed or closed */
}

static void begin(yard_t *y, size_t job) {
    gradus_error reason;
    size_t i = 0;
    while (y->place[i].process)
        i++;
    gradus_err err = y->jobs->prepare(y->jobs->context, job, &reason);
    if (err) {
        reason.code = err;
        fail(y, &reason);
        return;
    }
    y->said[i] = (gradus_error){0};
    pid_t parent = getpid(), process = fork();
    if (process == 0)
        be_job(y, i, job, parent);
    if (process < 0) {
        y->err =
            gradus_fail(y->why, GRADUS_ENOMEM, "no process for a run: %s", strerror(errno));
        return;
    }
    y->place[i] = (place_t){process, job};
    y->busy++;
}

gradus_err gradus_side_by_side(const gradus_jobs *jobs, gradus_error *why) {
    size_t size = jobs->at_once * sizeof(gradus_error);
    yard_t y = {.jobs = jobs, .why = why, .place = GRADUS_NEW(jobs->at_once, place_t)};
    void *shared =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!y.place || shared == MAP_FAILED)
        y.err = gradus_fail(why, GRADUS_ENOMEM, "out of memory for runs side by side");
    y.said = shared;
    size_t job;
    gradus_interrupt_watch(NULL); /* before there is a process to be told */
    void (*ignored)(int) =
        signal(SIGCHLD, SIG_DFL); /* or there would be nothing to wait for */
    while (!y.err && !gradus_interrupted() && jobs->next(jobs->context, &job)) {
        begin(&y, job);
        wait_for_place(&y, jobs->at_once);
    }
    wait_for_place(&y, 1);
    signal(SIGCHLD, ignored);
    if (shared != MAP_FAILED)
        munmap(shared, size);
    gradus_free(y.place);
    return y.err;
}

double gradus_jobs_seconds(void) {
    const double micro = 1e-6;
    struct rusage spent;
    if (getrusage(RUSAGE_CHILDREN, &spent) != 0)
        return 0;
    return (double)(spent.ru_utime.tv_sec + spent.ru_stime.tv_sec) +
           micro * (double)(spent.ru_utime.tv_usec + spent.ru_stime.tv_usec);
}
