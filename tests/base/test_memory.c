/* Zeroed, aligned, and NULL rather than too little.  */

#include "../support.h"
#include "base/memory.h"

START_TEST(zeroed_and_aligned) {
    for (size_t size = 0; size < 300; size++) {
        char *memory = gradus_allocate(size, 3);
        ck_assert_ptr_nonnull(memory); /* also for nothing */
        ck_assert_uint_eq((uintptr_t)memory % 64, 0);
        for (size_t i = 0; i < 3 * size; i++)
            ck_assert_int_eq(memory[i], 0);
        memset(memory, 0xa5, 3 * size);
        gradus_free(memory);
    }
    gradus_free(NULL);
}
END_TEST

START_TEST(overflow_is_no_memory) {
    static const size_t counts[] = {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 8 + 2,
                                    SIZE_MAX - 63};
    for (int i = 0; i < 4; i++) {
        ck_assert_ptr_null(gradus_allocate(counts[i], 8));
        ck_assert_ptr_null(gradus_allocate(8, counts[i]));
    }
    ck_assert_ptr_null(gradus_allocate(1, SIZE_MAX));
    ck_assert_ptr_null(GRADUS_NEW(SIZE_MAX / sizeof(double), double));
}
END_TEST

TEST_MAIN("memory", zeroed_and_aligned, overflow_is_no_memory)
