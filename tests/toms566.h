/* The 18 unconstrained problems of Algorithm 566 (More, Garbow and Hillstrom, ACM TOMS 7(1),
   1981), in the order and the dimensions of MINPACK's file um.data, with their minima.  */

#ifndef GRADUS_TESTS_TOMS566_H
#define GRADUS_TESTS_TOMS566_H

#include <stddef.h>

typedef struct {
    const char *spec;
    size_t starts;  /* 1, 10, 100 times the standard one; MINPACK's number of them */
    double minimum; /* as published */
} toms566_problem;

enum { TOMS566_PROBLEMS = 18 };

static const toms566_problem toms566_problems[TOMS566_PROBLEMS] = {
    {"helical_valley", 3, 0},
    {"biggs_exp6", 1, 0},
    {"gaussian", 1, 1.12793e-8},
    {"powell_badly_scaled", 1, 0},
    {"box_3d", 1, 0},
    {"variably_dimensioned:dimension=10", 3, 0},
    {"watson:dimension=12", 3, 4.72238e-10},
    {"penalty_1:dimension=10", 3, 7.08765e-5},
    {"penalty_2:dimension=10", 3, 2.93660e-4},
    {"brown_badly_scaled", 3, 0},
    {"brown_dennis", 3, 85822.2},
    {"gulf", 2, 0},
    {"trigonometric:dimension=10", 3, 0},
    {"rosenbrock:dimension=10", 3, 0},
    {"extended_powell:dimension=12", 3, 0},
    {"beale", 3, 0},
    {"wood", 3, 0},
    {"chebyquad:dimension=10", 1, 6.50395e-3},
};

#endif
