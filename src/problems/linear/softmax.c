/* Multinomial logistic regression.

     p = softmax(W x + b),   loss = -log p_y,   dloss/dscores = p - e_y,
     d2loss/dscores2 = diag(p) - p p'

   Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4.  With free biases
   the Hessian is singular: adding one number to every bias changes nothing.  */

#include "problems/linear/linear.h"

#include <math.h>

static size_t softmax_outputs(size_t classes, const char *data, gradus_error *why) {
    if (classes < 2)
        gradus_fail(why, GRADUS_EINPUT,
                    "softmax: %s: expected two classes or more, found %zu", data, classes);
    return classes < 2 ? 0 : classes;
}

static double softmax_respond(size_t k, size_t target, double scores[]) {
    double most = scores[0], total = 0.0, own = scores[target];
    for (size_t i = 1; i < k; i++)
        most = scores[i] > most ? scores[i] : most;
    for (size_t i = 0; i < k; i++)
        total += scores[i] = exp(scores[i] - most);
    for (size_t i = 0; i < k; i++)
        scores[i] /= total;
    return log(total) - (own - most);
}

static void softmax_residual(size_t k, size_t target, double p[]) {
    (void)k;
    p[target] -= 1.0;
}

static void softmax_curve(size_t k, const double p[], double u[]) {
    double mean = 0.0;
    for (size_t i = 0; i < k; i++)
        mean += p[i] * u[i];
    for (size_t i = 0; i < k; i++)
        u[i] = p[i] * (u[i] - mean);
}

static size_t softmax_predict(size_t k, const double p[]) {
    size_t best = 0;
    for (size_t i = 1; i < k; i++)
        if (p[i] > p[best])
            best = i;
    return best;
}

static const gradus_link softmax_link = {
    .outputs = softmax_outputs,
    .respond = softmax_respond,
    .residual = softmax_residual,
    .curve = softmax_curve,
    .predict = softmax_predict,
    .invariant = true,
};

static gradus_err softmax_open(void *self, const void *values, size_t threads,
                               gradus_error *why) {
    return gradus_linear_open(self, &softmax_link, "softmax", values, threads, why);
}

const gradus_problem_type gradus_problem_softmax = {
    .name = "softmax",
    .brief = "multinomial logistic regression",
    .formula = "f(W, b) = 1/N sum_i -log softmax(W x_i + b)[y_i] + l2/2 ||W||^2",
    .citation = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4",
    GRADUS_LINEAR_ENTRIES,
    .open = softmax_open,
};
