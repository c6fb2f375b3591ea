/* Generated examples of any size: the same for the same name, whatever the machine does.

   random:  every feature is there with probability `density`, and then normal.
   words:   documents as bags of words; word r has probability proportional to 1/r (Zipf,
            Human Behavior and the Principle of Least Effort, 1949).  An entry is how often
            the word occurs, divided by the norm of all counts of the document.

   A label is drawn from the softmax of as many scores as there are classes, each a normal
   vector times the example, scaled so that the typical score is SIGNAL: the labels can be
   learned, and not separated.  */

#include "base/memory.h"
#include "base/memory_limit.h"
#include "base/stream.h"
#include "base/text.h"
#include "core/settings.h"
#include "data/collect.h"
#include "data/formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct {
    long examples, features, classes, seed;
    double density; /* random alone */
    long length;    /* words alone */
} values_t;

#define MOST_FEATURES 4294967296.0 /* a column is 32 bits */
#define SHARED_ROWS(usual)                                                                 \
    {GRADUS_FIELD(values_t, examples),                                                     \
     .initial = 10000,                                                                     \
     .minimum = 2,                                                                         \
     .maximum = 1e12,                                                                      \
     .flags = GRADUS_LOG,                                                                  \
     .help = "How many there are."},                                                       \
        {GRADUS_FIELD(values_t, features),                                                 \
         .initial = (usual),                                                               \
         .minimum = 1,                                                                     \
         .maximum = MOST_FEATURES,                                                         \
         .flags = GRADUS_LOG,                                                              \
         .help = "Entries of an example."},                                                \
        {GRADUS_FIELD(values_t, classes),                                                  \
         .initial = 2,                                                                     \
         .minimum = 2,                                                                     \
         .maximum = 1e4,                                                                   \
         .flags = GRADUS_LOG,                                                              \
         .help = "Labels, from 0."},                                                       \
    {                                                                                      \
        GRADUS_FIELD(values_t, seed), .initial = 1, .minimum = 0, .maximum = 1e9,          \
                                      .help = "Another one, other data."                   \
    }

static const gradus_param random_params[] = {
    SHARED_ROWS(100),
    {GRADUS_FIELD(values_t, density), .initial = 1, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG, .help = "Share of entries that are not 0."},
    {0}};

static const gradus_param words_params[] = {
    SHARED_ROWS(10000),
    {GRADUS_FIELD(values_t, length), .initial = 100, .minimum = 1, .maximum = 1e9,
     .flags = GRADUS_LOG,
     .help = "Words of a document on average; between half and one and a half times as "
             "many."},
    {0}};

static const double SIGNAL = 4.0;

typedef struct maker {
    values_t v;
    gradus_stream *stream;
    gradus_collector collector;
    double *truth;  /* classes x features */
    double *scores; /* classes */
    double scale;   /* of the scores */
    /* words: */
    double *cumulative; /* features: probability of this word or one before */
    size_t *counts;     /* features, zero between documents */
    uint32_t *found;    /* the words of a document */
} maker_t;

/* ---- Entries, each adding to the scores ---- */

static bool add_entry(maker_t *m, size_t column, double value) {
    size_t features = (size_t)m->v.features;
    for (size_t k = 0; k < (size_t)m->v.classes; k++)
        m->scores[k] += m->truth[k * features + column] * value;
    return gradus_collect_entry(&m->collector, (uint32_t)column, value);
}

/* Distances between entries that are there are geometric.  */
static bool make_random(maker_t *m) {
    double features = (double)m->v.features, absent = log1p(-m->v.density);
    for (double column = 0.0;; column += 1.0) {
        if (m->v.density < 1.0)
            column += floor(log1p(-gradus_stream_uniform(m->stream)) / absent);
        if (!(column < features))
            return true;
        if (!add_entry(m, (size_t)column, gradus_stream_normal(m->stream)))
            return false;
    }
}

