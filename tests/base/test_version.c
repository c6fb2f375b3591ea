/* One version everywhere, and which programs it is for.  */

#include "../support.h"
#include "gradus.h"

START_TEST(header_and_package_agree) {
    char text[64];
    snprintf(text, sizeof text, "%d.%d.%d", GRADUS_VERSION_MAJOR, GRADUS_VERSION_MINOR,
             GRADUS_VERSION_PATCH);
    ck_assert_str_eq(text, PACKAGE_VERSION); /* configure.ac's */
    ck_assert_str_eq(gradus_version(), PACKAGE_VERSION);
}
END_TEST

START_TEST(other_headers_are_refused) {
    gradus_error why = {0};
    assert_ok(GRADUS_CHECK_VERSION(&why));
    ck_assert_int_eq(why.code, 0);
    for (int step = -1; step <= 1; step += 2) {
        ck_assert_int_eq(
            gradus_check_version(GRADUS_VERSION_MAJOR + step, GRADUS_VERSION_MINOR, &why),
            GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, gradus_version());
    }
    /* A newer header than the library; an older one too while nothing is promised.  */
    ck_assert_int_eq(
        gradus_check_version(GRADUS_VERSION_MAJOR, GRADUS_VERSION_MINOR + 1, NULL),
        GRADUS_EINPUT);
    ck_assert_int_eq(
        gradus_check_version(GRADUS_VERSION_MAJOR, GRADUS_VERSION_MINOR - 1, NULL),
        GRADUS_VERSION_MAJOR ? GRADUS_OK : GRADUS_EINPUT);
}
END_TEST

TEST_MAIN("version", header_and_package_agree, other_headers_are_refused)
