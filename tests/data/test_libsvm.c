/* LIBSVM text: what is read, and what is refused with which sentence.  */

#include "data/dataset.h"
#include "files.h"

#include <locale.h>
#include <math.h>

#define NAME "data.svm"

static gradus_err open_text(gradus_dataset *data, const char *text, size_t size,
                            size_t features, gradus_error *why) {
    write_file(NAME, text, size);
    return gradus_dataset_open(data, NAME, GRADUS_TRAINING, features, why);
}

static void open_well(gradus_dataset *data, const char *text, size_t features) {
    gradus_error why = {0};
    gradus_err err = open_text(data, text, strlen(text), features, &why);
    ck_assert_msg(err == GRADUS_OK, "'%s': %s", text, why.text);
    ck_assert_int_eq(data->storage, GRADUS_DOUBLES);
    ck_assert_ptr_null(data->bytes);
    ck_assert_double_eq(data->scale, 1.0);
}

/* Blanks, signs, comments, both line ends, an example without features, and no newline at
   the end of the file.  */
static const char valid[] = "# a comment\n"
                            "+1 1:2.385 3:-4e-3\r\n"
                            "\n"
                            "-1\t2:.5   4:7. # another 9:9\n"
                            " \t\r\n"
                            "2.5\n"
                            "1e1 4:+1E+2 ";
static const double valid_rows[] = {2.385, 0, -4e-3, 0, 0, 0.5, 0, 7,
                                    0,     0, 0,     0, 0, 0,   0, 100};
static const double valid_labels[] = {1, -1, 2.5, 10};

static void check_valid(const gradus_dataset *data) {
    ck_assert_uint_eq(data->examples, 4);
    ck_assert_uint_eq(data->features, 4);
    ck_assert_mem_eq(data->doubles, valid_rows, sizeof valid_rows);
    ck_assert_mem_eq(data->labels, valid_labels, sizeof valid_labels);
    ck_assert_uint_eq(data->source_count, 1);
    ck_assert_str_eq(data->sources[0].path, NAME);
}

START_TEST(valid_text_is_read) {
    gradus_dataset data;
    char expected[32];
    open_well(&data, valid, 0);
    check_valid(&data);
    snprintf(expected, sizeof expected, "crc32:%08lx",
             crc32(0, (const unsigned char *)valid, sizeof valid - 1));
    ck_assert_str_eq(data.sources[0].checksum, expected);
    gradus_dataset_close(&data);

    unlink(NAME);
    write_gzip(NAME, valid, sizeof valid - 1);
    ck_assert_int_eq(gradus_dataset_open(&data, NAME, GRADUS_TESTING, 4, NULL), GRADUS_OK);
    check_valid(&data);
    gradus_dataset_close(&data);
}
END_TEST

/* Zeros that are listed stay listed; rows without an entry are rows.  */
START_TEST(what_is_listed_is_what_is_stored) {
    gradus_dataset data;
    gradus_error why = {0};
    write_file(NAME, valid, sizeof valid - 1);
    ck_assert_int_eq(gradus_dataset_open_stored(&data, NAME, GRADUS_TRAINING, 0,
                                                GRADUS_STORE_SPARSE, &why),
                     GRADUS_OK);
    ck_assert_int_eq(data.storage, GRADUS_SPARSE);
    ck_assert_uint_eq(data.examples, 4);
    ck_assert_uint_eq(data.features, 4);
    ck_assert_mem_eq(data.labels, valid_labels, sizeof valid_labels);
    static const uint32_t columns[] = {0, 2, 1, 3, 3};
    static const double values[] = {2.385, -4e-3, 0.5, 7, 100};
    static const size_t counts[] = {2, 2, 0, 1};
    ck_assert_mem_eq(data.columns, columns, sizeof columns);
    ck_assert_mem_eq(data.doubles, values, sizeof values);
    for (size_t i = 0, before = 0; i < 4; before += counts[i++]) {
        ck_assert_uint_eq(data.rows[i].count, counts[i]);
        ck_assert(data.rows[i].columns == data.columns + before);
        ck_assert(data.rows[i].values == data.doubles + before);
    }
    gradus_dataset_close(&data);
    static const char zeros[] = "1 2:0 4294967296:-0\n2\n";
    write_file(NAME, zeros, sizeof zeros - 1);
    ck_assert_int_eq(gradus_dataset_open_stored(&data, NAME, GRADUS_TRAINING, 0,
                                                GRADUS_STORE_AUTO, &why),
                     GRADUS_OK);
    ck_assert_uint_eq(data.features, (size_t)1 << 32);
    ck_assert_uint_eq(data.rows[0].count, 2);
    ck_assert_uint_eq(data.rows[0].columns[1], UINT32_MAX);
    gradus_dataset_close(&data);
}
END_TEST

