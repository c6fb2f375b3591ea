/* The memory of a method: listed by name, zeroed, and honest when there is none.  */

#include "core/memory.h"
#include "core/state.h"
#include "../support.h"

#include <limits.h>

static long budget = LONG_MAX, live;

void *gradus_allocate(size_t count, size_t size) {
    if (budget-- <= 0)
        return NULL;
    live++;
    return calloc(1, count * size + 1);
}

void gradus_free(void *memory) {
    live -= memory != NULL;
    free(memory);
}

static double rate = 0.5;
static size_t updates = 3;
static double *g, *v;
static int *scratch;

static void ask(gradus_state *state) {
    g = gradus_state_vector(state, "g", 4);
    scratch = gradus_state_scratch(state, 5, sizeof *scratch);
    gradus_state_keep_real(state, "rate", &rate);
    v = gradus_state_vector(state, "v", 2);
    gradus_state_keep_size(state, "updates", &updates);
}

START_TEST(items_are_listed_in_order) {
    gradus_state state = {0};
    ask(&state);
    ck_assert(!state.failed);
    const gradus_item want[] = {{NULL, GRADUS_ITEM_VECTOR, "g", g, 4},
                                {NULL, GRADUS_ITEM_SCRATCH, NULL, scratch, 5},
                                {NULL, GRADUS_ITEM_REAL, "rate", &rate, 1},
                                {NULL, GRADUS_ITEM_VECTOR, "v", v, 2},
                                {NULL, GRADUS_ITEM_SIZE, "updates", &updates, 1}};
    const gradus_item *item = state.first;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++, item = item->next) {
        ck_assert_ptr_nonnull(item);
        ck_assert_int_eq(item->kind, want[i].kind);
        ck_assert_ptr_eq(item->data, want[i].data);
        ck_assert_uint_eq(item->count, want[i].count);
        ck_assert(want[i].name ? strcmp(item->name, want[i].name) == 0 : !item->name);
    }
    ck_assert_ptr_null(item);
    for (int i = 0; i < 4; i++)
        ck_assert(g[i] == 0.0);
    gradus_state_release(&state);
    ck_assert_ptr_null(state.first);
    ck_assert_int_eq(live, 0);
    gradus_state_release(&state); /* of nothing */
}
END_TEST

START_TEST(failure_is_remembered) {
    for (long k = 0;; k++) {
        gradus_state state = {0};
        budget = k;
        ask(&state);
        bool enough = budget >= 0;
        ck_assert(state.failed == !enough);
        ck_assert(enough || !v || k > 5); /* nothing is handed out after a failure */
        budget = LONG_MAX;
        gradus_state_release(&state);
        ck_assert_int_eq(live, 0);
        if (enough)
            break;
    }
}
END_TEST

TEST_MAIN("state", items_are_listed_in_order, failure_is_remembered)
