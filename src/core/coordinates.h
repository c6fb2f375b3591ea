/* Coordinates that any method can run in: a linear change of variables x = J z between the
   oracle and the method.  The method moves z; everything measured, remembered, traced and
   saved stays canonical, in x.  Then

     gradient in z = J' gradient in x,      Hessian in z = J' (Hessian in x) J.  */

#ifndef GRADUS_CORE_COORDINATES_H
#define GRADUS_CORE_COORDINATES_H

#include "core/run.h"
#include "core/state.h"

/* All maps work in place on a vector of the problem's dimension, give the same bits for any
   number of threads, and do not depend on anything but the last refresh.  */
typedef struct gradus_coordinates_type {
    const char *name;
    unsigned needs; /* of the problem, enum gradus_ability */
    size_t size;    /* of the instance, zeroed before open */

    /* VALUES, the options of the run, outlive the run.  */
    gradus_err (*open)(void *self, const gradus_run_values *values, gradus_oracle *oracle,
                       gradus_state *state, gradus_error *why);
    /* Finds J at the canonical point X, billed as it goes.  When there is none, sets
       REPORT's stop and detail.  */
    gradus_err (*refresh)(void *self, gradus_oracle *oracle, const double x[],
                          gradus_report *report);
    void (*to_canonical)(void *self, double z[]);   /* z <- J z */
    void (*from_canonical)(void *self, double x[]); /* x <- J^-1 x */
    void (*pull_gradient)(void *self, double g[]);  /* g <- J' g */
} gradus_coordinates_type;

/* A type with its instance and the last point it mapped: a method asks for value, gradient
   and products at one point, where the run then measures.  */
typedef struct gradus_coordinates {
    const gradus_coordinates_type *type; /* NULL: canonical, and nothing else is set */
    void *self;
    size_t n;
    double *z;       /* n: the last point */
    double *x;       /* n: the same in canonical coordinates */
    double *scratch; /* n: a direction */
} gradus_coordinates;

/* Refuses a problem that the coordinates cannot be made for, and a method that would look
   past them.  */
gradus_err gradus_coordinates_fit(const gradus_coordinates_type *type,
                                  const gradus_method *method,
                                  const gradus_problem *problem, gradus_error *why);

/* For a problem of dimension N.  */
gradus_err gradus_coordinates_open(gradus_coordinates *coordinates,
                                   const gradus_coordinates_type *type, size_t n,
                                   const gradus_run_values *values, gradus_oracle *oracle,
                                   gradus_state *state, gradus_error *why);
/* Finds J at X, the start or where it is to be made anew.  X stays the canonical form of what
   is then coordinates->z, to the bit, until another point is mapped.  */
gradus_err gradus_coordinates_begin(gradus_coordinates *coordinates, gradus_oracle *oracle,
                                    const double x[], gradus_report *report);

/* What the state of the run does not hold already.  */
void gradus_coordinates_list(gradus_coordinates *coordinates, gradus_inventory *inventory);

/* J z and J v, borrowed until the next call.  */
const double *gradus_coordinates_point(gradus_coordinates *coordinates, const double z[]);
const double *gradus_coordinates_direction(gradus_coordinates *coordinates,
                                           const double v[]);
/* g <- J' g.  */
void gradus_coordinates_gradient(gradus_coordinates *coordinates, double g[]);
/* H <- J' H J, symmetric n x n.  */
void gradus_coordinates_hessian(gradus_coordinates *coordinates, double H[]);

#endif
