// The header and the one call from C++.
#include <gradus.h>

#include <cstdio>
#include <vector>

static int parabola(void *context, size_t n, const double x[], double *value,
                    double gradient[]) {
    const std::vector<double> &centre = *static_cast<std::vector<double> *>(context);
    *value = 0.0;
    for (size_t i = 0; i < n; i++) {
        gradient[i] = x[i] - centre[i];
        *value += 0.5 * gradient[i] * gradient[i];
    }
    return 0;
}

int main() {
    std::vector<double> centre(3, 2.385), x(3, 0.0);
    gradus_function function = {};
    function.dimension = centre.size();
    function.evaluate = parabola;
    function.context = &centre;
    gradus_minimum found;
    gradus_minimize(&function, x.data(), "lbfgs", nullptr, &found);
    std::printf("%s, x = %.3f, %s\n", gradus_stop_word(found.stop), x[2],
                GRADUS_CHECK_VERSION(nullptr) ? "another version" : "this version");
    return found.error != GRADUS_OK;
}
