#!/usr/bin/env python3
"""The expected values of test_sgd.c, test_rprop.c, test_vsgd.c and test_adam.c, from the update
rules of the papers, in exact fractions (sgd, rprop) and 60 decimal digits (the others).  Independent of the library.

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


def value(x, y):
    c = Fraction
    return (c("1.85") * x * x + c("0.225") * y * y + c("0.81") * x * y - c("1.3") * x +
            c("0.1") * x ** 3)


def rprop(variant, first, increase, decrease, least="0", most="50", rate="1", decay="0"):
    """One weight after the other, in the words of Igel and Huesken's tables."""
    increase, decrease, least, most = map(Fraction, (increase, decrease, least, most))
    x, rows, before = [Fraction("2.385"), Fraction("-0.717")], [], None
    length, old, moved = [Fraction(first)] * 2, [Fraction(0)] * 2, [Fraction(0)] * 2
    for t in range(3):
        g, now = gradient(*x, Fraction), value(*x)
        a = Fraction(rate) / (1 + Fraction(decay) * t)
        for i in range(2):
            sign = (g[i] > 0) - (g[i] < 0)
            old_sign, old[i] = old[i], sign
            if old_sign * sign > 0:
                length[i] = min(length[i] * increase, most)
            if old_sign * sign < 0:
                length[i] = max(length[i] * decrease, least)
                if variant != "rprop-":
                    old[i] = 0
                    back = variant == "rprop+" or (variant == "irprop+" and now > before)
                    x[i] -= moved[i] if back else 0
                    moved[i] = Fraction(0)
                    continue
            moved[i] = -a * sign * length[i]
            x[i] += moved[i]
        before = now
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


def vsgd(gathered, inflate, longest=None, floor="0.01"):
    """Scalar by scalar; LONGEST clips the norm of the gradient, not of the differences."""
    D = Decimal
    inflate, floor = D(inflate), D(floor)
    x, rows = [D("2.385"), D("-0.717")], []
    gm, vm, hm, qm, tau = ([D(0)] * 2 for _ in range(5))
    for k in (1, 2, 3):
        raw = gradient(*x, D)
        norm = (raw[0] ** 2 + raw[1] ** 2).sqrt()
        g = [r * D(longest) / norm if longest and norm > D(longest) else r for r in raw]
        by = g if k == 1 else list(gm)
        there = gradient(x[0] + by[0], x[1] + by[1], D)
        for i in range(2):
            h = abs((there[i] - raw[i]) / by[i]) + floor
            if k <= gathered:
                share = D(1) / k
            else:
                if ((g[i] - gm[i]) ** 2 > 4 * (vm[i] - gm[i] ** 2) or
                        (h - hm[i]) ** 2 > 4 * (qm[i] - hm[i] ** 2)):
                    tau[i] += 1
                share = 1 / tau[i]
            gm[i] = (1 - share) * gm[i] + share * g[i]
            vm[i] = (1 - share) * vm[i] + share * g[i] ** 2
            hm[i] = (1 - share) * hm[i] + share * h
            qm[i] = (1 - share) * qm[i] + share * h ** 2
            if k == gathered:
                vm[i], hm[i], qm[i] = vm[i] * inflate, hm[i] * inflate, qm[i] * inflate ** 2
                tau[i] = D(gathered)
            if k >= gathered:
                r = gm[i] ** 2 / vm[i]
                x[i] -= r * hm[i] / qm[i] * g[i]
                tau[i] = (1 - r) * tau[i] + 1
        rows.append(tuple(x))
    return rows


show("plain", sgd("classical", "0.137", "0"))
show("classical", sgd("classical", "0.137", "0.735"))
show("averaged", sgd("averaged", "0.137", "0.735"))
show("irprop_minus", rprop("irprop-", "1.7", "1.23", "0.47"))
show("irprop_plus", rprop("irprop+", "1.7", "1.23", "0.47"))
show("rprop_minus", rprop("rprop-", "1.7", "1.23", "0.47"))
show("rprop_plus", rprop("rprop+", "1.7", "1.23", "0.47"))
show("risen", rprop("irprop+", "4.7", "1.23", "0.47"))
show("longest", rprop("irprop-", "0.3", "1.23", "0.47", most="0.41"))
show("shortest", rprop("rprop-", "1.7", "1.23", "0.47", least="1.1"))
show("scheduled", rprop("rprop+", "1.7", "1.23", "0.47", rate="0.83", decay="0.5"))
show("outside", adam("0.137", "0.83", "0.971", "0.042"))
show("inside", adam("0.137", "0.83", "0.971", "0.042", inside=True))
show("uncorrected", adam("0.137", "0.83", "0.971", "0.042", correct=False))
show("at_once", vsgd(1, "1"))
show("slowly", vsgd(1, "1.7"))
show("gathered", vsgd(2, "1.7"))
show("clipped", vsgd(1, "1.7", longest="2.3"))
