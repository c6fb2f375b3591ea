/* Logistic regression with two classes; the larger label is the positive one.

     p = 1 / (1 + exp(-s)),  s = w'x + b,   loss = log(1 + exp(-s)) or log(1 + exp(s)),
     dloss/ds = p - y,  d2loss/ds2 = p (1 - p)

   Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.2.  */

#include "problems/linear/linear.h"

#include <math.h>

static size_t logistic_outputs(size_t classes, const char *data, gradus_error *why) {
    if (classes != 2)
        gradus_fail(
            why, GRADUS_EINPUT,
            "logistic: %s: expected two classes, found %zu (softmax takes any number)",
            data, classes);
    return classes == 2 ? 1 : 0;
}

/* Neither exponential overflows: its argument is at most 0.  */
static double logistic_respond(size_t k, size_t target, double scores[]) {
    (void)k;
    double s = scores[0], margin = target ? s : -s, small = exp(-fabs(s));
    scores[0] = s >= 0.0 ? 1.0 / (1.0 + small) : small / (1.0 + small);
    return log1p(small) + (margin < 0.0 ? -margin : 0.0);
}

static void logistic_residual(size_t k, size_t target, double p[]) {
    (void)k;
    p[0] -= (double)target;
}

static void logistic_curve(size_t k, const double p[], double u[]) {
    (void)k;
    u[0] *= p[0] * (1.0 - p[0]);
}

static size_t logistic_predict(size_t k, const double p[]) {
    (void)k;
    return p[0] > 0.5;
}

static const gradus_link logistic_link = {
    .outputs = logistic_outputs,
    .respond = logistic_respond,
    .residual = logistic_residual,
    .curve = logistic_curve,
    .predict = logistic_predict,
};

static gradus_err logistic_open(void *self, const void *values, size_t threads,
                                gradus_error *why) {
    return gradus_linear_open(self, &logistic_link, "logistic", values, threads, why);
}

const gradus_problem_type gradus_problem_logistic = {
    .name = "logistic",
    .brief = "logistic regression with two classes",
    .formula = "f(w, b) = 1/N sum_i log(1 + exp(-y_i (w.x_i + b))) + l2/2 ||w||^2",
    .citation = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.2",
    GRADUS_LINEAR_ENTRIES,
    .open = logistic_open,
};
