/* OpenBLAS on one thread, verified at run time.  */

#include "linalg/blas.h"

#include <cblas.h>

gradus_err gradus_blas_single_thread(gradus_error *why) {
    int threads;
    /* Two threads may open problems at once, and the count is the process's.  */
#pragma omp critical(gradus_blas)
    {
        if (openblas_get_num_threads() != 1)
            openblas_set_num_threads(1);
        threads = openblas_get_num_threads();
    }
    if (threads != 1)
        return gradus_fail(why, GRADUS_EUNSUPPORTED,
                           "OpenBLAS runs %d threads and cannot be set to one; set "
                           "OPENBLAS_NUM_THREADS=1",
                           threads);
    return GRADUS_OK;
}

const char *gradus_blas_configuration(void) { return openblas_get_config(); }

const char *gradus_blas_core(void) { return openblas_get_corename(); }

int gradus_blas_threads(void) { return openblas_get_num_threads(); }
