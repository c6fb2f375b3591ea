#!/usr/bin/env python3
"""The expected values of test_sgd.c and test_adam.c, from the update rules of the papers, in
exact fractions (sgd) and 60 decimal digits (adam).  Independent of the library.

f(x, y) = 1.85 x^2 + 0.225 y^2 + 0.81 x y - 1.3 x + x^3 / 10,  start (2.385, -0.717).
"""
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60


def gradient(x, y, number):
    c = number
    return (c("3.7") * x + c("0.81") * y - c("1.3") + c("0.3") * x * x,
            c("0.45") * y + c("0.81") * x)


def show(name, rows):
    print("static const double %s[UPDATES][2] = {" % name)
    print(",\n".join("    {%.17g, %.17g}" % (float(x), float(y)) for x, y in rows) + "};")


def sgd(form, a, mu, updates=3):
    a, mu = Fraction(a), Fraction(mu)
    x, v, rows = [Fraction("2.385"), Fraction("-0.717")], [0, 0], []
    for _ in range(updates):
        g = gradient(*x, Fraction)
        for i in range(2):
            if form == "classical":
                v[i] = mu * v[i] - a * g[i]
                x[i] += v[i]
            else:
                v[i] = mu * v[i] + (1 - mu) * g[i]
                x[i] -= a * v[i]
        rows.append(tuple(x))
    return rows


def adam(a, beta1, beta2, epsilon, inside=False, correct=True, updates=3):
    a, beta1, beta2, epsilon = map(Decimal, (a, beta1, beta2, epsilon))
    x, m, v, rows = [Decimal("2.385"), Decimal("-0.717")], [Decimal(0)] * 2, [Decimal(0)] * 2, []
    for t in range(1, updates + 1):
        g = gradient(*x, Decimal)
        for i in range(2):
            m[i] = beta1 * m[i] + (1 - beta1) * g[i]
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
            mh = m[i] / (1 - beta1 ** t) if correct else m[i]
            vh = v[i] / (1 - beta2 ** t) if correct else v[i]
            x[i] -= a * mh / ((vh + epsilon).sqrt() if inside else vh.sqrt() + epsilon)
        rows.append(tuple(x))
    return rows


show("plain", sgd("classical", "0.137", "0"))
show("classical", sgd("classical", "0.137", "0.735"))
show("averaged", sgd("averaged", "0.137", "0.735"))
show("outside", adam("0.137", "0.83", "0.971", "0.042"))
show("inside", adam("0.137", "0.83", "0.971", "0.042", inside=True))
show("uncorrected", adam("0.137", "0.83", "0.971", "0.042", correct=False))
