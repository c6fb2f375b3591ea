/* The trace of a run, as the report reads it.  */

#include "fuzz/fuzz.h"
#include "harness/results/results.h"
#include "harness/run/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_trace(gradus_trace *trace, const char *path) {
    gradus_error why;
    return fuzz_accepted(gradus_trace_open(trace, path, &why), &why);
}

static void check_trace(const gradus_trace *trace) {
    const double *update = trace->column[GRADUS_COLUMN_UPDATE];
    FUZZ_REQUIRE(trace->rows > 0 && trace->columns >= GRADUS_COLUMN_FIRST_OPTIONAL);
    for (size_t i = 0; i < trace->rows; i++)
        FUZZ_REQUIRE(update[i] >= (i > 0 ? update[i - 1] : 0) && update[i] < INFINITY);
}

static void write_trace(FILE *stream, const gradus_trace *trace) {
    for (size_t c = 0; c < trace->columns; c++)
        fprintf(stream, "%s%s", c > 0 ? "," : "", trace->name[c]);
    for (size_t i = 0; i < trace->rows; i++)
        for (size_t c = 0; c < trace->columns; c++) {
            fputc(c > 0 ? ',' : '\n', stream);
            if (!isnan(trace->cell[c][i]))
                fprintf(stream, "%.17g", trace->cell[c][i]);
        }
    fputc('\n', stream);
}

static bool same_number(double a, double b) {
    return (isnan(a) && isnan(b)) || fuzz_same(&a, &b, 1);
}

/* Written out and read again it is the same; with a checksum, too.  */
static void check_again(const gradus_trace *trace) {
    char *text;
    size_t length;
    unsigned long checksum;
    gradus_error why;
    gradus_trace again;
    FILE *stream = open_memstream(&text, &length);
    write_trace(stream, trace);
    fclose(stream);
    fuzz_file file = fuzz_file_open(text, length);
    FUZZ_REQUIRE(read_trace(&again, file.path));
    FUZZ_REQUIRE(fuzz_accepted(gradus_trace_checksum(file.path, &checksum, &why), &why));
    FUZZ_REQUIRE(again.rows == trace->rows && again.columns == trace->columns);
    for (size_t c = 0; c < trace->columns; c++) {
        FUZZ_REQUIRE(strcmp(again.name[c], trace->name[c]) == 0);
        for (size_t i = 0; i < trace->rows; i++)
            FUZZ_REQUIRE(same_number(again.cell[c][i], trace->cell[c][i]));
    }
    gradus_trace_close(&again);
    fuzz_file_close(&file);
    free(text);
}

bool fuzz_trace(const uint8_t *bytes, size_t size) {
    size_t before = fuzz_live();
    unsigned long checksum;
    gradus_error why;
    gradus_trace trace;
    fuzz_file file = fuzz_file_open(bytes, size);
    FUZZ_REQUIRE(fuzz_accepted(gradus_trace_checksum(file.path, &checksum, &why), &why));
    bool accepted = read_trace(&trace, file.path);
    if (accepted) {
        check_trace(&trace);
        check_again(&trace);
        gradus_trace_close(&trace);
    }
    fuzz_file_close(&file);
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
