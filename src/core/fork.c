/* One thread after fork().  Whether a thread has led a team OpenMP does not tell, which is why
   this file has variables of its own: of the thread, and of the process that the handler is
   there.  */

#include "core/fork.h"

#include <omp.h>
#include <pthread.h>
#include <stdbool.h>

static _Thread_local bool leads;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* In the child, in the thread that forked.  With no active level every region runs on the
   thread that meets it, whatever number it asks for (OpenMP 5.0, 2.6.1).  */
static void be_alone(void) {
    if (leads)
        omp_set_max_active_levels(0);
}

static void set_handler(void) { pthread_atfork(NULL, NULL, be_alone); }

void gradus_fork_expect(size_t threads) {
    if (threads < 2 || leads)
        return;
    leads = true;
    pthread_once(&once, set_handler);
}
