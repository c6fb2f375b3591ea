/* IDX: what is read, and what is refused with which sentence.  */

#include "data/dataset.h"
#include "files.h"

/* Three images of two rows and two columns, and their labels.  */
enum { IMAGES_SIZE = 16 + 12, LABELS_SIZE = 8 + 3, ROOM = 256 };
static const unsigned char images[IMAGES_SIZE] = {0, 0,  8,  3,  0,   0,   0,   3,  0,   0,
                                                  0, 2,  0,  0,  0,   2,   0,   51, 102, 7,
                                                  9, 11, 13, 17, 255, 254, 253, 252};
static const unsigned char labels[LABELS_SIZE] = {0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 255};

#define IMAGES_NAME "train-images-idx3-ubyte"
#define LABELS_NAME "train-labels-idx1-ubyte"

static void check_content(const char *name) {
    gradus_dataset data;
    gradus_error why = {0};
    ck_assert_msg(gradus_dataset_open(&data, name, GRADUS_TRAINING, 0, &why) == GRADUS_OK,
                  "%s", why.text);
    ck_assert_uint_eq(data.examples, 3);
    ck_assert_uint_eq(data.features, 4);
    ck_assert_int_eq(data.storage, GRADUS_BYTES);
    ck_assert_ptr_null(data.doubles);
    ck_assert_double_eq(data.scale, 1.0 / 255.0);
    ck_assert_mem_eq(data.bytes, images + 16, 12);
    for (size_t i = 0; i < 3; i++)
        ck_assert_double_eq(data.labels[i], labels[8 + i]);
    ck_assert_uint_eq(data.source_count, 2);
    gradus_dataset_close(&data);
    ck_assert_ptr_null(data.bytes);
}

static void remove_pair(void) {
    unlink(IMAGES_NAME);
    unlink(LABELS_NAME);
    unlink(IMAGES_NAME ".gz");
    unlink(LABELS_NAME ".gz");
}

START_TEST(plain_and_compressed_files_are_read) {
    write_file(IMAGES_NAME, images, IMAGES_SIZE);
    write_file(LABELS_NAME, labels, LABELS_SIZE);
    check_content("idx:");
    check_content("idx:./");
    remove_pair();

    /* Two members one after the other are one file, says RFC 1952.  */
    write_gzip(IMAGES_NAME ".gz", images, 5);
    write_gzip(IMAGES_NAME ".gz", images + 5, IMAGES_SIZE - 5);
    write_gzip(LABELS_NAME ".gz", labels, LABELS_SIZE);
    check_content("idx:");
    remove_pair();

    write_file("mine-" IMAGES_NAME, images, IMAGES_SIZE);
    write_file("mine-" LABELS_NAME, labels, LABELS_SIZE);
    check_content("idx:mine-");
    unlink("mine-" IMAGES_NAME);
    unlink("mine-" LABELS_NAME);
}
END_TEST

START_TEST(checksums_are_those_of_the_files) {
    unsigned char bytes[ROOM];
    gradus_dataset data;
    char expected[32];
    write_file(IMAGES_NAME, images, IMAGES_SIZE);
    write_gzip(LABELS_NAME ".gz", labels, LABELS_SIZE);
    ck_assert_int_eq(gradus_dataset_open(&data, "idx:", GRADUS_TRAINING, 4, NULL),
                     GRADUS_OK);
    snprintf(expected, sizeof expected, "crc32:%08lx", crc32(0, images, IMAGES_SIZE));
    ck_assert_str_eq(data.sources[0].checksum, expected);
    size_t size = read_file(LABELS_NAME ".gz", bytes, sizeof bytes);
    snprintf(expected, sizeof expected, "crc32:%08lx", crc32(0, bytes, (uInt)size));
    ck_assert_str_eq(data.sources[1].checksum, expected);
    ck_assert_str_eq(data.sources[1].path, LABELS_NAME ".gz");
    gradus_dataset_close(&data);
    remove_pair();
}
END_TEST

