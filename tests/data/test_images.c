/* Smaller and fewer images, by hand.  */

#include "data/dataset.h"
#include "data/formats.h"

#include "base/memory.h"

#include "../support.h"

enum { SIDE = 4, IMAGES = 3 };

/* Pixel (row, column) of image i is 16 i + 4 row + column.  */
static gradus_dataset make(void) {
    gradus_dataset set = {.examples = IMAGES,
                          .features = SIDE * SIDE,
                          .storage = GRADUS_BYTES,
                          .scale = 1.0 / 255.0};
    set.bytes = GRADUS_NEW(IMAGES * SIDE * SIDE, unsigned char);
    for (size_t i = 0; i < IMAGES * SIDE * SIDE; i++)
        set.bytes[i] = (unsigned char)i;
    return set;
}

static void refuse(const char *options, gradus_part part, const char *says) {
    gradus_dataset set = make();
    gradus_error why = {.text = ""};
    gradus_err err = gradus_images_reduce(&set, "pictures", options, part, &why);
    ck_assert_int_eq(err, GRADUS_EINPUT);
    ck_assert_msg(strstr(why.text, says), "'%s' lacks '%s'", why.text, says);
    gradus_dataset_close(&set);
}

/* The mean of rows 2r, 2r + 1 and columns 2c, 2c + 1 is 16 i + 4 (2r + 1/2) + 2c + 1/2.
   Sums of bytes are exact, and so is a quarter of them.  */
START_TEST(pixels_become_means_of_squares) {
    gradus_dataset set = make();
    assert_ok(gradus_images_reduce(&set, "pictures", "size=2", GRADUS_TRAINING, NULL));
    ck_assert_uint_eq(set.examples, IMAGES);
    ck_assert_uint_eq(set.features, 4);
    ck_assert(set.storage == GRADUS_DOUBLES && !set.bytes);
    for (size_t i = 0; i < IMAGES; i++)
        for (size_t r = 0; r < 2; r++)
            for (size_t c = 0; c < 2; c++) {
                double mean = 16.0 * (double)i + 8.0 * (double)r + 2.0 * (double)c + 2.5;
                assert_close(set.doubles[4 * i + 2 * r + c] * set.scale * 255.0, mean,
                             4e-16); /* two roundings, of scale and product */
            }
    gradus_dataset_close(&set);

    set = make();
    assert_ok(gradus_images_reduce(&set, "pictures", "size=4", GRADUS_TRAINING, NULL));
    ck_assert_uint_eq(set.features, SIDE * SIDE);
    ck_assert_double_eq(set.doubles[5], 5.0);
    gradus_dataset_close(&set);
}
END_TEST

START_TEST(the_first_ones_are_kept) {
    gradus_dataset set = make();
    assert_ok(
        gradus_images_reduce(&set, "pictures", "examples=2:size=1", GRADUS_TRAINING, NULL));
    ck_assert_uint_eq(set.examples, 2);
    ck_assert_uint_eq(set.features, 1);
    ck_assert_double_eq(set.doubles[1], 16 * 16 + 120); /* the sum of 16 .. 31 */
    gradus_dataset_close(&set);

    /* Of a test set at most so many.  */
    set = make();
    assert_ok(gradus_images_reduce(&set, "pictures", "examples=9", GRADUS_TESTING, NULL));
    ck_assert_uint_eq(set.examples, IMAGES);
    ck_assert(set.storage == GRADUS_BYTES);
    gradus_dataset_close(&set);
}
END_TEST

START_TEST(what_cannot_be_is_refused) {
    refuse("size=3", GRADUS_TRAINING, "pictures: size=3: expected a divisor of 4");
    refuse("size=8", GRADUS_TRAINING, "expected a divisor of 4");
    refuse("size=0", GRADUS_TRAINING, "size=0: expected an integer");
    refuse("examples=4", GRADUS_TRAINING, "examples=4: expected at most 3");
    refuse("examples=1", GRADUS_TESTING, "examples=1: expected an integer");
    refuse("siz=2", GRADUS_TRAINING, "did you mean 'size'?");
    refuse("size=2:size=2", GRADUS_TRAINING, "twice");
}
END_TEST

/* 5 features are no square.  */
START_TEST(what_is_no_image_is_refused) {
    gradus_dataset set = make();
    gradus_error why = {.text = ""};
    set.features = 5;
    ck_assert_int_eq(gradus_images_reduce(&set, "row", "size=1", GRADUS_TRAINING, &why),
                     GRADUS_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "row: size=1"));
    gradus_dataset_close(&set);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("images");
    TCase *tests = tcase_create("images");
    tcase_add_test(tests, pixels_become_means_of_squares);
    tcase_add_test(tests, the_first_ones_are_kept);
    tcase_add_test(tests, what_cannot_be_is_refused);
    tcase_add_test(tests, what_is_no_image_is_refused);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
