/* Two vectors at a time, over the few entries of a block: what reads long vectors from memory
   is faster with several streams, and with one pass over a block than with several.  */

#ifndef GRADUS_LINALG_PAIRS_H
#define GRADUS_LINALG_PAIRS_H

#include <stddef.h>

/* sums += a'x, b'x, and unless Y is NULL a'y, b'y.  */
void gradus_pair_dots(size_t count, const double a[], const double b[], const double x[],
                      const double y[], double sums[4]);
/* out += p a + q b.  */
void gradus_pair_add(size_t count, double p, const double a[], double q, const double b[],
                     double out[]);

#endif
