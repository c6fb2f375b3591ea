/* Where a result comes from: what was bound, built, run and read.  */

#ifndef GRADUS_HARNESS_RUN_PROVENANCE_H
#define GRADUS_HARNESS_RUN_PROVENANCE_H

#include "core/clock.h"
#include "gradus.h"

#include <jansson.h>

/* An object with
     version, commit  of Gradus; `unknown` when it was not built from its repository
     started          UTC
     compiler, flags
     processor, cores, kernel
     vectors          what Gradus's own kernels use: avx512, avx2 or generic
     threads          of Gradus
     blas             cblas_dgemm, dgemm_, dsyevd_, LAPACKE_dsyevd: path of the library that
                      serves it, or null; configuration, core, threads: OpenBLAS's own word
     libraries        gsl, hdf5, jansson, yaml, zlib: version
     data             path and checksum of each file

   or NULL when there is no memory.  */
json_t *gradus_provenance(const gradus_problem *problem);

/* The files that PROBLEM read: [{path, checksum}]; NULL: no memory.  */
json_t *gradus_provenance_data(const gradus_problem *problem);

/* The library that serves SYMBOL in this process, resolved; "" when none does.  */
const char *gradus_provider(const char *symbol, char *buffer, size_t size);

enum { GRADUS_MOMENT_SIZE = 32 };
/* Now, as 2024-01-31T23:59:59Z.  */
const char *gradus_moment(char buffer[GRADUS_MOMENT_SIZE]);

/* ---- Contamination ---- */

/* What the process and the machine had used when a run began.  */
typedef struct gradus_load {
    gradus_times own;
    size_t beside;  /* runs that go on beside this one, each of one thread's worth */
    double machine; /* CPU-seconds of all processors and processes; NaN: not known */
} gradus_load;

gradus_load gradus_load_now(void);

/* Why the timing of a run is not to be trusted, or NULL.  BEFORE is from its beginning,
   BILLED its CPU- and wall-seconds.  The rule stands in gradus_contamination_rule.  */
const char *gradus_contamination(gradus_load before, gradus_times billed, size_t threads);
extern const char gradus_contamination_rule[];

#endif
