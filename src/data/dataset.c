/* From the name of a data set to its files, and from a file to its format.  */

#include "data/dataset.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats.h"
#include "data/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char IDX[] = "idx:", CURVES[] = "curves",
                  TEST_IMAGES[] = "t10k-images-idx3-ubyte";

/* Pairs of IDX files that are known by name.  */
static const struct {
    const char *name, *folder; /* in $GRADUS_DATA */
    const char *fallback;      /* a folder of its own */
    const char *advice;        /* for a sentence that says the files are not there */
} known[] = {{"fashion-mnist", "/fashion-mnist/", "/usr/share/datasets/fashion-mnist/",
              " nor in /usr/share/datasets/fashion-mnist (Debian: apt-get install "
              "dataset-fashion-mnist)"},
             {"mnist", "/mnist/", "", ""}};
enum { KNOWN = sizeof known / sizeof *known };

const gradus_dataset_name gradus_dataset_names[] = {
    {"fashion-mnist[:KEY=VALUE...]",
     "60,000 images of clothes, 28x28, ten classes, and 10,000 for testing; "
     "$GRADUS_DATA/fashion-mnist or Debian's package dataset-fashion-mnist; keys size (28, or "
     "a divisor of it: pixels become means of squares of them) and examples (how many of the "
     "first to take, and at most how many for testing)"},
    {"mnist[:KEY=VALUE...]",
     "60,000 images of digits, 28x28, and 10,000 for testing; $GRADUS_DATA/mnist; the same "
     "keys"},
    {"curves[:KEY=VALUE...]",
     "20,000 images of a curve through three random points, 28x28, and 10,000 for testing; "
     "generated, without labels; the same keys"},
    {"idx:PREFIX",
     "IDX files PREFIXtrain-images-idx3-ubyte and PREFIXtrain-labels-idx1-ubyte, for testing "
     "with t10k in place of train, all of them with or without .gz; PREFIX is a folder with "
     "its final slash or the beginning of a file name"},
    {"random[:KEY=VALUE...]",
     "generated, entries normal; keys examples (10,000), features (100), density (1), "
     "classes (2), seed (1)"},
    {"words[:KEY=VALUE...]",
     "generated bags of words with Zipf's frequencies; keys examples (10,000), features "
     "(10,000), length (100, words of a document), classes (2), seed (1)"},
    {"FILE",
     "LIBSVM text, gzip-compressed or not, or HDF5 with /X (examples x features) and /y"},
    {NULL, NULL}};

/* The strings joined, or NULL when there is no memory.  */
static char *join(const char *a, const char *b, const char *c) {
    size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = GRADUS_NEW(size, char);
    if (text)
        snprintf(text, size, "%s%s%s", a, b, c);
    return text;
}

static gradus_err no_memory(const char *name, gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", name);
}

/* What stands behind the colon in TEXT when it is NAME or "NAME:key=value:key=value", "" in
   the first case; NULL when it is something else.  */
static const char *options_of(const char *text, const char *name) {
    size_t length = strlen(name);
    if (strncmp(text, name, length) != 0)
        return NULL;
    return text[length] == ':' ? text + length + 1 : text[length] ? NULL : text + length;
}

/* The same for whatever known images TEXT names.  */
static const char *image_options(const char *text) {
    const char *options = options_of(text, CURVES);
    for (size_t set = 0; !options && set < KNOWN; set++)
        options = options_of(text, known[set].name);
    return options;
}

/* ---- IDX files ---- */

/* Finds PREFIX and NAME, or the same with .gz.  */
static gradus_err find_idx(char **path, const char *prefix, const char *name,
                           gradus_error *why) {
    static const char *const endings[] = {"", ".gz"};
    int cause = ENOENT;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        *path = join(prefix, name, endings[i]);
        if (!*path)
            return no_memory(prefix, why);
        if (access(*path, F_OK) == 0)
            return GRADUS_OK;
        cause = errno;
        gradus_free(*path);
        *path = NULL;
    }
    return gradus_fail(why, GRADUS_EINPUT, "%s%s: %s, nor is there one ending in .gz",
                       prefix, name, strerror(cause));
}

static gradus_err open_idx(gradus_dataset *out, const char *prefix, gradus_part part,
                           gradus_error *why) {
    bool testing = part == GRADUS_TESTING;
    char *images = NULL, *labels = NULL;
    gradus_err err =
        find_idx(&images, prefix, testing ? TEST_IMAGES : "train-images-idx3-ubyte", why);
    if (!err)
        err = find_idx(&labels, prefix,
                       testing ? "t10k-labels-idx1-ubyte" : "train-labels-idx1-ubyte", why);
    if (!err)
        err = gradus_idx_read(out, images, labels, why);
    gradus_free(images);
    gradus_free(labels);
    return err;
}

