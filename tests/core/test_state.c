/* The memory of a method: listed by name, zeroed, and honest when there is none.  */

#include "../support.h"
#include "base/memory.h"
#include "core/state.h"

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
    const gradus_item want[] = {
        {.kind = GRADUS_ITEM_VECTOR, .name = "g", .data = g, .count = 4},
        {.kind = GRADUS_ITEM_SCRATCH, .name = NULL, .data = scratch, .count = 5},
        {.kind = GRADUS_ITEM_REAL, .name = "rate", .data = &rate, .count = 1},
        {.kind = GRADUS_ITEM_VECTOR, .name = "v", .data = v, .count = 2},
        {.kind = GRADUS_ITEM_SIZE, .name = "updates", .data = &updates, .count = 1}};
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

/* An owner that begins anew gets the memory it had, zeroed but for what it carries; what
   others have is let be.  */
START_TEST(an_owner_begins_anew) {
    gradus_state state = {0};
    double *others = gradus_state_vector(&state, "other", 1);
    const gradus_item *mark = state.last;
    ask(&state);
    gradus_state_carry(&state, v);
    gradus_state_carry(&state, &updates);
    gradus_state_carry(&state, NULL);
    double *first_g = g, *first_v = v;
    int *first_scratch = scratch;
    others[0] = 1.0, g[3] = 2.0, v[1] = 3.0, scratch[4] = 4;
    rate = 0.25, updates = 7;
    long items = live;
    gradus_state_rewind(&state, mark);
    rate = 0.5, updates = 3; /* as the owner's `open` says */
    ask(&state);
    gradus_state_settle(&state, mark);
    ck_assert_int_eq(live, items);
    ck_assert(g == first_g && v == first_v && scratch == first_scratch);
    ck_assert(g[3] == 0.0 && scratch[4] == 0 && rate == 0.5);
    ck_assert(others[0] == 1.0 && v[1] == 3.0 && updates == 7);
    updates = 3;
    gradus_state_release(&state);
    ck_assert_int_eq(live, 0);
}
END_TEST

TEST_MAIN("state", items_are_listed_in_order, failure_is_remembered, an_owner_begins_anew)
