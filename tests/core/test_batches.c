/* Every example exactly once an epoch, in the same order for the same seed.  */

#include "core/batches.h"
#include "../support.h"

static void check_epochs(size_t examples, size_t size) {
    gradus_batches b;
    assert_ok(gradus_batches_open(&b, examples, size, GRADUS_SHUFFLED, 5));
    size_t seen[64] = {0}, drawn = 0;
    for (size_t epoch = 1; epoch <= 3; epoch++) {
        for (size_t first = 0; first < examples; first += size) {
            gradus_batch batch = gradus_batches_next(&b);
            size_t left = examples - first;
            ck_assert_uint_eq(batch.count, left < size ? left : size);
            for (size_t i = 0; i < batch.count; i++)
                seen[batch.rows ? batch.rows[i] : i]++;
            drawn += batch.count;
            assert_close(gradus_batches_epoch(&b), (double)drawn / (double)examples, 0.0);
        }
        for (size_t i = 0; i < examples; i++)
            ck_assert_uint_eq(seen[i], epoch);
    }
    gradus_batches_close(&b);
}

START_TEST(every_example_once_an_epoch) {
    check_epochs(10, 4);
    check_epochs(10, 5);
    check_epochs(10, 1);
    check_epochs(10, 9);
    check_epochs(10, 10);
    check_epochs(1, 1);
    check_epochs(61, 7);
}
END_TEST

START_TEST(full_batch_has_no_order) {
    static const size_t sizes[] = {0, 10};
    for (int i = 0; i < 2; i++) {
        gradus_batches b;
        assert_ok(gradus_batches_open(&b, 10, sizes[i], GRADUS_SHUFFLED, 5));
        gradus_batch batch = gradus_batches_next(&b);
        ck_assert(batch.count == 10 && !batch.rows && b.size == 10);
        gradus_batches_close(&b);
    }
}
END_TEST

/* The batches follow from seed, size and number of examples: nothing a method does.  */
START_TEST(same_seed_same_batches) {
    static const gradus_sampling samplings[] = {GRADUS_SHUFFLED, GRADUS_IID};
    for (size_t k = 0; k < 2; k++) {
        gradus_batches a, b, other;
        assert_ok(gradus_batches_open(&a, 61, 7, samplings[k], 123));
        assert_ok(gradus_batches_open(&b, 61, 7, samplings[k], 123));
        assert_ok(gradus_batches_open(&other, 61, 7, samplings[k], 124));
        size_t differ = 0, moved = 0, first[7];
        for (int i = 0; i < 45; i++) {
            gradus_batch x = gradus_batches_next(&a), y = gradus_batches_next(&b),
                         z = gradus_batches_next(&other);
            ck_assert_uint_eq(x.count, y.count);
            ck_assert_mem_eq(x.rows, y.rows, x.count * sizeof *x.rows);
            differ += memcmp(x.rows, z.rows, x.count * sizeof *x.rows) != 0;
            if (i == 0)
                memcpy(first, x.rows, sizeof first);
            if (i == 9) /* the first of the second epoch */
                moved = memcmp(first, x.rows, sizeof first) != 0;
        }
        ck_assert_uint_gt(differ, 40); /* another seed, another order */
        ck_assert_uint_eq(moved, 1);   /* another epoch, another order */
        gradus_batches_close(&a);
        gradus_batches_close(&b);
        gradus_batches_close(&other);
    }
}
END_TEST

/* Independent draws: in 6,000 batches of 7 out of 61 every row comes 688.5 times, with a
   standard deviation of 26, and a batch without a repetition has probability 0.70, so that
   1,800 batches have one, with a standard deviation of 35.5; both bounds are 5 of them.  */
START_TEST(iid_draws_with_replacement) {
    gradus_batches b;
    size_t seen[61] = {0}, repeated = 0;
    assert_ok(gradus_batches_open(&b, 61, 7, GRADUS_IID, 5));
    for (size_t k = 1; k <= 6000; k++) {
        gradus_batch batch = gradus_batches_next(&b);
        bool repeats = false;
        ck_assert_uint_eq(batch.count, 7);
        for (size_t i = 0; i < 7; i++) {
            ck_assert_uint_lt(batch.rows[i], 61);
            seen[batch.rows[i]]++;
            for (size_t j = 0; j < i; j++)
                repeats |= batch.rows[i] == batch.rows[j];
        }
        repeated += repeats;
        assert_close(gradus_batches_epoch(&b), 7.0 * (double)k / 61.0, 0.0);
    }
    double worst = 0.0, without = 1.0;
    for (size_t i = 0; i < 61; i++)
        worst = fmax(worst, fabs((double)seen[i] - 42000.0 / 61.0));
    for (size_t i = 0; i < 7; i++)
        without *= 1.0 - (double)i / 61.0;
    assert_at_most("frequency of a row", worst, 5.0 * 26.1);
    assert_at_most("batches with a repetition",
                   fabs((double)repeated - 6000.0 * (1.0 - without)), 5.0 * 35.5);
    gradus_batches_close(&b);
}
END_TEST

/* In every epoch, its last batch and a full one included.  */
START_TEST(the_last_batch_is_known_again) {
    static const struct {
        size_t size;
        gradus_sampling sampling;
    } cases[] = {{4, GRADUS_SHUFFLED}, {5, GRADUS_SHUFFLED}, {1, GRADUS_SHUFFLED},
                 {9, GRADUS_SHUFFLED}, {4, GRADUS_IID},      {10, GRADUS_SHUFFLED}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        gradus_batches b;
        assert_ok(gradus_batches_open(&b, 10, cases[k].size, cases[k].sampling, 5));
        for (int i = 0; i < 30; i++) {
            gradus_batch next = gradus_batches_next(&b), last = gradus_batches_last(&b);
            ck_assert_uint_eq(last.count, next.count);
            ck_assert_ptr_eq(last.rows, next.rows);
        }
        gradus_batches_close(&b);
    }
}
END_TEST

TEST_MAIN("batches", the_last_batch_is_known_again, every_example_once_an_epoch,
          full_batch_has_no_order, same_seed_same_batches, iid_draws_with_replacement)