/* The word whose share of the cumulative probability U falls into.  */
static size_t find_word(const maker_t *m, double u) {
    size_t low = 0, high = (size_t)m->v.features - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->cumulative[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static int by_column(const void *a, const void *b) {
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static bool make_words(maker_t *m) {
    size_t length = (size_t)m->v.length, distinct = 0;
    size_t total = (length + 1) / 2 + gradus_stream_below(m->stream, length + 1);
    double squares = 0.0;
    for (size_t i = 0; i < total; i++) {
        size_t word = find_word(m, gradus_stream_uniform(m->stream));
        if (m->counts[word]++ == 0)
            m->found[distinct++] = (uint32_t)word;
    }
    qsort(m->found, distinct, sizeof *m->found, by_column);
    for (size_t i = 0; i < distinct; i++)
        squares += (double)(m->counts[m->found[i]] * m->counts[m->found[i]]);
    bool ok = true;
    for (size_t i = 0; i < distinct; i++) {
        uint32_t word = m->found[i];
        ok = ok && add_entry(m, word, (double)m->counts[word] / sqrt(squares));
        m->counts[word] = 0;
    }
    return ok;
}

/* ---- Labels ---- */

/* A class drawn from the softmax of the scores.  */
static size_t draw_class(maker_t *m) {
    size_t classes = (size_t)m->v.classes, k = 0;
    double most = m->scores[0], total = 0.0;
    for (size_t i = 1; i < classes; i++)
        most = fmax(most, m->scores[i]);
    for (size_t i = 0; i < classes; i++)
        total += m->scores[i] = exp(m->scale * (m->scores[i] - most));
    for (double left = gradus_stream_uniform(m->stream) * total; k + 1 < classes; k++) {
        left -= m->scores[k];
        if (left < 0.0)
            break;
    }
    return k;
}

static bool make_examples(maker_t *m) {
    bool ok = true;
    for (long i = 0; ok && i < m->v.examples; i++) {
        memset(m->scores, 0, (size_t)m->v.classes * sizeof *m->scores);
        ok = m->cumulative ? make_words(m) : make_random(m);
        ok = ok && gradus_collect_row(&m->collector, (double)draw_class(m));
    }
    return ok;
}

/* ---- Open and close ---- */

static bool open_words(maker_t *m) {
    size_t features = (size_t)m->v.features, most = 3 * ((size_t)m->v.length / 2 + 1);
    double total = 0.0;
    m->cumulative = GRADUS_NEW(features, double);
    m->counts = GRADUS_NEW(features, size_t);
    m->found = GRADUS_NEW(most < features ? most : features, uint32_t);
    if (!m->cumulative || !m->counts || !m->found)
        return false;
    for (size_t r = 0; r < features; r++)
        m->cumulative[r] = total += 1.0 / (double)(r + 1);
    for (size_t r = 0; r < features; r++)
        m->cumulative[r] /= total;
    return true;
}

/* At least: of a document's words it is not known how many are the same.  */
static double bytes_needed(const maker_t *m, bool words) {
    double examples = (double)m->v.examples, features = (double)m->v.features;
    double entries = words ? examples : examples * features * m->v.density;
    double truth = (double)m->v.classes * features, shares = words ? 2 * features : 0;
    return entries * (sizeof(double) + sizeof(uint32_t)) +
           examples * sizeof(gradus_collected_row) + sizeof(double) * (truth + shares);
}

static bool open_maker(maker_t *m, bool words) {
    size_t classes = (size_t)m->v.classes, features = (size_t)m->v.features;
    if (!gradus_memory_fits(bytes_needed(m, words)))
        return false;
    m->stream = gradus_stream_open((uint64_t)m->v.seed, GRADUS_FOR_DATA);
    m->truth = GRADUS_NEW(classes * features, double);
    m->scores = GRADUS_NEW(classes, double);
    if (!m->stream || !m->truth || !m->scores || (words && !open_words(m)))
        return false;
    m->scale = words ? SIGNAL : SIGNAL / sqrt(m->v.density * (double)features);
    for (size_t i = 0; i < classes * features; i++)
        m->truth[i] = gradus_stream_normal(m->stream);
    return true;
}

static void close_maker(maker_t *m) {
    gradus_stream_close(m->stream);
    gradus_collector_close(&m->collector);
    gradus_free(m->truth);
    gradus_free(m->scores);
    gradus_free(m->cumulative);
    gradus_free(m->counts);
    gradus_free(m->found);
}

/* Adds NAME and a checksum of what was made to the sources.  */
static bool record(gradus_dataset *out, const char *name) {
    gradus_source *source = &out->sources[0];
    size_t count = out->examples * out->features;
    if (out->storage == GRADUS_SPARSE) {
        const gradus_sparse_row *last = &out->rows[out->examples - 1];
        count = (size_t)(last->values - out->doubles) + last->count;
    }
    uLong crc = crc32_z(0, (const Bytef *)out->labels, out->examples * sizeof *out->labels);
    crc = crc32_z(crc, (const Bytef *)out->doubles, count * sizeof *out->doubles);
    source->path = gradus_text_copy(name);
    snprintf(source->checksum, sizeof source->checksum, "crc32:%08lx", crc);
    out->source_count = source->path != NULL;
    return source->path != NULL;
}

/* ---- The interface ---- */

static const struct {
    const char *name;
    const gradus_param *params;
    bool words;
} kinds[] = {{"random", random_params, false}, {"words", words_params, true}};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* The position in `kinds`, or KINDS.  */
static size_t kind_of(const char *name) {
    size_t kind = 0;
    for (; kind < KINDS; kind++) {
        size_t length = strlen(kinds[kind].name);
        if (strncmp(name, kinds[kind].name, length) == 0 &&
            (name[length] == ':' || name[length] == '\0'))
            break;
    }
    return kind;
}

bool gradus_generate_knows(const char *name) { return kind_of(name) < KINDS; }

/* Reads what follows the name, key=value:key=value, into the maker.  */
static gradus_err read_name(maker_t *m, const char *name, size_t features,
                            gradus_error *why) {
    size_t kind = kind_of(name), length = strlen(kinds[kind].name);
    gradus_settings settings;
    gradus_err err = gradus_settings_open(&settings, kinds[kind].name, kinds[kind].params,
                                          sizeof(values_t), why);
    if (!err && features)
        ((values_t *)settings.values)->features = (long)features;
    if (!err)
        err = gradus_settings_parse_colons(&settings,
                                           name + length + (name[length] != '\0'), why);
    if (!err)
        m->v = *(values_t *)settings.values;
    gradus_settings_close(&settings);
    return err;
}

gradus_err gradus_generate(gradus_dataset *out, const char *name, size_t features,
                           gradus_storing storing, gradus_error *why) {
    maker_t m = {0};
    gradus_err err = read_name(&m, name, features, why);
    if (!err && (!open_maker(&m, kinds[kind_of(name)].words) || !make_examples(&m)))
        err = gradus_fail(why, GRADUS_ENOMEM,
                          "%s: out of memory for %ld examples of %ld features", name,
                          m.v.examples, m.v.features);
    if (!err)
        err = gradus_collector_finish(&m.collector, out, name, (size_t)m.v.features,
                                      storing, why);
    if (!err && !record(out, name))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", name);
    close_maker(&m);
    return err;
}
