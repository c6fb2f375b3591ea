#!/usr/bin/python3
"""Golden numbers from SciPy and scikit-learn; see make_golden.py for the files and bounds.

Run by hand in this folder, after make_golden.py: /usr/bin/python3 make_scipy.py (SciPy 1.10,
scikit-learn 1.2).

trust-ncg is Steihaug's method with the same rules as ours.  trust-exact solves its model to
a tenth of the radius only; its solver is run here to 1e-12 instead, so that the steps are
those of any exact one.  A trajectory has the points that were accepted.

logistic-minimum.csv has the minimiser of l2-regularised logistic regression on two of the
three classes; SciPy's and scikit-learn's agree in every number to 1e-10, or nothing is
written.
"""
import numpy as np
from scipy.optimize import minimize, root
from scipy.optimize._trustregion import _minimize_trust_region
from scipy.optimize._trustregion_exact import IterativeSubproblem
from sklearn.linear_model import LogisticRegression

import make_golden as golden

RULES = dict(initial_trust_radius=1.0, max_trust_radius=1000.0, eta=0.15, gtol=0.0)
LOGISTIC = "logistic:data=@GOLDEN@/two.svm,l2=0.01"
AGREEMENT = 1e-10


def rosenbrock_hessian(x):
    h = np.zeros((x.size, x.size))
    for i in range(0, x.size, 2):
        h[i:i + 2, i:i + 2] = [[1200 * x[i] ** 2 - 400 * x[i + 1] + 2, -400 * x[i]],
                               [-400 * x[i], 200]]
    return h


class Exact(IterativeSubproblem):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, k_easy=1e-12, k_hard=1e-12, **kwargs)


def trust(f, x, exact, most):
    points = [x]

    def note(y, *rest):
        if np.any(y != points[-1]):
            points.append(np.copy(y))

    def value(y):
        return float(f(y)[0])

    def gradient(y):
        return f(y)[1]

    if exact:
        _minimize_trust_region(value, x, jac=gradient, hess=rosenbrock_hessian, subproblem=Exact,
                               callback=note, maxiter=most, **RULES)
    else:
        minimize(value, x, method="trust-ncg", jac=gradient, hess=rosenbrock_hessian, callback=note,
                 options=dict(RULES, maxiter=most))
    yield from points[1:]


def logistic(theta, data, signs):
    """Mean of log(1 + exp(-s (w'x + b))) + L2/2 |w|^2."""
    z = signs * (data @ theta[:-1] + theta[-1])
    p = -signs / (1 + np.exp(z))
    value = np.logaddexp(0, -z).mean() + golden.L2 / 2 * theta[:-1] @ theta[:-1]
    return value, np.append(data.T @ p / len(signs) + golden.L2 * theta[:-1], p.mean())


def logistic_hessian(theta, data, signs):
    z = data @ theta[:-1] + theta[-1]
    q = 1 / ((1 + np.exp(z)) * (1 + np.exp(-z)))
    wide = np.hstack([data, np.ones((len(signs), 1))])
    return (wide.T * q) @ wide / len(signs) + np.diag([golden.L2] * data.shape[1] + [0])


def write_logistic():
    lines = [line for line in open("small.svm") if not line.startswith("3 ")]
    with open("two.svm", "w") as out:
        out.writelines(lines)
    data, labels = golden.read_data("two.svm")
    signs = np.where(labels == labels.max(), 1.0, -1.0)
    theirs = LogisticRegression(C=1 / (golden.L2 * len(signs)), solver="newton-cholesky", tol=1e-14,
                                max_iter=1000).fit(data, signs)
    theirs = np.append(theirs.coef_.ravel(), theirs.intercept_)
    ours = minimize(lambda t: logistic(t, data, signs), np.zeros(theirs.size), jac=True,
                    hess=lambda t: logistic_hessian(t, data, signs), method="trust-exact",
                    options=dict(gtol=1e-6)).x
    # Values cannot tell points nearer than 1e-8 apart; a zero of the gradient can.
    ours = root(lambda t: logistic(t, data, signs)[1], ours, tol=1e-15,
                jac=lambda t: logistic_hessian(t, data, signs)).x
    value, g = logistic(ours, data, signs)
    assert np.max(np.abs(ours - theirs)) <= AGREEMENT, np.max(np.abs(ours - theirs))
    assert abs(logistic(theirs, data, signs)[0] - value) <= AGREEMENT
    curvature = np.linalg.eigvalsh(logistic_hessian(ours, data, signs))[0]
    with open("logistic-minimum.csv", "w") as out:
        out.write(f"# {LOGISTIC}\n# minimum\n")
        out.write("curvature,value,gradient," +
                  ",".join(f"x{i}" for i in range(ours.size)) + "\n")
        out.write(f"{curvature:.17g},{value:.17g},{np.linalg.norm(g):.2g}," +
                  ",".join(f"{v:.17g}" for v in ours) + "\n")
    print(f"logistic-minimum: {value:.17g}, parameters within "
          f"{np.max(np.abs(ours - theirs)):.2g} of scikit-learn's")


def main():
    golden.X, golden.LABELS = golden.read_data()
    rules = "radius=1,maximum_radius=1000"
    for kind, exact in (("steihaug", False), ("exact", True)):
        golden.write(f"scipy-trust-{kind}-rosenbrock", golden.ROSENBROCK,
                     f"trust_region:subproblem={kind},{rules}", trust, 14, dtype=np.float64,
                     exact=exact, most=42)
    write_logistic()


if __name__ == "__main__":
    main()
