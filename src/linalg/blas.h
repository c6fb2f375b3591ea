/* The thread policy of OpenBLAS: one thread, and verified.  */

#ifndef GRADUS_LINALG_BLAS_H
#define GRADUS_LINALG_BLAS_H

#include "gradus.h"

/* Sets OpenBLAS to one thread and asks it back.  Parallelism is ours: OpenBLAS's own
   depends on the number of threads, and its idle workers spin on the CPU clock.  */
gradus_err gradus_blas_single_thread(gradus_error *why);

/* What OpenBLAS says about itself, for the record.  */
const char *gradus_blas_configuration(void);
const char *gradus_blas_core(void); /* the processor its kernels are for */
int gradus_blas_threads(void);

#endif
