/* Maps between the method's coordinates and the problem's.  */

#include "core/coordinates.h"

#include "core/method.h"
#include "core/problem.h"
#include "linalg/product.h"

#include <string.h>

gradus_err gradus_coordinates_fit(const gradus_coordinates_type *type,
                                  const gradus_method *method,
                                  const gradus_problem *problem, gradus_error *why) {
    const char *missing =
        gradus_ability_text(type->needs & ~gradus_problem_abilities(problem));
    if (missing)
        return gradus_fail(why, GRADUS_EUNSUPPORTED,
                           "%s coordinates need %s, which %s does not have", type->name,
                           missing, problem->type->name);
    if (method->type->needs & GRADUS_CAN_LAYERS)
        return gradus_fail(why, GRADUS_EUNSUPPORTED,
                           "%s works on the layers themselves and cannot run with "
                           "coordinates=%s",
                           method->type->name, type->name);
    return GRADUS_OK;
}

gradus_err gradus_coordinates_open(gradus_coordinates *c,
                                   const gradus_coordinates_type *type, size_t n,
                                   const gradus_run_values *values, gradus_oracle *oracle,
                                   gradus_state *state, gradus_error *why) {
    *c = (gradus_coordinates){.type = type, .n = n};
    c->z = gradus_state_vector(state, "coordinates", c->n);
    c->x = gradus_state_scratch(state, c->n, sizeof(double));
    c->scratch = gradus_state_scratch(state, c->n, sizeof(double));
    c->self = gradus_state_scratch(state, 1, type->size);
    return state->failed ? GRADUS_ENOMEM : type->open(c->self, values, oracle, state, why);
}

gradus_err gradus_coordinates_begin(gradus_coordinates *c, gradus_oracle *oracle,
                                    const double x[], gradus_report *report) {
    gradus_err err = c->type->refresh(c->self, oracle, x, report);
    if (err || report->stop)
        return err;
    memcpy(c->x, x, c->n * sizeof *x);
    memcpy(c->z, x, c->n * sizeof *x);
    c->type->from_canonical(c->self, c->z);
    return GRADUS_OK;
}

void gradus_coordinates_list(gradus_coordinates *c, gradus_inventory *inventory) {
    static const char group[] = "coordinates";
    if (!c->type)
        return;
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "x", c->x, c->n);
}

const double *gradus_coordinates_point(gradus_coordinates *c, const double z[]) {
    if (memcmp(c->z, z, c->n * sizeof *z) != 0) {
        memcpy(c->z, z, c->n * sizeof *z);
        memcpy(c->x, z, c->n * sizeof *z);
        c->type->to_canonical(c->self, c->x);
    }
    return c->x;
}

const double *gradus_coordinates_direction(gradus_coordinates *c, const double v[]) {
    memcpy(c->scratch, v, c->n * sizeof *v);
    c->type->to_canonical(c->self, c->scratch);
    return c->scratch;
}

void gradus_coordinates_gradient(gradus_coordinates *c, double g[]) {
    c->type->pull_gradient(c->self, g);
}

/* Pulling a row h' of H, a gradient as any, makes it (J'h)' = h'J: all rows make H J.  Its
   transpose is J'H, whose rows make J'H J.  */
void gradus_coordinates_hessian(gradus_coordinates *c, double H[]) {
    size_t n = c->n;
    for (size_t i = 0; i < n; i++)
        c->type->pull_gradient(c->self, H + i * n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double entry = H[i * n + j];
            H[i * n + j] = H[j * n + i];
            H[j * n + i] = entry;
        }
    for (size_t i = 0; i < n; i++)
        c->type->pull_gradient(c->self, H + i * n);
    gradus_mirror(n, H); /* the halves differ by rounding */
}
