/* A file read once from front to back: its bytes, or what is compressed in it with gzip.
   The CRC-32 of the file as it stands on disk is taken on the way.  */

#ifndef GRADUS_DATA_INPUT_H
#define GRADUS_DATA_INPUT_H

#include "gradus.h"

#include <zlib.h>

typedef struct gradus_input {
    const char *path; /* borrowed */
    int descriptor;
    bool open, compressed;
    bool between;       /* compressed: at the end of a member, where the file may end too */
    uint64_t size;      /* of the file on disk */
    uint64_t taken;     /* bytes read from disk */
    uint64_t offset;    /* of the next byte of the content */
    unsigned long crc;  /* of the bytes read from disk */
    unsigned char *raw; /* the next bytes from disk: stream.next_in, stream.avail_in */
    z_stream stream;
} gradus_input;

/* Opens a regular file.  Close the input whether or not this succeeds.  */
gradus_err gradus_input_open(gradus_input *input, const char *path, gradus_error *why);
void gradus_input_close(gradus_input *input);

/* Reads SIZE bytes of the content; *GOT is less only at its end.  */
gradus_err gradus_input_read(gradus_input *input, void *buffer, size_t size, size_t *got,
                             gradus_error *why);

/* The most bytes the content can have, whatever a header in it says.  */
uint64_t gradus_input_capacity(const gradus_input *input);

/* Adds path and checksum of a file that was read to its end to the sources of DATASET.  */
struct gradus_dataset;
gradus_err gradus_input_record(const gradus_input *input, struct gradus_dataset *dataset,
                               gradus_error *why);

#endif