START_TEST(features_may_be_more_than_the_largest_index) {
    gradus_dataset data;
    open_well(&data, "1 2:3\n2 1:4\n", 3);
    const double rows[] = {0, 3, 0, 4, 0, 0};
    ck_assert_uint_eq(data.features, 3);
    ck_assert_mem_eq(data.doubles, rows, sizeof rows);
    gradus_dataset_close(&data);
    open_well(&data, "1\n", 2);
    ck_assert_uint_eq(data.features, 2);
    gradus_dataset_close(&data);
}
END_TEST

/* Against strtod of the C library, bit for bit, over both ways of converting.  */
START_TEST(numbers_are_rounded_correctly) {
    static const char *const numbers[] = {"0",
                                          "-0",
                                          "1",
                                          "0.1",
                                          "123456789012345678",
                                          "9007199254740992",
                                          "9007199254740993",
                                          "9007199254740993e1",
                                          "1e22",
                                          "1e23",
                                          "1e-22",
                                          "1e-23",
                                          "3.14159265358979312",
                                          "0.30000000000000004",
                                          "2.2250738585072014e-308",
                                          "4.9e-324",
                                          "1e-400",
                                          "1.7976931348623157e308",
                                          "000000000000000000000000001.5",
                                          "1e0000000000000000002",
                                          "0.000000000000000000000000000000000000000000001",
                                          "8.5e-05",
                                          "123456.789e+10",
                                          "179769313486231570814527423731704356798070e267"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        gradus_dataset data;
        char text[256];
        snprintf(text, sizeof text, "%s 1:%s\n", numbers[i], numbers[i]);
        open_well(&data, text, 0);
        double expected = strtod(numbers[i], NULL);
        ck_assert_mem_eq(data.labels, &expected, sizeof expected);
        ck_assert_mem_eq(data.doubles, &expected, sizeof expected);
        gradus_dataset_close(&data);
    }
    unsigned state = 2385;
    for (int i = 0; i < 2000; i++) {
        gradus_dataset data;
        char number[64], text[256];
        state = state * 1664525u + 1013904223u; /* Numerical Recipes' generator */
        snprintf(number, sizeof number, "%.*ge%d", 1 + i % 19, state * 1.000000123456789e-9,
                 (int)(state % 61) - 30);
        char *exponent = strchr(number, 'e');
        if (strchr(exponent + 1, 'e')) /* %g gave one already */
            *strchr(exponent + 1, 'e') = '\0';
        snprintf(text, sizeof text, "1 1:%s\n", number);
        open_well(&data, text, 0);
        double expected = strtod(number, NULL);
        ck_assert_msg(data.doubles[0] == expected, "%s: %.17g, not %.17g", number,
                      data.doubles[0], expected);
        gradus_dataset_close(&data);
    }
}
END_TEST

START_TEST(a_locale_with_a_comma_changes_nothing) {
    gradus_dataset data;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        puts("no locale with a decimal comma is installed: tested with the default one");
    open_well(&data, "1 1:0.12345678901234567890\n", 0);
    ck_assert_double_eq(data.doubles[0], 0.12345678901234567890);
    gradus_dataset_close(&data);
    setlocale(LC_ALL, "C");
}
END_TEST

/* Longer than the first buffer, so that it grows in the middle of a line, and of a number.
 */
START_TEST(long_lines_are_read) {
    enum { ENTRIES = 100000, ENTRY = 24 };
    char *text = malloc(2 * (size_t)ENTRIES * ENTRY);
    size_t size = 0;
    for (int line = 0; line < 2; line++) {
        size += (size_t)sprintf(text + size, "%d", line);
        for (int i = 1; i <= ENTRIES; i++)
            size += (size_t)sprintf(text + size, " %d:%d.25", i, i + line);
        text[size++] = '\n';
    }
    gradus_dataset data;
    text[size] = '\0';
    open_well(&data, text, 0);
    ck_assert_uint_eq(data.features, ENTRIES);
    ck_assert_uint_eq(data.examples, 2);
    for (int line = 0; line < 2; line++)
        for (int i = 1; i <= ENTRIES; i++)
            ck_assert(data.doubles[line * ENTRIES + i - 1] == i + line + 0.25);
    gradus_dataset_close(&data);
    free(text);
}
END_TEST