/* The prefix of a known set: its folder in $GRADUS_DATA, or else the fallback.  */
static gradus_err find_folder(char **prefix, size_t set, gradus_error *why) {
    const char *data = getenv("GRADUS_DATA");
    bool given = data && *data;
    *prefix = given ? join(data, known[set].folder, "") : join(known[set].fallback, "", "");
    if (*prefix && given && access(*prefix, F_OK) != 0) {
        gradus_free(*prefix);
        *prefix = join(known[set].fallback, "", "");
    }
    if (!*prefix)
        return no_memory(known[set].name, why);
    if (access(*prefix, F_OK) == 0)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s: expected a folder with its IDX files, found none in "
                       "$GRADUS_DATA/%s (GRADUS_DATA is %s)%s",
                       known[set].name, known[set].name, given ? data : "not set",
                       known[set].advice);
}

/* The prefix of NAME, or NULL when NAME is not that of IDX files.  */
static gradus_err find_prefix(char **prefix, const char *name, gradus_error *why) {
    *prefix = NULL;
    for (size_t set = 0; set < KNOWN; set++)
        if (options_of(name, known[set].name))
            return find_folder(prefix, set, why);
    if (strncmp(name, IDX, strlen(IDX)) != 0)
        return GRADUS_OK;
    *prefix = gradus_text_copy(name + strlen(IDX));
    return *prefix ? GRADUS_OK : no_memory(name, why);
}

/* ---- Single files ---------------------------------------------------------------------
 */

static gradus_err refuse_name(const char *name, gradus_error *why) {
    char hint[128];
    gradus_nearest nearest = gradus_nearest_to(name);
    if (errno != ENOENT)
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s", name, strerror(errno));
    for (size_t set = 0; set < KNOWN; set++)
        gradus_nearest_try(&nearest, known[set].name);
    gradus_nearest_try(&nearest, CURVES);
    return gradus_fail(
        why, GRADUS_EINPUT,
        "'%s' is neither a file nor one of fashion-mnist, mnist, curves, random, words "
        "and idx:PREFIX%s",
        name, gradus_nearest_hint(&nearest, hint, sizeof hint));
}

/* The first bytes of HDF5, and of IDX, whose third byte is a type and whose fourth is how
   many dimensions there are.  */
static bool begins_hdf5(const unsigned char head[], size_t size) {
    static const unsigned char magic[] = "\211HDF\r\n\032\n";
    return size >= sizeof magic - 1 && memcmp(head, magic, sizeof magic - 1) == 0;
}

static bool begins_idx(const unsigned char head[], size_t size) {
    enum { FIRST_TYPE = 8, LAST_TYPE = 14 };
    return size >= 4 && head[0] == 0 && head[1] == 0 && head[2] >= FIRST_TYPE &&
           head[2] <= LAST_TYPE && head[3] > 0;
}

/* Formats that are not read, by bytes at an offset, and what to do.  */
static const struct {
    size_t offset;
    const char *magic;
    size_t length;
    const char *name, *advice;
} strangers[] = {
    {0, "\x93NUMPY", 6, "a NumPy array", "write the arrays to HDF5 as /X and /y"},
    {0, "PAR1", 4, "a Parquet file", "write its columns to HDF5 as /X and /y"},
    {0, "ARROW1", 6, "an Arrow file", "write its columns to HDF5 as /X and /y"},
    {0, "FEA1", 4, "a Feather file", "write its columns to HDF5 as /X and /y"},
    {0, "MATLAB 5.0", 10, "a MATLAB file", "write X and y to HDF5 as /X and /y"},
    {0, "SQLite format 3", 15, "an SQLite database", "write its columns to HDF5"},
    {0, "\xff\xfe", 2, "text in UTF-16", "convert it with `iconv -f UTF-16 -t UTF-8`"},
    {0, "\xfe\xff", 2, "text in UTF-16", "convert it with `iconv -f UTF-16 -t UTF-8`"},
    {257, "ustar", 5, "a tar archive", "unpack it with `tar -xf`"}};
enum { STRANGERS = sizeof strangers / sizeof *strangers };