/* One change to one file of the pair.  */
typedef struct {
    const char *what;
    enum { IN_IMAGES, IN_LABELS } file;
    enum { PLAIN, COMPRESSED_AFTER, COMPRESSED_BEFORE } form; /* the change */
    long length; /* cut to this size; negative: by so many; 0: not */
    int more;    /* bytes appended */
    int offset;  /* of a 32-bit number set to VALUE; 0 with VALUE 0: none */
    uint32_t value;
    const char *says;
} change_t;

static const change_t changes[] = {
    {"one byte", IN_IMAGES, PLAIN, 1, 0, 0, 0, "offset 1:|within the IDX header of 16"},
    {"short header", IN_IMAGES, PLAIN, 15, 0, 0, 0, "offset 15:|within the IDX header"},
    {"short header, gzip", IN_IMAGES, COMPRESSED_AFTER, 15, 0, 0, 0, "offset 15:"},
    {"short label header", IN_LABELS, PLAIN, 7, 0, 0, 0, "offset 7:|header of 8"},
    {"truncated images", IN_IMAGES, PLAIN, -1, 0, 0, 0, "offset 4:|3 x 2 x 2|only 11"},
    {"truncated labels", IN_LABELS, PLAIN, -1, 0, 0, 0, "offset 4:|only 2"},
    {"truncated content", IN_IMAGES, COMPRESSED_AFTER, -1, 0, 0, 0,
     "offset 27:|after 11 of 12"},
    {"truncated gzip", IN_IMAGES, COMPRESSED_BEFORE, -9, 0, 0, 0, "offset |gzip|cut short"},
    {"gzip without trailer", IN_LABELS, COMPRESSED_BEFORE, -1, 0, 0, 0, "cut short"},
    {"gzip header alone", IN_IMAGES, COMPRESSED_BEFORE, 10, 0, 0, 0,
     "offset 10 |cut short"},
    {"corrupt gzip", IN_IMAGES, COMPRESSED_BEFORE, 0, 0, 10, 0x07000000,
     "gzip|damaged: invalid block type"},
    {"wrong gzip checksum", IN_LABELS, COMPRESSED_BEFORE, -8, 8, 0, 0,
     "incorrect data check"},
    {"gzip with more", IN_IMAGES, COMPRESSED_BEFORE, 0, 3, 0, 0,
     "gzip|followed by something else"},
    {"oversized images", IN_IMAGES, PLAIN, 0, 1, 0, 0, "offset 28: more bytes follow"},
    {"oversized labels", IN_LABELS, PLAIN, 0, 40, 0, 0, "offset 11: more bytes follow"},
    {"oversized content", IN_IMAGES, COMPRESSED_AFTER, 0, 1, 0, 0, "offset 28: more"},
    {"labels for images", IN_IMAGES, PLAIN, 0, 0, 0, 0x801,
     "offset 0:|0x00000801 of labels"},
    {"images for labels", IN_LABELS, PLAIN, 0, 0, 0, 0x803,
     "offset 0:|0x00000803 of images"},
    {"wrong magic", IN_IMAGES, PLAIN, 0, 0, 0, 0xd03, "offset 0:|expected|0x00000d03"},
    {"no examples", IN_IMAGES, PLAIN, 16, 0, 4, 0, "offset 4: the number of examples is 0"},
    {"no labels", IN_LABELS, PLAIN, 8, 0, 4, 0, "offset 4: the number of examples is 0"},
    {"no rows", IN_IMAGES, PLAIN, 16, 0, 8, 0, "offset 8: the number of rows is 0"},
    {"no columns", IN_IMAGES, PLAIN, 16, 0, 12, 0, "offset 12: the number of columns is 0"},
    {"fewer labels", IN_LABELS, PLAIN, -1, 0, 4, 2, "offset 4: 2 labels|has 3 images"},
    {"more labels", IN_LABELS, PLAIN, 0, 1, 4, 4, "offset 4: 4 labels|has 3 images"},
    {"huge claim", IN_IMAGES, PLAIN, 0, 0, 4, 0xffffffff, "4294967295 x 2 x 2|only 12"},
    {"huge claim, gzip", IN_IMAGES, COMPRESSED_AFTER, 0, 0, 4, 0xffffffff, "at most"},
    {"overflowing claim", IN_IMAGES, PLAIN, 0, 0, 8, 0x80000000, "offset 4:|2147483648"},
    {"empty file", IN_LABELS, PLAIN, -LABELS_SIZE, 0, 0, 0, "offset 0:|header"},
};

