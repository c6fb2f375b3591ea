/* What the fuzz targets share.

   A target gives arbitrary bytes to one reader.  It returns whether they were accepted, and
   ends the program when something does not hold: a refusal without a clear sentence, a
   result that contradicts itself, memory out of proportion to the input.  The same function
   runs under libFuzzer (entry.c) and, over the committed inputs, in `make check`
   (../test_fuzz.c).  */

#ifndef GRADUS_TESTS_FUZZ_H
#define GRADUS_TESTS_FUZZ_H

#include "gradus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line here is a file fuzz_NAME.c with a function of that name, and a folder
   seeds/NAME.  */
#define FUZZ_TARGETS(X)                                                                    \
    X(checkpoint)                                                                          \
    X(claim)                                                                               \
    X(gzip)                                                                                \
    X(hdf5)                                                                                \
    X(idx)                                                                                 \
    X(libsvm)                                                                              \
    X(manifest)                                                                            \
    X(specification)                                                                       \
    X(study)                                                                               \
    X(trace)

typedef bool fuzz_target(const uint8_t *bytes, size_t size);
#define FUZZ_DECLARE(name) fuzz_target fuzz_##name;
FUZZ_TARGETS(FUZZ_DECLARE)
#undef FUZZ_DECLARE

/* Ends the program when CONDITION does not hold; written so that NaN fails.  */
#define FUZZ_REQUIRE(condition)                                                            \
    do {                                                                                   \
        if (!(condition))                                                                  \
            fuzz_fail(__FILE__, __LINE__, #condition, NULL);                               \
    } while (0)
_Noreturn void fuzz_fail(const char *file, int line, const char *what, const char *detail);

/* Whether ERR is success.  A refusal must be for the input's sake, or for memory's while
   that is short (below), and in WHY have one sentence of one line.  */
bool fuzz_accepted(gradus_err err, const gradus_error *why);
const char *fuzz_reason(void); /* the last refusal's, or "" */

/* A file with these bytes, whose PATH can be opened as often as one likes: in memory, which
   is quicker, or in the folder below, for HDF5, which wants the real path.  */
typedef struct fuzz_file {
    char path[256];
    int descriptor; /* < 0: none, the file is in the folder */
} fuzz_file;
fuzz_file fuzz_file_open(const void *bytes, size_t size);
fuzz_file fuzz_file_in_folder(const void *bytes, size_t size);
void fuzz_file_close(fuzz_file *file);

/* A folder that lasts as long as the program.  */
const char *fuzz_folder(void);
/* "FOLDER/NAME", good until the next call.  */
const char *fuzz_in_folder(const char *name);
void fuzz_write(const char *path, const void *bytes, size_t size);

/* A copy with a zero byte behind it, to be freed with gradus_free.  */
char *fuzz_text(const uint8_t *bytes, size_t size);

/* Gradus's memory is the targets' own: exact blocks, so that the sanitizers see the first
   byte beyond, and at most FUZZ_MEMORY at a time; who asks for more has believed a number
   in the input.  Where a specification rightly asks for much, `fuzz_scarce` refuses it as a
   full machine would.  */
enum { FUZZ_MEMORY = 64 << 20, FUZZ_SCARCE = 64 << 10 };
void fuzz_scarce(bool scarce);
size_t fuzz_live(void); /* bytes that have not been freed */

/* The same bits, so that a NaN is itself.  */
bool fuzz_same(const double a[], const double b[], size_t count);

#endif