typedef struct {
    const char *what, *text;
    size_t features;
    const char *says;
} broken_t;

static const broken_t broken[] = {
    {"empty file", "", 0, "no example in 0 lines"},
    {"only blanks", "\n \n", 0, "no example in 2 lines"},
    {"no feature", "1\n2\n", 0, "no feature in 2 lines"},
    {"bad label", "1 1:1\nspam 1:1\n", 0, "line 2: 'spam': expected a label"},
    {"two labels", "1,2 1:1\n", 0, "line 1: '1,2': expected a label"},
    {"no label", "1 1:1\n\n1:5\n", 0, "line 3: '1:5': expected a label"},
    {"label NaN", "nan 1:1\n", 0, "line 1: 'nan': expected a label|finite"},
    {"label infinite", "1e999 1:1\n", 0, "line 1: '1e999': expected a label|finite"},
    {"label hexadecimal", "0x10 1:1\n", 0, "line 1: '0x10': expected a label"},
    {"label a sign", "- 1:1\n", 0, "line 1: '-': expected a label"},
    {"index 0", "1 0:1\n", 0, "line 1: '0:1': expected index:value|from 1"},
    {"index negative", "1 -2:1\n", 0, "line 1: '-2:1': expected index:value"},
    {"index decreasing", "1 1:1\r\n1 3:1 2:1\r\n", 0, "line 2: '2:1'|above 3"},
    {"index duplicate", "1 3:1 3:1\n", 0, "line 1: '3:1'|above 3"},
    {"index beyond", "1 2:1\n1 3:1\n", 2, "line 2: '3:1': expected an index of at most 2"},
    {"index huge", "1 99999999999999999999:1\n", 0, "line 1: '9999999|whole number"},
    {"index overflows", "1 18446744073709551617:1\n", 0, "line 1:|whole number"},
    {"index of 33 bits", "1 4294967297:1\n", 0, "line 1:|at most 4294967296"},
    {"index a word", "1 qid:3 1:1\n", 0, "line 1: 'qid:3': expected index:value"},
    {"no colon", "1 1:1 5\n", 0, "line 1: '5': expected index:value"},
    {"no value", "1 1:\n", 0, "line 1: '1:': expected a finite number after the colon"},
    {"no value after a blank", "1 1: 2:3\n", 0, "line 1: '1:': expected a finite number"},
    {"value NaN", "1 1:1\n1 1:NaN\n", 0, "line 2: '1:NaN': expected a finite number"},
    {"value infinite", "1 1:-inf\n", 0, "line 1: '1:-inf': expected a finite number"},
    {"value overflows", "1 1:1e400\n", 0, "line 1: '1:1e400': expected a finite number"},
    {"value with junk", "1 1:2x 2:1\n", 0, "line 1: '1:2x': expected a finite number"},
    {"value with comma", "1 1:2,5\n", 0, "line 1: '1:2,5': expected a finite number"},
    {"exponent alone", "1 1:2e\n", 0, "line 1: '1:2e': expected a finite number"},
    {"only a point", "1 1:.\n", 0, "line 1: '1:.': expected a finite number"},
    {"trailing junk", "1 1:2\n1 1:3 junk\n", 0, "line 2: 'junk': expected index:value"},
    {"carriage return inside", "1 1:2\r 2:3\n", 0, "line 1: '1:2?'"},
    {"control characters", "1 1:2\n\033[31m\n", 0, "line 2: '?[31m': expected a label"},
    {"long token", "1 1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 0,
     "line 1: '1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'"},
    {"wide", "1 300000000:1\n", 0, "1 examples of 300000000 features|2.24 GiB|dense"},
    {"wide by request", "1 1:1\n", 300000000, "2.24 GiB|dense"},
    {"overflowing size", "1 1:1\n1 1:2\n", (size_t)1 << 63, "dense"},
};

