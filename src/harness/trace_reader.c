/* Reading a trace back: CSV without quotes, one header line, numbers or nothing in every
   cell, every line ended.  Strict, because a report on half a trace would be believed.  */

#include "harness/results.h"

#include "core/memory.h"
#include "harness/text_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

enum { UNUSED = -1, NOWHERE = -1 };

typedef struct {
    size_t cells;
    int *use; /* the column that a cell is, or UNUSED */
} layout_t;

static gradus_err read_header(layout_t *layout, char *line, const char *path,
                              gradus_error *why) {
    size_t cells = 1;
    for (const char *c = line; *c; c++)
        cells += *c == ',';
    layout->cells = cells;
    layout->use = GRADUS_NEW(cells, int);
    if (!layout->use)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    int place[GRADUS_COLUMNS];
    for (int c = 0; c < GRADUS_COLUMNS; c++)
        place[c] = NOWHERE;
    for (size_t i = 0; i < cells; i++) {
        const char *word = next_cell(&line);
        layout->use[i] = UNUSED;
        for (int c = 0; c < GRADUS_COLUMNS; c++)
            if (strcmp(word, column_words[c]) == 0) {
                if (place[c] != NOWHERE)
                    return gradus_fail(why, GRADUS_EINPUT,
                                       "%s:1: column '%s' is there twice", path, word);
                place[c] = (int)i;
                layout->use[i] = c;
            }
    }
    for (int c = 0; c < GRADUS_COLUMN_FIRST_OPTIONAL; c++)
        if (place[c] == NOWHERE)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s:1: expected a trace, with a column '%s'", path,
                               column_words[c]);
    return GRADUS_OK;
}

static gradus_err read_row(gradus_trace *trace, const layout_t *layout, char *line,
                           const char *path, gradus_error *why) {
    size_t row = trace->rows, cells = 0,
           number = row + 2; /* counted from 1, header first */
    for (const char *cell = next_cell(&line); cell; cell = next_cell(&line)) {
        int column = cells < layout->cells ? layout->use[cells] : UNUSED;
        cells++;
        if (column == UNUSED)
            continue;
        char *end;
        double value = *cell ? strtod(cell, &end) : NAN;
        if (*cell && (*end || end == cell))
            return gradus_fail(why, GRADUS_EINPUT, "%s:%zu: %s=%.40s: expected a number",
                               path, number, column_words[column], cell);
        trace->column[column][row] = value;
    }
    if (cells != layout->cells)
        return gradus_fail(why, GRADUS_EINPUT, "%s:%zu: %zu cells, expected %zu", path,
                           number, cells, layout->cells);
    const double *update = trace->column[GRADUS_COLUMN_UPDATE];
    double before = row > 0 ? update[row - 1] : 0;
    if (!(isfinite(update[row]) && update[row] >= before))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s:%zu: update=%g: expected at least %g, the one before", path,
                           number, update[row], before);
    trace->rows++;
    return GRADUS_OK;
}

static gradus_err read_rows(gradus_trace *trace, layout_t *layout, char *text, size_t size,
                            const char *path, gradus_error *why) {
    size_t lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    if (lines < 2)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: expected a header line and at least one row", path);
    if (text[size - 1] != '\n' || strlen(text) != size)
        return gradus_fail(why, GRADUS_EINPUT, "%s:%zu: the last line is cut short", path,
                           lines + (text[size - 1] != '\n'));
    for (int c = 0; c < GRADUS_COLUMNS; c++) {
        trace->column[c] = GRADUS_NEW(lines - 1, double);
        if (!trace->column[c])
            return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
        for (size_t i = 0; i < lines - 1; i++)
            trace->column[c][i] = NAN;
    }
    gradus_err err = read_header(layout, next_line(&text), path, why);
    for (size_t i = 1; i < lines && err == GRADUS_OK; i++)
        err = read_row(trace, layout, next_line(&text), path, why);
    return err;
}

gradus_err gradus_trace_open(gradus_trace *trace, const char *path, gradus_error *why) {
    char *text = NULL;
    size_t size = 0;
    layout_t layout = {0};
    *trace = (gradus_trace){0};
    gradus_err err = gradus_text_file_read(path, &text, &size, why);
    if (err == GRADUS_OK)
        err = read_rows(trace, &layout, text, size, path, why);
    gradus_free(layout.use);
    gradus_free(text);
    if (err != GRADUS_OK)
        gradus_trace_close(trace);
    return err;
}

void gradus_trace_close(gradus_trace *trace) {
    for (int c = 0; c < GRADUS_COLUMNS; c++)
        gradus_free(trace->column[c]);
    *trace = (gradus_trace){0};
}
