/* Examples in memory, from whatever file they came.

   A data set is named as in the contract: `fashion-mnist`, `mnist`, `idx:PREFIX`, a LIBSVM
   text file, or an HDF5 file (/X, /y); or it is generated: `curves`, `random`, `words`.
   Images that have a name may be taken smaller and fewer: `fashion-mnist:size=14:examples=5000`.
   PREFIX is a folder with its final slash, or what the names of the files begin with.  IDX
   and text may be gzip-compressed.  Bytes stay bytes: images are a ninth of the size of
   doubles, and reading them is most of the work.  What is mostly 0 may stay in compressed
   rows.  */

#ifndef GRADUS_DATA_DATASET_H
#define GRADUS_DATA_DATASET_H

#include "gradus.h"
#include "linalg/sparse.h"

typedef enum gradus_storage {
    GRADUS_BYTES,   /* entry = scale * byte */
    GRADUS_DOUBLES, /* entry = scale * double */
    GRADUS_SPARSE   /* compressed rows of doubles */
} gradus_storage;

/* What is asked for.  AUTO: compressed rows when at most one entry in four is listed.  */
typedef enum gradus_storing {
    GRADUS_STORE_DENSE,
    GRADUS_STORE_AUTO,
    GRADUS_STORE_SPARSE
} gradus_storing;

typedef enum gradus_part { GRADUS_TRAINING, GRADUS_TESTING } gradus_part;

typedef struct gradus_source {
    char *path;
    char checksum[32]; /* "crc32:xxxxxxxx" of the file as it stands on disk */
} gradus_source;

typedef struct gradus_dataset {
    size_t examples, features;
    gradus_storage storage;
    unsigned char *bytes;    /* examples x features, or NULL */
    double *doubles;         /* examples x features; sparse: of the entries; or NULL */
    uint32_t *columns;       /* sparse: of the entries */
    gradus_sparse_row *rows; /* sparse: examples */
    double scale;            /* 1/255 for pixels, else 1 */
    double *labels;          /* examples, or NULL when the source has none */
    gradus_source sources[2];
    size_t source_count;
} gradus_dataset;

/* Reads data set NAME.  A single file is the same for either PART.  FEATURES: how many a
   LIBSVM file has when its largest index is smaller, and how many any other must have; 0 is
   as found.  A file that is broken is refused with one sentence that names the file and the
   line or offset; *OUT is then empty.  */
gradus_err gradus_dataset_open(gradus_dataset *out, const char *name, gradus_part part,
                               size_t features, gradus_error *why);
/* The same, dense or not; the one above is dense.  Only text, random and words can be
   sparse.  */
gradus_err gradus_dataset_open_stored(gradus_dataset *out, const char *name,
                                      gradus_part part, size_t features,
                                      gradus_storing storing, gradus_error *why);
void gradus_dataset_close(gradus_dataset *dataset);

/* Whether NAME brings a test set of its own (fashion-mnist, mnist and curves do; idx:PREFIX
   when PREFIX holds one).  */
bool gradus_dataset_has_test(const char *name);

/* The known names, for `gradus list data`; a row of NULL ends them.  */
typedef struct gradus_dataset_name {
    const char *name, *what; /* how it is spelled; one line */
} gradus_dataset_name;
extern const gradus_dataset_name gradus_dataset_names[];

#endif
