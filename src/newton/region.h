/* What a solver of the trust-region problem says about its step.  */

#ifndef GRADUS_NEWTON_REGION_H
#define GRADUS_NEWTON_REGION_H

#include <stdbool.h>

typedef struct gradus_region_step {
    double
        decrease;  /* of the model, -g'p - p'H p / 2; NaN or infinite where the matrix or a
                        product was not finite */
    double length; /* |p| */
    bool boundary; /* |p| is the radius */
} gradus_region_step;

#endif
