/* Whether the curvature p'Ap that conjugate gradients meet is positive beyond rounding.

   Two things that p'Ap is made of are known to their rounding only.

   A p and the sum p'Ap.  In a positive semidefinite A |A_ij| <= sqrt(A_ii A_jj), so that the
   rounding of p'Ap is that of sum_i A_ii p_i^2, and of its own terms.  A_ii is not known, but
   (A p)_i^2 / p'Ap <= A_ii for every p, and the largest of these bounds comes to be A_ii
   within a factor of n after n iterations, most often much sooner.

   p itself.  The residual r is a difference, so it has lost what is the rounding of the
   largest r so far, and p = z + beta p keeps what the p before had lost.  In the norms of the
   method, |r|^2 = r'M^-1 r and |p|^2 = p'M p,

     lost <- (largest |r| so far)^2 + beta^2 lost,   in units of rounding,

   and what is lost has a curvature of at most that times the largest p'Ap / p'M p.  This is
   what remains where p belongs to the null space of A: its part outside is rounding, whose
   curvature is positive and says nothing.

   The first does not depend on the scale of any variable, since p_i changes by the inverse
   factor of sqrt(A_ii).  Nor does the second where M follows the scales, as a diagonal one
   does; without M r'r itself depends on them, and so does what it loses.

   The bound of the first is Cauchy and Schwarz's; for rounding of sums see Higham, Accuracy
   and Stability of Numerical Algorithms, 2002, section 3.1.  */

#ifndef GRADUS_CONJUGATE_CURVATURE_H
#define GRADUS_CONJUGATE_CURVATURE_H

#include "gradus.h"

typedef struct gradus_curvature {
    size_t n, threads;
    double *root;   /* n: of the lower bound of A_ii */
    double largest; /* p'Ap / p'M p so far */
    double square;  /* p'M p */
    double summed;  /* largest r'M^-1 r so far */
    double lost;    /* of p: squared, in units of rounding */
    double rounding; /* of the last p'Ap */
} gradus_curvature;

/* Asks for the workspace.  */
void gradus_curvature_open(gradus_curvature *c, size_t n, size_t threads,
                           gradus_state *state);

/* The first direction is p = M^-1 r, RZ = r'M^-1 r; r was summed from what has the square
   norm SUMMED in that measure.  */
void gradus_curvature_begin(gradus_curvature *c, double rz, double summed);

/* Whether PAP = p'AP is finite and positive beyond rounding.  */
bool gradus_curvature_stands_out(gradus_curvature *c, const double p[], const double Ap[],
                                 double pAp);

/* The next direction is M^-1 r + BETA p, RZ that of the new r.  */
void gradus_curvature_turn(gradus_curvature *c, double rz, double beta);

#endif
