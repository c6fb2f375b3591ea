/* What the adaptive rules share: running averages, their bias, and the divisor with its small
   constant.  */

#ifndef GRADUS_FIRST_ORDER_AVERAGES_H
#define GRADUS_FIRST_ORDER_AVERAGES_H

#include "gradus.h"

#include <math.h>
#include <stdbool.h>

/* decay old + (1 - decay) new.  */
static inline double gradus_average(double decay, double old, double new) {
    return decay * old + (1.0 - decay) * new;
}

/* 1 / (1 - decay^t): what an average of t numbers that began at 0 lacks.  */
static inline double gradus_unbias(double decay, double t) {
    return 1.0 / (1.0 - pow(decay, t));
}

/* top / bottom, and 0 / 0 = 0: a parameter whose gradient has always been zero stays where it is,
   also when epsilon is 0.  */
static inline double gradus_ratio(double top, double bottom) {
    return top / (bottom > 0.0 ? bottom : 1.0);
}

/* The small constant that keeps a divisor away from zero: added to the root or under it.  The
   member `divisor` of a method's parameter struct.  */
typedef struct gradus_divisor_params {
    double epsilon;
    long epsilon_placement;
} gradus_divisor_params;

enum { GRADUS_EPSILON_OUTSIDE, GRADUS_EPSILON_INSIDE };

#define GRADUS_DIVISOR_ROWS(T, EPSILON)                                                    \
    {GRADUS_FIELD_OF(T, divisor, gradus_divisor_params, epsilon),                          \
     .initial = (EPSILON),                                                                 \
     .minimum = 0,                                                                         \
     .maximum = INFINITY,                                                                  \
     .flags = GRADUS_LOG,                                                                  \
     .help = "Keeps the divisor away from zero."},                                         \
    {                                                                                      \
        GRADUS_FIELD_OF(T, divisor, gradus_divisor_params, epsilon_placement),             \
            .choices = "outside|inside",                                                   \
            .help = "Whether epsilon is added to the square root or under it."             \
    }

/* sqrt(square) + epsilon, or sqrt(square + epsilon).  INSIDE is a constant in a kernel.  */
static inline double gradus_divisor(double square, double epsilon, bool inside) {
    return inside ? sqrt(square + epsilon) : sqrt(square) + epsilon;
}

/* Kernels move_outside and move_inside from `move`, which takes INSIDE as its last argument, and
   the choice between them.  */
#define GRADUS_DIVISOR_KERNELS(move)                                                       \
    static void move##_outside(const void *self, double rate, double x[], size_t begin,    \
                               size_t end) {                                               \
        move(self, rate, x, begin, end, false);                                            \
    }                                                                                      \
    static void move##_inside(const void *self, double rate, double x[], size_t begin,     \
                              size_t end) {                                                \
        move(self, rate, x, begin, end, true);                                             \
    }
#define GRADUS_DIVISOR_KERNEL(move, params)                                                \
    ((params)->divisor.epsilon_placement == GRADUS_EPSILON_INSIDE ? move##_inside          \
                                                                  : move##_outside)

/* Rows for the decays of the two moments, members beta1 and beta2 of T.  */
#define GRADUS_MOMENT_ROWS(T)                                                              \
    {GRADUS_FIELD(T, beta1),                                                               \
     .initial = 0.9,                                                                       \
     .minimum = 0,                                                                         \
     .maximum = 1,                                                                         \
     .flags = GRADUS_OPEN_MAXIMUM,                                                         \
     .help = "Decay of the average of gradients."},                                        \
    {                                                                                      \
        GRADUS_FIELD(T, beta2), .initial = 0.999, .minimum = 0, .maximum = 1,              \
                                .flags = GRADUS_OPEN_MAXIMUM,                              \
                                .help = "Decay of the average of squared gradients."       \
    }

#endif
