/* Values on both sides of a point, at steps of all lengths, and the slopes they measure.  */

#ifndef GRADUS_LINE_SEARCH_LADDER_H
#define GRADUS_LINE_SEARCH_LADDER_H

#include "line_search/postmortem.h"

#include "core/oracle.h"

enum {
    GRADUS_LADDER_MOST = 360,  /* rungs: 8^-360 is below all doubles */
    GRADUS_LADDER_MEASURED = 3 /* neighbours that must agree */
};

/* Relative, of values: as the search has it.  */
#define GRADUS_LADDER_NOISE (10 * DBL_EPSILON)
/* A change that grows by less, from rung to rung, is noise.  */
#define GRADUS_LADDER_SLOW 4.0
/* Error of a slope that is a measurement.  */
#define GRADUS_LADDER_TELLING 0.25

typedef struct gradus_rung {
    double step, up, down; /* h, phi(h), phi(-h) */
} gradus_rung;

typedef struct gradus_ladder {
    gradus_failure *failure;
    gradus_oracle *oracle;
    size_t n, threads;
    double slope;  /* s */
    double length; /* |d| */
    double top;    /* the longest step of the ladder, but for rungs above */
    double finest; /* step below which no variable moves beyond its rounding */
    double shift;  /* what the rounding of x makes of the value */
    double noise;  /* of values, or less than the last rungs show; once all are there */
    bool rough;    /* it is noise, or steps of the value, and not their slope */
    gradus_rung rung[GRADUS_LADDER_MOST];
    int rungs;
} gradus_ladder;

typedef struct gradus_estimate {
    double slope, error;
    double gap; /* what the slopes of the two sides differ by */
    double curvature;
    double middle; /* step */
} gradus_estimate;

typedef struct gradus_verdict {
    bool right, wrong;    /* of the gradient; neither: nothing was measured */
    gradus_estimate best; /* of the measurements that say so, or of all there is */
} gradus_verdict;

/* Of the failure's point and direction; no rung is measured yet.  */
void gradus_ladder_prepare(gradus_ladder *l, gradus_oracle *oracle,
                           gradus_failure *failure);
/* Measures the rungs, and their noise.  */
gradus_err gradus_ladder_climb(gradus_ladder *l);

/* The value at x + T V.  */
gradus_err gradus_ladder_value(const gradus_ladder *l, const double v[], double t,
                               double *value);
/* How far the value is from the first on rung K; NaN where it is not finite.  */
double gradus_ladder_change(const gradus_ladder *l, int k);
/* What the one-sided slopes differ by: the curvature times the step, or a kink.  */
double gradus_ladder_bend(const gradus_ladder *l, int k);
/* Whether the value is lower than the first, beyond rounding, on a rung.  */
bool gradus_ladder_has_lower(const gradus_ladder *l);
/* Error of a slope by rounding and noise of values.  */
double gradus_ladder_blur(const gradus_ladder *l, int k);

/* What the measurements say of the gradient.  */
gradus_verdict gradus_ladder_judge(const gradus_ladder *l);
/* The size of the slope, as measured or by the gradient.  */
double gradus_ladder_larger(const gradus_ladder *l, gradus_estimate e);

#endif