static gradus_err refuse_stranger(const char *path, const unsigned char head[], size_t size,
                                  gradus_error *why) {
    for (size_t i = 0; i < STRANGERS; i++)
        if (size >= strangers[i].offset + strangers[i].length &&
            memcmp(head + strangers[i].offset, strangers[i].magic, strangers[i].length) == 0)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: is %s: expected LIBSVM text or HDF5; %s", path,
                               strangers[i].name, strangers[i].advice);
    return GRADUS_OK;
}

/* Tells the format of a file by its content.  */
static gradus_err recognise(const char *path, bool *hdf5, gradus_error *why) {
    unsigned char head[512];
    size_t got = 0;
    gradus_input input;
    gradus_err err = gradus_input_open(&input, path, why);
    if (!err)
        err = gradus_input_read(&input, head, sizeof head, &got, why);
    bool compressed = input.compressed;
    gradus_input_close(&input);
    if (err)
        return err;
    *hdf5 = begins_hdf5(head, got) || (!compressed && gradus_hdf5_has_block(path));
    if (*hdf5 && compressed)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: an HDF5 file inside gzip, expected it as it is: HDF5 has a "
                           "compression of its own",
                           path);
    if (begins_idx(head, got))
        return gradus_fail(
            why, GRADUS_EINPUT,
            "%s: offset 0: an IDX file; expected idx:PREFIX, which stands for "
            "the pair of images and labels",
            path);
    return *hdf5 ? GRADUS_OK : refuse_stranger(path, head, got, why);
}

static gradus_err open_file(gradus_dataset *out, const char *name, size_t features,
                            gradus_storing storing, gradus_error *why) {
    bool hdf5 = false;
    if (access(name, F_OK) != 0)
        return refuse_name(name, why);
    gradus_err err = recognise(name, &hdf5, why);
    if (err)
        return err;
    return hdf5 ? gradus_hdf5_read(out, name, why)
                : gradus_libsvm_read(out, name, features, storing, why);
}

/* ---- The interface --------------------------------------------------------------------
 */

static gradus_err read_or_draw(gradus_dataset *out, const char *name, gradus_part part,
                               size_t features, gradus_storing storing, gradus_error *why) {
    char *prefix;
    if (options_of(name, CURVES))
        return gradus_curves_draw(out, part, why);
    if (gradus_generate_knows(name))
        return gradus_generate(out, name, features, storing, why);
    gradus_err err = find_prefix(&prefix, name, why);
    if (!err && prefix)
        err = open_idx(out, prefix, part, why);
    else if (!err)
        err = open_file(out, name, features, storing, why);
    gradus_free(prefix);
    return err;
}

gradus_err gradus_dataset_open_stored(gradus_dataset *out, const char *name,
                                      gradus_part part, size_t features,
                                      gradus_storing storing, gradus_error *why) {
    *out = (gradus_dataset){0};
    gradus_err err = read_or_draw(out, name, part, features, storing, why);
    const char *options = image_options(name);
    if (!err && options)
        err = gradus_images_reduce(out, name, options, part, why);
    if (!err && storing == GRADUS_STORE_SPARSE && out->storage != GRADUS_SPARSE)
        err =
            gradus_fail(why, GRADUS_EINPUT,
                        "%s: storage=sparse: expected LIBSVM text, random or words", name);
    if (!err && features && out->features != features)
        err = gradus_fail(why, GRADUS_EINPUT, "%s: has %zu features, expected %zu", name,
                          out->features, features);
    if (err)
        gradus_dataset_close(out);
    return err;
}

gradus_err gradus_dataset_open(gradus_dataset *out, const char *name, gradus_part part,
                               size_t features, gradus_error *why) {
    return gradus_dataset_open_stored(out, name, part, features, GRADUS_STORE_DENSE, why);
}

void gradus_dataset_close(gradus_dataset *dataset) {
    gradus_free(dataset->bytes);
    gradus_free(dataset->doubles);
    gradus_free(dataset->columns);
    gradus_free(dataset->rows);
    gradus_free(dataset->labels);
    for (size_t i = 0; i < dataset->source_count; i++)
        gradus_free(dataset->sources[i].path);
    *dataset = (gradus_dataset){0};
}

bool gradus_dataset_has_test(const char *name) {
    char *prefix, *images = NULL;
    if (image_options(name))
        return true;
    bool found = find_prefix(&prefix, name, NULL) == GRADUS_OK && prefix &&
                 find_idx(&images, prefix, TEST_IMAGES, NULL) == GRADUS_OK;
    gradus_free(images);
    gradus_free(prefix);
    return found;
}
