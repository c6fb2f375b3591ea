"""Values, slopes and curvatures of sums of squares of More, Garbow and Hillstrom (1981).

Prints tests/problems/squares/mgh_values.h:

    python3 tests/problems/squares/mgh_values.py > tests/problems/squares/mgh_values.h

Independent of the library: each function is its list of residuals as the paper defines
them, and derivatives come from arithmetic on second-order Taylor polynomials in t along
x + t d, not from formulas.  Two points a function: its standard start s, and
0.75 s + 0.5 d.  The direction is d_j = 1/2, -1/3, 1/4, ...
"""

import math


class Jet:
    """a + b t + c t^2"""

    def __init__(self, a, b=0.0, c=0.0):
        self.a, self.b, self.c = a, b, c

    def map(self, f, f1, f2):
        return Jet(f, f1 * self.b, f1 * self.c + f2 / 2 * self.b**2)

    def __add__(self, o):
        o = jet(o)
        return Jet(self.a + o.a, self.b + o.b, self.c + o.c)

    def __mul__(self, o):
        o = jet(o)
        return Jet(self.a * o.a, self.a * o.b + self.b * o.a,
                   self.a * o.c + self.b * o.b + self.c * o.a)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, o):
        return self + -jet(o)

    def __rsub__(self, o):
        return jet(o) - self

    def __truediv__(self, o):
        o = jet(o)
        return self * o.map(1 / o.a, -1 / o.a**2, 2 / o.a**3)

    def __abs__(self):
        return -self if self.a < 0 else self

    __radd__, __rmul__ = __add__, __mul__


def jet(x):
    return x if isinstance(x, Jet) else Jet(float(x))


def exp(x):
    e = math.exp(jet(x).a)
    return jet(x).map(e, e, e)


def log(x):
    return jet(x).map(math.log(jet(x).a), 1 / jet(x).a, -1 / jet(x).a**2)


def sin(x):
    s, c = math.sin(jet(x).a), math.cos(jet(x).a)
    return jet(x).map(s, c, -s)


def cos(x):
    s, c = math.sin(jet(x).a), math.cos(jet(x).a)
    return jet(x).map(c, -s, -c)


def sqrt(x):
    r = math.sqrt(jet(x).a)
    return jet(x).map(r, 0.5 / r, -0.25 / r**3)


def arctan(x):
    q = 1 + jet(x).a**2
    return jet(x).map(math.atan(jet(x).a), 1 / q, -2 * jet(x).a / q**2)


def power(x, y):
    return exp(log(x) * y)


def helical_valley(x):
    x1, x2, x3 = x
    theta = arctan(x2 / x1) / (2 * math.pi) + (0.5 if x1.a < 0 else 0.0)
    return [10 * (x3 - 10 * theta), 10 * (sqrt(x1 * x1 + x2 * x2) - 1), x3]


def biggs_exp6(x):
    def residual(t):
        y = math.exp(-t) - 5 * math.exp(-10 * t) + 3 * math.exp(-4 * t)
        return (x[2] * exp(-t * x[0]) - x[3] * exp(-t * x[1])
                + x[5] * exp(-t * x[4]) - y)
    return [residual(i / 10) for i in range(1, 14)]


def gaussian(x):
    y = ".0009 .0044 .0175 .0540 .1295 .2420 .3521 .3989".split()
    y = [float(v) for v in y + y[-2::-1]]
    def residual(i):
        d = (8 - i) / 2 - x[2]
        return x[0] * exp(x[1] * d * d * -0.5) - y[i - 1]
    return [residual(i) for i in range(1, 16)]


def powell_badly_scaled(x):
    return [10000 * x[0] * x[1] - 1, exp(-x[0]) + exp(-x[1]) - 1.0001]


def box_3d(x):
    return [exp(-t * x[0]) - exp(-t * x[1]) - x[2] * (math.exp(-t) - math.exp(-10 * t))
            for t in [i / 10 for i in range(1, 11)]]


def variably_dimensioned(x):
    s = sum(j * (v - 1) for j, v in enumerate(x, 1))
    return [v - 1 for v in x] + [s, s * s]


def watson(x):
    n = len(x)
    out = []
    for i in range(1, 30):
        t = i / 29
        first = sum((j - 1) * x[j - 1] * t**(j - 2) for j in range(2, n + 1))
        second = sum(x[j - 1] * t**(j - 1) for j in range(1, n + 1))
        out.append(first - second * second - 1)
    return out + [x[0], x[1] - x[0] * x[0] - 1]


def penalty_1(x):
    return [math.sqrt(1e-5) * (v - 1) for v in x] + [sum(v * v for v in x) - 0.25]


def penalty_2(x):
    n, a = len(x), math.sqrt(1e-5)
    out = [x[0] - 0.2]
    for i in range(2, n + 1):
        y = math.exp(i / 10) + math.exp((i - 1) / 10)
        out.append(a * (exp(x[i - 1] / 10) + exp(x[i - 2] / 10) - y))
    for i in range(n + 1, 2 * n):
        out.append(a * (exp(x[i - n] / 10) - math.exp(-0.1)))
    return out + [sum((n - j + 1) * x[j - 1] * x[j - 1] for j in range(1, n + 1)) - 1]


