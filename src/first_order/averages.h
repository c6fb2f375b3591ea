/* What the adaptive methods share: running averages, their bias correction, and division by
   the root of one, with or without a small constant.  */

#ifndef GRADUS_FIRST_ORDER_AVERAGES_H
#define GRADUS_FIRST_ORDER_AVERAGES_H

#include "gradus.h"

#include <math.h>

enum gradus_placement { GRADUS_OUTSIDE, GRADUS_INSIDE };
enum gradus_answer { GRADUS_YES, GRADUS_NO };

/* Rows for members of a method's parameter struct T: its member F, a decay;  */
#define GRADUS_DECAY_ROW(T, F, DECAY, HELP)                                                \
    {                                                                                      \
        GRADUS_FIELD(T, F), .initial = (DECAY), .minimum = 0, .maximum = 1,                \
                            .flags = GRADUS_OPEN_MAXIMUM, .help = HELP                     \
    }

/* `beta1` and `beta2`;  */
#define GRADUS_BETA_ROWS(T, BETA1, BETA2)                                                  \
    GRADUS_DECAY_ROW(T, beta1, BETA1, "Decay of the average of gradients."),               \
        GRADUS_DECAY_ROW(T, beta2, BETA2, "Decay of the average of squared gradients.")

/* `epsilon`;  */
#define GRADUS_EPSILON_ROW(T, EPSILON)                                                     \
    {                                                                                      \
        GRADUS_FIELD(T, epsilon), .initial = (EPSILON), .minimum = 0, .maximum = INFINITY, \
                                  .flags = GRADUS_OPEN_MAXIMUM | GRADUS_LOG,               \
                                  .help = "Keeps the divisor away from zero; where the "   \
                                          "divisor is 0 a parameter stays."                \
    }

/* `epsilon_placement`, an enum gradus_placement;  */
#define GRADUS_PLACEMENT_ROW(T)                                                            \
    {                                                                                      \
        GRADUS_FIELD(T, epsilon_placement),                                                \
            .initial = GRADUS_OUTSIDE, .choices = "outside|inside",                        \
            .help = "Whether epsilon is added to the square root or under it."             \
    }

/* `bias_correction`, an enum gradus_answer.  */
#define GRADUS_CORRECTION_ROW(T, ANSWER)                                                   \
    {                                                                                      \
        GRADUS_FIELD(T, bias_correction),                                                  \
            .initial = (ANSWER), .choices = "yes|no",                                      \
            .help = "Whether the averages are corrected for having started at zero."       \
    }

/* The average after ENTRY.  */
static inline double gradus_average(double decay, double average, double entry) {
    return decay * average + (1.0 - decay) * entry;
}

/* What an average of COUNT entries that started at zero is multiplied by.  */
static inline double gradus_bias_correction(double decay, size_t count) {
    return 1.0 / (1.0 - pow(decay, (double)count));
}

/* 0 where the divisor is.  No arithmetic is conditional, so that the compiler can choose
   without branches.  */
static inline double gradus_quotient(double numerator, double divisor) {
    return numerator / (divisor == 0.0 ? INFINITY : divisor);
}

/* The small constant in its place; the other place has 0, which changes no bit.  */
typedef struct gradus_epsilon {
    double outside, inside;
} gradus_epsilon;

static inline gradus_epsilon gradus_epsilon_at(long placement, double epsilon) {
    return placement == GRADUS_INSIDE ? (gradus_epsilon){.inside = epsilon}
                                      : (gradus_epsilon){.outside = epsilon};
}

/* NUMERATOR over the root of SQUARE.  */
static inline double gradus_over_root(double numerator, double square, gradus_epsilon e) {
    return gradus_quotient(numerator, sqrt(square + e.inside) + e.outside);
}

#endif
