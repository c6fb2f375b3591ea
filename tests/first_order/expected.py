#!/usr/bin/env python3
"""The expected values of the tests in this folder, from the update rules of the papers, in
exact fractions (sgd, rprop) and 60 decimal digits (the others).  Independent of the library.

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
    return rows


def nesterov(form, a, mu=None, rate_decay="0", updates=3):
    """MU None: the convex schedule.  The rate of update t is A / (1 + RATE_DECAY t)."""
    first, t = Decimal(a), Decimal(1)
    x, v, rows = [Decimal("2.385"), Decimal("-0.717")], [Decimal(0)] * 2, []
    before, m = list(x), Decimal(mu or 0)
    for k in range(updates):
        a = first / (1 + Decimal(rate_decay) * k)
        g = gradient(*(x[i] + m * (x[i] - before[i]) for i in range(2)), Decimal)
        before = list(x)
        for i in range(2):
            if form == "averaged":
                v[i] = m * v[i] + (1 - m) * g[i]
                x[i] -= a * v[i]
            else:
                v[i] = m * v[i] - a * g[i]
                x[i] += v[i]
        if mu is None:
            after = (1 + (1 + 4 * t * t).sqrt()) / 2
            m, t = (t - 1) / after, after
        rows.append(tuple(x))
    return rows


# One weight of a rule: takes gradient and weight, gives the step.

def root(square, epsilon, inside):
    return (square + epsilon).sqrt() if inside else square.sqrt() + epsilon


def adagrad(a, epsilon, inside=False):
    a, epsilon, total, step = Decimal(a), Decimal(epsilon), 0, None
    while True:
        g, _ = yield step
        total += g * g
        step = -a * g / root(total, epsilon, inside)


def rmsprop(a, decay, epsilon, inside=False, mu="0"):
    a, decay, epsilon, mu = map(Decimal, (a, decay, epsilon, mu))
    square, step = Decimal(0), Decimal(0)
    while True:
        g, _ = yield step
        square = decay * square + (1 - decay) * g * g
        step = mu * step - a * g / root(square, epsilon, inside)


def adadelta(a, decay, epsilon):
    a, decay, epsilon = map(Decimal, (a, decay, epsilon))
    squares, steps, step = Decimal(0), Decimal(0), Decimal(0)
    while True:
        g, _ = yield a * step
        squares = decay * squares + (1 - decay) * g * g
        step = -(steps + epsilon).sqrt() / (squares + epsilon).sqrt() * g
        steps = decay * steps + (1 - decay) * step * step


def adamax(a, beta1, beta2):
    a, beta1, beta2 = map(Decimal, (a, beta1, beta2))
    m, u, t, step = Decimal(0), Decimal(0), 0, None
    while True:
        g, _ = yield step
        t += 1
        m = beta1 * m + (1 - beta1) * g
        u = max(beta2 * u, abs(g))
        step = -a / (1 - beta1 ** t) * m / u


def nadam(a, mu, nu, momentum_decay, epsilon, inside=False):
    a, mu, nu, psi, epsilon = map(Decimal, (a, mu, nu, momentum_decay, epsilon))
    mus = [mu * (1 - Decimal("0.5") * Decimal("0.96") ** (t * psi)) for t in range(1, 12)]
    m, n, t, step = Decimal(0), Decimal(0), 0, None
    while True:
        g, _ = yield step
        t += 1
        now, after, product = mus[t - 1], mus[t], Decimal(1)
        for one in mus[:t]:
            product *= one
        m = now * m + (1 - now) * g
        n = nu * n + (1 - nu) * g * g
        bar = (1 - now) * g / (1 - product) + after * m / (1 - product * after)
        step = -a * bar / root(n / (1 - nu ** t), epsilon, inside)


def amsgrad(a, beta1, beta2, epsilon, inside=False, correct=False):
    a, beta1, beta2, epsilon = map(Decimal, (a, beta1, beta2, epsilon))
    m, v, most, t, step, kept = Decimal(0), Decimal(0), Decimal(0), 0, None, False
    while True:
        g, _ = yield step
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        kept = kept or v < most
        assert kept or t < 3, "the largest is the last: not a test of it"
        most = max(most, v)
        mh, vh = (m / (1 - beta1 ** t), most / (1 - beta2 ** t)) if correct else (m, most)
        step = -a * mh / root(vh, epsilon, inside)


def adamw(a, beta1, beta2, epsilon, weight_decay, inside=False, rate_decay="0"):
    a, beta1, beta2, epsilon, weight_decay, rate_decay = map(
        Decimal, (a, beta1, beta2, epsilon, weight_decay, rate_decay))
    m, v, t, step = Decimal(0), Decimal(0), 0, None
    while True:
        g, x = yield step
        factor = 1 / (1 + rate_decay * t)
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        mh, vh = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
        step = -factor * (a * mh / root(vh, epsilon, inside) + weight_decay * x)


def walk(rule, *settings, updates=3, **more):
    x, rows = [Decimal("2.385"), Decimal("-0.717")], []
    weights = [rule(*settings, **more) for _ in x]
    for weight in weights:
        next(weight)
    for _ in range(updates):
        g = gradient(*x, Decimal)
        x = [xi + weight.send((gi, xi)) for xi, gi, weight in zip(x, g, weights)]
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
show("nesterov_classical", nesterov("classical", "0.137", "0.735"))
show("nesterov_averaged", nesterov("averaged", "0.137", "0.735"))
show("nesterov_convex", nesterov("classical", "0.137"))
show("nesterov_classical_scheduled", nesterov("classical", "0.137", "0.735", "0.5"))
show("nesterov_averaged_scheduled", nesterov("averaged", "0.137", "0.735", "0.5"))
for inside in (False, True):
    place = "inside" if inside else "outside"
    show("adagrad_" + place, walk(adagrad, "0.137", "0.042", inside))
    show("rmsprop_" + place, walk(rmsprop, "0.137", "0.83", "0.042", inside))
    show("rmsprop_momentum_" + place, walk(rmsprop, "0.137", "0.83", "0.042", inside, "0.735"))
    show("nadam_" + place, walk(nadam, "0.137", "0.83", "0.971", "1.7", "0.042", inside))
    show("amsgrad_" + place, walk(amsgrad, "0.737", "0.83", "0.13", "0.042", inside))
    show("amsgrad_corrected_" + place,
         walk(amsgrad, "0.737", "0.83", "0.13", "0.042", inside, True))
    show("adamw_" + place, walk(adamw, "0.137", "0.83", "0.971", "0.042", "0.071", inside))
show("adamw_scheduled",
     walk(adamw, "0.137", "0.83", "0.971", "0.042", "0.071", rate_decay="0.5"))
show("adadelta", walk(adadelta, "0.83", "0.87", "0.042"))
show("adamax", walk(adamax, "0.137", "0.83", "0.571"))
