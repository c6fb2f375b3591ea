/* Whether a Hessian is symmetric, asked by v.Hw = w.Hv.  */

#ifndef GRADUS_CORE_SYMMETRY_H
#define GRADUS_CORE_SYMMETRY_H

#include "gradus.h"

/* |v.Hw - w.Hv|, relative to the size of its terms; NaN when they are not finite.  */
double gradus_asymmetry(size_t n, const double v[], const double Hv[], const double w[],
                        const double Hw[], size_t threads);

/* Every entry is 0.5 to 1.5 times SCALE, either way.  */
void gradus_symmetry_draw(gradus_stream *stream, size_t n, double scale, double v[]);

/* Asks the Hessian at X, which must have products or be dense, with two vectors from STREAM;
   sets report->stop and report->detail when it is not symmetric or not finite.  */
gradus_err gradus_symmetry_probe(gradus_oracle *oracle, const double x[],
                                 gradus_stream *stream, gradus_report *report);

#endif
