/* Writes a data set as LIBSVM text to standard output: DATA DIGITS.  */

#include "data/dataset.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    gradus_dataset data;
    gradus_error why;
    if (argc != 3 || gradus_dataset_open_stored(&data, argv[1], GRADUS_TRAINING, 0,
                                                GRADUS_STORE_SPARSE, &why)) {
        fprintf(stderr, "write_libsvm: %s\n",
                argc == 3 ? why.text : "expected DATA DIGITS");
        return EXIT_FAILURE;
    }
    int digits = atoi(argv[2]);
    for (size_t i = 0; i < data.examples; i++) {
        const gradus_sparse_row *row = &data.rows[i];
        printf("%g", data.labels[i]);
        for (size_t e = 0; e < row->count; e++)
            printf(" %u:%.*g", row->columns[e] + 1, digits, row->values[e]);
        putchar('\n');
    }
    gradus_dataset_close(&data);
    return fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
