/* What the contenders of toms566.sh share: the problems of Algorithm 566 from the starts of
   MINPACK's um.data, and one count of evaluations for all.

   An evaluation is a point at which the value, the gradient or both are asked for; asking at
   the same point again costs nothing.  Every evaluation whose value is lower than all before
   is printed, "CONTENDER,PROBLEM,FACTOR,EVALUATION,VALUE", so that how many it took to any
   accuracy can be told afterwards, whatever a contender's own tolerance was.  */

#ifndef GRADUS_BENCH_TOMS566_CASE_H
#define GRADUS_BENCH_TOMS566_CASE_H

#include "core/problem.h"
#include "../tests/toms566.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BENCH_LARGEST = 16, BENCH_EVALUATIONS = 10000 };

typedef struct {
    const char *contender, *spec;
    double factor;
    gradus_problem *problem;
    size_t dimension, evaluations;
    double start[BENCH_LARGEST];
    double x[BENCH_LARGEST], g[BENCH_LARGEST], value; /* of the last point */
    double lowest;
} bench_case;

static void bench_evaluate(bench_case *c, const double x[]) {
    const gradus_batch whole = {.count = 1};
    size_t size = c->dimension * sizeof *x;
    if (c->evaluations > 0 && memcmp(c->x, x, size) == 0)
        return;
    memcpy(c->x, x, size);
    if (c->problem->type->evaluate(c->problem->self, &whole, x, &c->value, c->g))
        exit(3);
    c->evaluations++;
    if (!(c->value < c->lowest))
        return;
    c->lowest = c->value;
    printf("%s,%s,%g,%zu,%.17g\n", c->contender, c->spec, c->factor, c->evaluations,
           c->value);
}

static double bench_value(bench_case *c, const double x[], double g[]) {
    bench_evaluate(c, x);
    if (g)
        memcpy(g, c->g, c->dimension * sizeof *g);
    return c->value;
}

/* FACTOR times the standard start; where that is 0, FACTOR in every coordinate, as Algorithm
   566 has it.  */
static void bench_set_start(bench_case *c) {
    double largest = 0;
    c->problem->type->start(c->problem->self, NULL, c->start);
    for (size_t i = 0; i < c->dimension; i++)
        largest = fmax(largest, fabs(c->start[i]));
    for (size_t i = 0; i < c->dimension; i++)
        c->start[i] = largest == 0 && c->factor != 1 ? c->factor : c->factor * c->start[i];
}

/* SOLVE leaves the point that the contender ends at in X and returns the value that it
   claims for it, which must be true.  */
static int bench_all(const char *contender, double (*solve)(bench_case *c, double x[])) {
    for (size_t p = 0; p < TOMS566_PROBLEMS; p++)
        for (size_t k = 0; k < toms566_problems[p].starts; k++) {
            bench_case c = {.contender = contender,
                            .spec = toms566_problems[p].spec,
                            .factor = pow(10, (double)k),
                            .lowest = INFINITY};
            double x[BENCH_LARGEST];
            if (gradus_problem_create(&c.problem, c.spec, 1, NULL))
                return 3;
            c.dimension = gradus_problem_dimension(c.problem);
            bench_set_start(&c);
            memcpy(x, c.start, sizeof x);
            bench_evaluate(&c, x);
            double claimed = solve(&c, x), value = bench_value(&c, x, NULL);
            gradus_problem_close(c.problem);
            if (!(fabs(claimed - value) <= 1e-12 * fabs(value)) && !isnan(value)) {
                fprintf(stderr, "%s on %s: claims %.17g, and it is %.17g\n", contender,
                        c.spec, claimed, value);
                return 1;
            }
        }
    return 0;
}

#endif
