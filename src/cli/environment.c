/* Two libraries read the environment once, while they are loaded, so what they should read
   must be there before the program begins: it sets the variables and executes itself.

   OMP_WAIT_POLICY: OpenMP threads that wait for work spin, and the process clock charges
   their spinning to the method.  A user's own choice is left alone.

   OPENBLAS_NUM_THREADS: OpenBLAS starts a thread for every core, which spins at first too,
   although Gradus only ever uses one.  */

#include "cli/environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void gradus_environment_prepare(size_t threads, char *arguments[]) {
    const char *blas = getenv("OPENBLAS_NUM_THREADS");
    bool blas_ready = blas && strcmp(blas, "1") == 0;
    bool waits_quietly = threads == 1 || getenv("OMP_WAIT_POLICY");
    if (blas_ready && waits_quietly)
        return;
    if (setenv("OPENBLAS_NUM_THREADS", "1", 1) != 0 ||
        (!waits_quietly && setenv("OMP_WAIT_POLICY", "passive", 1) != 0))
        return;
    /* Where there is no /proc this fails, and the run is right but its CPU time high.  */
    execv("/proc/self/exe", arguments);
}