static size_t edit(const change_t *change, unsigned char bytes[ROOM], size_t size) {
    if (change->offset || change->value)
        for (int i = 0; i < 4; i++)
            bytes[change->offset + i] = (unsigned char)(change->value >> (24 - 8 * i));
    size = (size_t)(change->length > 0 ? change->length : (long)size + change->length);
    memset(bytes + size, 'x', (size_t)change->more);
    return size + (size_t)change->more;
}

static void write_changed(const char *name, const unsigned char *content, size_t size,
                          const change_t *change) {
    unsigned char bytes[ROOM];
    char compressed[ROOM];
    memcpy(bytes, content, size);
    snprintf(compressed, sizeof compressed, "%s.gz", name);
    if (change && change->form == COMPRESSED_BEFORE) {
        write_gzip(compressed, bytes, size);
        size = read_file(compressed, bytes, sizeof bytes);
    }
    if (change)
        size = edit(change, bytes, size);
    if (change && change->form == COMPRESSED_AFTER)
        write_gzip(compressed, bytes, size);
    else
        write_file(change && change->form == COMPRESSED_BEFORE ? compressed : name, bytes,
                   size);
}

START_TEST(broken_files_are_refused) {
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const change_t *change = &changes[i];
        bool in_images = change->file == IN_IMAGES;
        gradus_dataset data;
        gradus_error why = {0};
        write_changed(IMAGES_NAME, images, IMAGES_SIZE, in_images ? change : NULL);
        write_changed(LABELS_NAME, labels, LABELS_SIZE, in_images ? NULL : change);
        gradus_err err = gradus_dataset_open(&data, "idx:", GRADUS_TRAINING, 0, &why);
        check_sentence(change->what, err, GRADUS_EINPUT, &why, change->says);
        ck_assert_ptr_nonnull(strstr(why.text, in_images ? IMAGES_NAME : LABELS_NAME));
        ck_assert_ptr_null(data.bytes);
        remove_pair();
    }
}
END_TEST

START_TEST(missing_files_are_named) {
    gradus_dataset data;
    gradus_error why;
    gradus_err err = gradus_dataset_open(&data, "idx:here-", GRADUS_TRAINING, 0, &why);
    check_sentence("no pair", err, GRADUS_EINPUT, &why,
                   "here-" IMAGES_NAME ": No such file|.gz");
    write_file(IMAGES_NAME, images, IMAGES_SIZE);
    err = gradus_dataset_open(&data, "idx:", GRADUS_TRAINING, 0, &why);
    check_sentence("no labels", err, GRADUS_EINPUT, &why, LABELS_NAME ": No such file");
    write_file(LABELS_NAME, labels, LABELS_SIZE);
    err = gradus_dataset_open(&data, "idx:", GRADUS_TESTING, 0, &why);
    check_sentence("no test set", err, GRADUS_EINPUT, &why, "t10k-images-idx3-ubyte: No");
    err = gradus_dataset_open(&data, "idx:", GRADUS_TRAINING, 5, &why);
    check_sentence("features", err, GRADUS_EINPUT, &why, "has 4 features, expected 5");
    remove_pair();
}
END_TEST

int main(void) {
    const TTest *const tests[] = {plain_and_compressed_files_are_read,
                                  checksums_are_those_of_the_files,
                                  broken_files_are_refused, missing_files_are_named};
    return run_tests("idx", tests, sizeof tests / sizeof *tests);
}
