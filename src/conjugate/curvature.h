/* Whether the curvature p'Ap that conjugate gradients meet is positive beyond rounding.

   Two things that p'Ap is made of are known to their rounding only.

   A p and the sum p'Ap.  In a positive semidefinite A |A_ij| <= sqrt(A_ii A_jj), so that the
   rounding of p'Ap is that of sum_i A_ii p_i^2, and of its own terms.  A_ii is not known, but
   (A p)_i^2 / p'Ap <= A_ii for every p, and the largest of these bounds comes to be A_ii
   within a factor of n after n iterations, most often much sooner.

   p itself.  The residual r is a difference, so that r_i has lost the rounding of the largest
   |r_i| so far, or at most all that it is; z = M^-1 r has lost the same part of z_i, exactly
   so where M is diagonal; and p = z + beta p keeps what the p before had lost,

     lost_i <- min(|r_i|, rounding of the largest |r_i|) |z_i / r_i| + |beta| lost_i.

   Its curvature is sum_i A_ii lost_i^2, as above.  This is what remains where p belongs to the
   null space of A: its part outside is rounding, whose curvature is positive and says
   nothing.

   None of this depends on the scale of a variable: p_i and lost_i change by the inverse factor
   of sqrt(A_ii).  The bound of A_ii is Cauchy and Schwarz's; for the rounding of sums see
   Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1.  */

#ifndef GRADUS_CONJUGATE_CURVATURE_H
#define GRADUS_CONJUGATE_CURVATURE_H

#include "gradus.h"

typedef struct gradus_curvature {
    size_t n, threads;
    double *root;    /* n: of the lower bound of A_ii */
    double *largest; /* n: |r_i| so far */
    double *lost;    /* n: of p */
    double rounding; /* of the last p'Ap */
} gradus_curvature;

/* Asks for the workspace.  */
void gradus_curvature_open(gradus_curvature *c, size_t n, size_t threads,
                           gradus_state *state);

/* The first direction is to come; where R is not B itself it was summed from that.  */
void gradus_curvature_begin(gradus_curvature *c, const double b[]);

/* The next direction is Z + BETA p, Z = M^-1 R.  */
void gradus_curvature_turn(gradus_curvature *c, const double r[], const double z[],
                           double beta);

/* Whether PAP = p'AP is finite and positive beyond rounding.  */
bool gradus_curvature_stands_out(gradus_curvature *c, const double p[], const double Ap[],
                                 double pAp);

/* A lower bound of the largest A_ii, from the curvatures that stood out.  */
double gradus_curvature_largest(const gradus_curvature *c);

#endif