def brown_badly_scaled(x):
    return [x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2]


def brown_dennis(x):
    def residual(t):
        u = x[0] + t * x[1] - math.exp(t)
        v = x[2] + math.sin(t) * x[3] - math.cos(t)
        return u * u + v * v
    return [residual(i / 5) for i in range(1, 21)]


def gulf(x):
    def residual(t):
        y = 25 + (-50 * math.log(t))**(2 / 3)
        return exp(-(power(abs(y - x[1]), x[2]) / x[0])) - t
    return [residual(i / 100) for i in range(1, 100)]


def trigonometric(x):
    n = len(x)
    return [n - sum(cos(v) for v in x) + i * (1 - cos(x[i - 1])) - sin(x[i - 1])
            for i in range(1, n + 1)]


def extended_powell(x):
    out = []
    for k in range(0, len(x), 4):
        a, b, c, d = x[k:k + 4]
        out += [a + 10 * b, math.sqrt(5) * (c - d), (b - 2 * c) * (b - 2 * c),
                math.sqrt(10) * (a - d) * (a - d)]
    return out


def wood(x):
    x1, x2, x3, x4 = x
    return [10 * (x2 - x1 * x1), 1 - x1, math.sqrt(90) * (x4 - x3 * x3), 1 - x3,
            math.sqrt(10) * (x2 + x4 - 2), (x2 - x4) / math.sqrt(10)]


def chebyquad(x):
    """T_i(y) = cos(i arccos y), spelled as the sum of its monomials"""
    n = len(x)
    def chebyshev(i, y):
        total = jet(0)
        for k in range(i // 2 + 1):
            c = ((-1)**k * 2**(i - 2 * k) * i * math.factorial(i - k - 1)
                 // (2 * math.factorial(k) * math.factorial(i - 2 * k)))
            term = jet(c)
            for _ in range(i - 2 * k):
                term = term * y
            total = total + term
        return total
    return [sum(chebyshev(i, 2 * v - 1) for v in x) / n
            + (1 / (i * i - 1) if i % 2 == 0 else 0.0) for i in range(1, n + 1)]


def ramp(n):
    return [float(j) for j in range(1, n + 1)]


CASES = [
    (helical_valley, [-1, 0, 0]),
    (biggs_exp6, [1, 2, 1, 1, 1, 1]),
    (gaussian, [0.4, 1, 0]),
    (powell_badly_scaled, [0, 1]),
    (box_3d, [0, 10, 20]),
    (variably_dimensioned, [1 - j / 10 for j in ramp(10)]),
    (variably_dimensioned, [1 - j / 3 for j in ramp(3)]),
    (watson, [0] * 6),
    (watson, [0] * 9),
    (watson, [0] * 12),
    (penalty_1, ramp(10)),
    (penalty_1, ramp(4)),
    (penalty_2, [0.5] * 10),
    (penalty_2, [0.5] * 4),
    (penalty_2, [0.5]),
    (brown_badly_scaled, [1, 1]),
    (brown_dennis, [25, 5, -5, -1]),
    (gulf, [5, 2.5, 0.15]),
    (trigonometric, [0.1] * 10),
    (trigonometric, [0.25] * 4),
    (extended_powell, [3, -1, 0, 1] * 3),
    (wood, [-3, -1, -3, -1]),
    (chebyquad, [j / 9 for j in ramp(8)]),
    (chebyquad, [j / 6 for j in ramp(5)]),
]
FIXED = {"helical_valley", "biggs_exp6", "gaussian", "powell_badly_scaled", "box_3d",
         "brown_badly_scaled", "brown_dennis", "gulf", "wood"}


def along(function, x, d):
    """f, its slope and its curvature along D"""
    f = sum(r * r for r in map(jet, function([Jet(v, w) for v, w in zip(x, d)])))
    return "{%.17g, %.17g, %.17g}" % (f.a, f.b, 2 * f.c)


print("/* Made by mgh_values.py, which says what these are.  */\n\n"
      "#ifndef GRADUS_TESTS_MGH_VALUES_H\n#define GRADUS_TESTS_MGH_VALUES_H\n\n"
      "/* Value, slope and curvature.  */\n"
      "static const struct {\n    const char *spec;\n    double start[3], beyond[3];\n"
      "} mgh_values[] = {")
for function, start in CASES:
    name = function.__name__
    d = [(-1)**j / (j + 2) for j in range(len(start))]
    beyond = [0.75 * s + 0.5 * e for s, e in zip(start, d)]
    spec = name if name in FIXED else "%s:dimension=%d" % (name, len(start))
    print('    {"%s",\n     %s,\n     %s},'
          % (spec, along(function, [float(v) for v in start], d), along(function, beyond, d)))
print("};\n\n#endif")
