/* The test of a Hessian for symmetry.  An asymmetric matrix passes for vectors v and w only
   where v'(H - H')w is zero, which random ones are not.  */

#include "core/symmetry.h"

#include "base/memory.h"
#include "core/oracle.h"
#include "linalg/vector.h"

#include <math.h>
#include <stdio.h>

/* Differences of gradients, which some take for products, are good to 1e-8.  */
static const double TOLERANCE = 1e-6;

double gradus_asymmetry(size_t n, const double v[], const double Hv[], const double w[],
                        const double Hw[], size_t threads) {
    double size = gradus_norm(n, v, threads) * gradus_norm(n, Hw, threads) +
                  gradus_norm(n, w, threads) * gradus_norm(n, Hv, threads);
    double difference = fabs(gradus_dot(n, v, Hw, threads) - gradus_dot(n, w, Hv, threads));
    return difference > 0.0 ? difference / size : difference;
}

void gradus_symmetry_draw(gradus_stream *stream, size_t n, double scale, double v[]) {
    for (size_t i = 0; i < n; i++) {
        double sign = gradus_stream_uniform(stream) < 0.5 ? -1.0 : 1.0;
        v[i] = sign * scale * (0.5 + gradus_stream_uniform(stream));
    }
}

/* Both products, by the dense matrix H where there are none.  */
static gradus_err multiply(gradus_oracle *oracle, const double x[], const double v[],
                           double Hv[], const double w[], double Hw[], double H[]) {
    size_t n = gradus_oracle_dimension(oracle);
    gradus_err err =
        H ? gradus_oracle_hessian(oracle, x, H) : gradus_oracle_product(oracle, x, v, Hv);
    if (!err && !H)
        err = gradus_oracle_product(oracle, x, w, Hw);
    for (size_t i = 0; !err && H && i < n; i++) {
        Hv[i] = gradus_dot(n, H + i * n, v, 1);
        Hw[i] = gradus_dot(n, H + i * n, w, 1);
    }
    return err;
}

gradus_err gradus_symmetry_probe(gradus_oracle *oracle, const double x[],
                                 gradus_stream *stream, gradus_report *report) {
    size_t n = gradus_oracle_dimension(oracle), threads = gradus_oracle_threads(oracle);
    bool dense = !oracle->problem->type->product;
    double *v = GRADUS_NEW(n, double), *Hv = GRADUS_NEW(n, double);
    double *w = GRADUS_NEW(n, double), *Hw = GRADUS_NEW(n, double);
    double *H = dense ? GRADUS_NEW(n * n, double) : NULL;
    bool ok = v && Hv && w && Hw && (H || !dense);
    gradus_err err = ok ? GRADUS_OK : GRADUS_ENOMEM;
    if (!err) {
        gradus_symmetry_draw(stream, n, 1.0, v);
        gradus_symmetry_draw(stream, n, 1.0, w);
        err = multiply(oracle, x, v, Hv, w, Hw, H);
    }
    if (!err) {
        double error = gradus_asymmetry(n, v, Hv, w, Hw, threads);
        if (!isfinite(error))
            report->stop = GRADUS_FAIL_HESSIAN;
        else if (!(error <= TOLERANCE)) {
            report->stop = GRADUS_FAIL_ASYMMETRIC;
            snprintf(report->detail, sizeof report->detail,
                     "v'Hw and w'Hv differ by %.2g, relative to their size, at the start",
                     error);
        }
    }
    gradus_free(v);
    gradus_free(Hv);
    gradus_free(w);
    gradus_free(Hw);
    gradus_free(H);
    return err;
}