START_TEST(broken_text_is_refused) {
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const broken_t *b = &broken[i];
        gradus_dataset data;
        gradus_error why = {0};
        gradus_err err = open_text(&data, b->text, strlen(b->text), b->features, &why);
        check_sentence(b->what, err, GRADUS_EINPUT, &why, b->says);
        ck_assert_msg(strncmp(why.text, NAME ": ", strlen(NAME ": ")) == 0, "%s", why.text);
        ck_assert_ptr_null(data.doubles);
        ck_assert_ptr_null(data.labels);
    }
}
END_TEST

/* A byte-order mark, blanks after the colon as in LIBSVM's own `protein`, numbers without
   digits on one side of the point, and line ends of two bytes.  */
START_TEST(spellings_of_others_are_read) {
    static const char text[] = "\xef\xbb\xbf+1 1: .5  2:\t1.\r\n-1 2:+3e0\r\n";
    static const double want[] = {0.5, 1, 0, 3};
    gradus_dataset data;
    gradus_error why = {0};
    write_file(NAME, text, sizeof text - 1);
    gradus_err err = gradus_dataset_open(&data, NAME, GRADUS_TRAINING, 0, &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_uint_eq(data.examples, 2);
    ck_assert_uint_eq(data.features, 2);
    ck_assert_mem_eq(data.doubles, want, sizeof want);
    ck_assert_double_eq(data.labels[0], 1);
    ck_assert_double_eq(data.labels[1], -1);
    gradus_dataset_close(&data);
}
END_TEST

/* Formats that are not read are named.  */
START_TEST(other_formats_are_named) {
    static const struct {
        const char *bytes;
        size_t size;
        const char *says;
    } others[] = {{"\xfd" "7zXZ\0\0\4", 8, "compressed by xz|`xz -d`"},
                  {"BZh91AY&SY", 10, "compressed by bzip2|`bzip2 -d`"},
                  {"\x28\xb5\x2f\xfd\4\0", 6, "compressed by zstd|`zstd -d`"},
                  {"\x04\x22\x4d\x18\x64", 5, "compressed by lz4|`lz4 -d`"},
                  {"PK\3\4\0\0", 6, "compressed by zip|`unzip`"},
                  {"\x93NUMPY\1\0", 8, "NumPy|HDF5"},
                  {"PAR1\0", 5, "Parquet|HDF5"},
                  {"ARROW1\0\0", 8, "Arrow|HDF5"},
                  {"\xff\xfe" "1\0 \0", 6, "UTF-16|iconv"},
                  {"0.5,1,2\n", 8, "line 1: '0.5,1,2': |commas"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        gradus_dataset data;
        gradus_error why = {0};
        write_file(NAME, others[i].bytes, others[i].size);
        gradus_err err = gradus_dataset_open(&data, NAME, GRADUS_TRAINING, 0, &why);
        check_sentence(others[i].says, err, GRADUS_EINPUT, &why, others[i].says);
        ck_assert_int_eq(strncmp(why.text, NAME ": ", strlen(NAME ": ")), 0);
    }
}
END_TEST

START_TEST(zero_bytes_and_damaged_gzip_are_refused) {
    static const char zero[] = "1 1:2\n1 1:\0002\n";
    gradus_dataset data;
    gradus_error why = {0};
    gradus_err err = open_text(&data, zero, sizeof zero - 1, 0, &why);
    check_sentence("zero byte", err, GRADUS_EINPUT, &why, NAME ": line 2: |zero byte");

    unsigned char bytes[256];
    unlink(NAME);
    write_gzip(NAME, valid, sizeof valid - 1);
    size_t size = read_file(NAME, bytes, sizeof bytes);
    err = open_text(&data, (char *)bytes, size - 3, 0, &why);
    check_sentence("cut gzip", err, GRADUS_EINPUT, &why, NAME ": offset |gzip|cut short");
    bytes[size - 5] ^= 1; /* in the checksum */
    err = open_text(&data, (char *)bytes, size, 0, &why);
    check_sentence("bad gzip", err, GRADUS_EINPUT, &why, NAME ": offset |gzip|data check");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {spellings_of_others_are_read, other_formats_are_named,
                                  valid_text_is_read,
                                  what_is_listed_is_what_is_stored,
                                  features_may_be_more_than_the_largest_index,
                                  numbers_are_rounded_correctly,
                                  a_locale_with_a_comma_changes_nothing,
                                  long_lines_are_read,
                                  broken_text_is_refused,
                                  zero_bytes_and_damaged_gzip_are_refused};
    return run_tests("libsvm", tests, sizeof tests / sizeof *tests);
}
