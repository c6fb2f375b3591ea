/* Signals.  The handler has no argument for a context, which is why this file, and no
   other, has variables of its own.  */

#include "harness/interrupt.h"

#include <signal.h>
#include <stddef.h>

static gradus_run *volatile watched;
static volatile sig_atomic_t came;

static const int signals[] = {SIGINT, SIGTERM};
enum { SIGNALS = sizeof signals / sizeof *signals };

static void on_signal(int number) {
    (void)number;
    for (size_t i = 0; i < SIGNALS; i++)
        signal(signals[i], SIG_DFL);
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
    for (size_t i = 0; i < SIGNALS; i++) {
        struct sigaction now;
        if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            sigaction(signals[i],
                      &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_RESTART},
                      NULL);
    }
}

bool gradus_interrupted(void) { return came != 0; }
