/* Reading a trace back: CSV without quotes, one header line, numbers or nothing in every
   cell, every line ended.  Strict, because a report on half a trace would be believed.  */

#include "harness/results/trace_reader.h"

#include "base/memory.h"
#include "base/text.h"
#include "harness/io/text_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Every name is compared with those before it.  */
enum { MOST_COLUMNS = 10000 };

#define COLUMN_WORD(name, word) word,
static const char *const column_words[] = {GRADUS_COLUMN_LIST(COLUMN_WORD)};

/* Cuts the next cell off *REST; NULL after the last one.  */
static char *next_cell(char **rest) {
    char *cell = *rest;
    if (!cell)
        return NULL;
    char *comma = strchr(cell, ',');
    if (comma)
        *comma = '\0';
    *rest = comma ? comma + 1 : NULL;
    return cell;
}

/* Cuts the next line off *REST, its end included.  */
static char *next_line(char **rest) {
    char *line = *rest;
    char *end = strchr(line, '\n');
    *rest = end + 1;
    *end = '\0';
    if (end > line && end[-1] == '\r')
        end[-1] = '\0';
    return line;
}

/* The position of NAME among the COUNT first columns; COUNT when it is none of them.  */
static size_t find(const gradus_trace *trace, size_t count, const char *name) {
    size_t i = 0;
    while (i < count && strcmp(trace->name[i], name) != 0)
        i++;
    return i;
}

static gradus_err no_memory(const char *path, gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
}

static gradus_err read_header(gradus_trace *trace, const char *line, const char *path,
                              gradus_error *why) {
    size_t cells = 1;
    for (const char *c = line; *c; c++)
        cells += *c == ',';
    if (cells > MOST_COLUMNS)
        return gradus_fail(why, GRADUS_EINPUT, "%s:1: %zu columns, expected at most %d",
                           path, cells, MOST_COLUMNS);
    char *rest = trace->header = gradus_text_copy(line);
    trace->name = GRADUS_NEW(cells, const char *);
    if (!trace->header || !trace->name)
        return no_memory(path, why);
    for (size_t i = 0; i < cells; i++) {
        trace->name[i] = next_cell(&rest);
        if (find(trace, i, trace->name[i]) < i)
            return gradus_fail(why, GRADUS_EINPUT, "%s:1: column '%s' is there twice", path,
                               trace->name[i]);
    }
    for (int c = 0; c < GRADUS_COLUMN_FIRST_OPTIONAL; c++)
        if (find(trace, cells, column_words[c]) == cells)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s:1: expected a trace, with a column '%s'", path,
                               column_words[c]);
    trace->columns = cells;
    return GRADUS_OK;
}

/* Memory for ROWS rows of every column.  */
static gradus_err make_room(gradus_trace *trace, size_t rows, const char *path,
                            gradus_error *why) {
    trace->cell = GRADUS_NEW(trace->columns, double *);
    trace->absent = GRADUS_NEW(rows, double);
    if (!trace->cell || !trace->absent)
        return no_memory(path, why);
    for (size_t i = 0; i < rows; i++)
        trace->absent[i] = NAN;
    for (size_t i = 0; i < trace->columns; i++)
        if (!(trace->cell[i] = GRADUS_NEW(rows, double)))
            return no_memory(path, why);
    for (int c = 0; c < GRADUS_COLUMNS; c++) {
        size_t place = find(trace, trace->columns, column_words[c]);
        trace->column[c] = place < trace->columns ? trace->cell[place] : trace->absent;
    }
    return GRADUS_OK;
}

static gradus_err read_row(gradus_trace *trace, char *line, const char *path,
                           gradus_error *why) {
    size_t row = trace->rows, cells = 0,
           number = row + 2; /* counted from 1, header first */
    for (const char *cell = next_cell(&line); cell; cell = next_cell(&line), cells++) {
        if (cells >= trace->columns)
            continue;
        char *end;
        double value = *cell ? strtod(cell, &end) : NAN;
        if (*cell && (*end || end == cell))
            return gradus_fail(why, GRADUS_EINPUT, "%s:%zu: %s=%.40s: expected a number",
                               path, number, trace->name[cells], cell);
        trace->cell[cells][row] = value;
    }
    if (cells != trace->columns)
        return gradus_fail(why, GRADUS_EINPUT, "%s:%zu: %zu cells, expected %zu", path,
                           number, cells, trace->columns);
    const double *update = trace->column[GRADUS_COLUMN_UPDATE];
    double before = row > 0 ? update[row - 1] : 0;
    if (!(isfinite(update[row]) && update[row] >= before))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s:%zu: update=%g: expected at least %g, the one before", path,
                           number, update[row], before);
    trace->rows++;
    return GRADUS_OK;
}

static gradus_err read_rows(gradus_trace *trace, char *text, size_t size, const char *path,
                            gradus_error *why) {
    size_t lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    if (lines < 2)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: expected a header line and at least one row", path);
    if (text[size - 1] != '\n' || strlen(text) != size)
        return gradus_fail(why, GRADUS_EINPUT, "%s:%zu: the last line is cut short", path,
                           lines + (text[size - 1] != '\n'));
    gradus_err err = read_header(trace, next_line(&text), path, why);
    /* A cell is at least the comma or the end of the line behind it.  */
    if (!err && (lines - 1) * trace->columns > size)
        err =
            gradus_fail(why, GRADUS_EINPUT,
                        "%s: %zu rows of %zu cells are expected, for which the file is too "
                        "short",
                        path, lines - 1, trace->columns);
    if (!err)
        err = make_room(trace, lines - 1, path, why);
    for (size_t i = 1; i < lines && err == GRADUS_OK; i++)
        err = read_row(trace, next_line(&text), path, why);
    return err;
}

gradus_err gradus_trace_open(gradus_trace *trace, const char *path, gradus_error *why) {
    char *text = NULL;
    size_t size = 0;
    *trace = (gradus_trace){0};
    gradus_err err = gradus_text_file_read(path, &text, &size, why);
    if (err == GRADUS_OK)
        err = read_rows(trace, text, size, path, why);
    gradus_free(text);
    if (err != GRADUS_OK)
        gradus_trace_close(trace);
    return err;
}

void gradus_trace_close(gradus_trace *trace) {
    for (size_t c = 0; trace->cell && c < trace->columns; c++)
        gradus_free(trace->cell[c]);
    gradus_free(trace->cell);
    gradus_free(trace->absent);
    gradus_free(trace->name);
    gradus_free(trace->header);
    *trace = (gradus_trace){0};
}
