/* Signals.  The handler has no argument for a context, which is why this file, and no
   other, has variables of its own.

   A signal that comes right after the first is the same one: timeout(1) and terminals send
   it to a process and to its group, of which the process is one.  */

#include "harness/run/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

enum { AT_ONCE = 100000000 }; /* nanoseconds: no hand is as quick */

static gradus_run *volatile watched;
static volatile sig_atomic_t came;
static struct timespec first; /* when it came; for the handler alone */

static const int signals[] = {SIGINT, SIGTERM};
enum { SIGNALS = sizeof signals / sizeof *signals };

static bool is_the_same(struct timespec now) {
    long long seconds = now.tv_sec - first.tv_sec;
    return seconds * 1000000000 + now.tv_nsec - first.tv_nsec < AT_ONCE;
}

static void on_signal(int number) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (came && is_the_same(now))
        return;
    if (came) {
        signal(number, SIG_DFL);
        raise(number); /* delivered when the handler returns */
        return;
    }
    first = now;
    came = 1;
    gradus_run *run = watched;
    if (run)
        gradus_run_interrupt(run);
}

void gradus_interrupt_watch(gradus_run *run) {
    watched = run;
    if (came) { /* it may have come while nothing was watched */
        if (run)
            gradus_run_interrupt(run);
        return;
    }
    sigset_t both; /* the handler is not interrupted by itself */
    sigemptyset(&both);
    for (size_t i = 0; i < SIGNALS; i++)
        sigaddset(&both, signals[i]);
    for (size_t i = 0; i < SIGNALS; i++) {
        struct sigaction now;
        if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            sigaction(signals[i],
                      &(struct sigaction){
                          .sa_handler = on_signal, .sa_flags = SA_RESTART, .sa_mask = both},
                      NULL);
    }
}

bool gradus_interrupted(void) { return came != 0; }
