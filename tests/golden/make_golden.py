#!/usr/bin/python3
"""Golden trajectories from an independent implementation (NumPy; SciPy for L-BFGS).

Run by hand in this folder: /usr/bin/python3 make_golden.py.  The output is committed, so
that the tests need no Python.  The formulas are those of the papers cited below; nothing
here was taken from the C sources.

Every file is a trajectory: `update,value,bound,x0,x1,...`.  BOUND says how far rounding may
take another correct program: the trajectory is computed once more with every gradient
and every update off by a few units in the last place, at random, and the largest
deviation up to an update, times 20, is its bound (relative to max(1, |number|)), with a
floor of 16 units in the last place.  First-order references are computed in long double.
"""
import numpy as np

EPS = np.finfo(float).eps
SOFTMAX = "softmax:data=@GOLDEN@/small.svm,l2=0.01"
ROSENBROCK = "rosenbrock:dimension=4"
L2 = 0.01


# ---- Problems ----

def write_data(name="small.svm", examples=40, features=6, classes=3):
    rng = np.random.default_rng(20240611)
    centres = rng.normal(size=(classes, features))
    scales = np.array([1.0, 0.3, 2.0, 1.0, 0.1, 1.5])[:features]
    with open(name, "w") as out:
        for i in range(examples):
            x = (0.8 * centres[i % classes] + rng.normal(size=features)) * scales + 0.5
            out.write(f"{i % classes + 1} " + " ".join(
                f"{j + 1}:{v:.4f}" for j, v in enumerate(x)) + "\n")


def read_data(name="small.svm"):
    rows, labels = [], []
    for line in open(name):
        label, *entries = line.split()
        labels.append(int(label) - 1)
        rows.append([float(e.split(":")[1]) for e in entries])
    return np.array(rows), np.array(labels)


X, LABELS = None, None


def softmax(theta):
    """Mean cross-entropy + L2/2 |W|^2; theta = W (classes x features), then b."""
    data = X.astype(theta.dtype)
    n, k = data.shape[0], LABELS.max() + 1
    w = theta[:k * data.shape[1]].reshape(k, -1)
    b = theta[k * data.shape[1]:]
    z = data @ w.T + b
    top = z.max(axis=1, keepdims=True)
    e = np.exp(z - top)
    total = e.sum(axis=1, keepdims=True)
    hits = np.arange(n), LABELS
    value = (np.log(total[:, 0]) + top[:, 0] - z[hits]).mean() + L2 * (w * w).sum() / 2
    p = e / total
    p[hits] -= 1
    return value, np.concatenate([((p.T @ data) / n + L2 * w).ravel(), p.sum(axis=0) / n])


def softmax_hessian(theta):
    n, f = X.shape
    k = LABELS.max() + 1
    w, b = theta[:k * f].reshape(k, -1), theta[k * f:]
    z = X @ w.T + b
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    h = np.zeros((theta.size, theta.size))
    for i in range(n):
        s = np.diag(p[i]) - np.outer(p[i], p[i])
        j = np.hstack([np.kron(np.eye(k), X[i]), np.eye(k)])
        h += j.T @ s @ j / n
    h[np.arange(k * f), np.arange(k * f)] += L2
    return h


def rosenbrock(x):
    a, b = x[0::2], x[1::2]
    g = np.empty_like(x)
    g[0::2] = -400 * a * (b - a * a) - 2 * (1 - a)
    g[1::2] = 200 * (b - a * a)
    return (100 * (b - a * a) ** 2 + (1 - a) ** 2).sum(), g


STARTS = {ROSENBROCK: lambda: np.array([-1.2, 1.0, -1.2, 1.0]), SOFTMAX: lambda: np.zeros(21)}
FUNCTIONS = {ROSENBROCK: rosenbrock, SOFTMAX: softmax}


# ---- Methods: generators of points, given function and start ----

def sgd(f, x, rate, momentum, averaged):
    """Polyak 1964; averaged: v is an exponential average of gradients."""
    v = np.zeros_like(x)
    while True:
        g = f(x)[1]
        if averaged:
            v = momentum * v + (1 - momentum) * g
            x = x - rate * v
        else:
            v = momentum * v - rate * g
            x = x + v
        yield x


def adam(f, x, rate, beta1=0.9, beta2=0.999, epsilon=1e-8, inside=False, correct=True):
    """Kingma and Ba, algorithm 1."""
    m, v, t = np.zeros_like(x), np.zeros_like(x), 0
    one = x.dtype.type(1)
    beta1, beta2 = one * beta1, one * beta2
    while True:
        t += 1
        g = f(x)[1]
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        mh = m / (1 - beta1 ** t) if correct else m
        vh = v / (1 - beta2 ** t) if correct else v
        x = x - rate * mh / (np.sqrt(vh + epsilon) if inside else np.sqrt(vh) + epsilon)
        yield x


def nesterov(f, x, rate, momentum=None, averaged=False):
    """Nesterov 1983: the gradient where the momentum leads.  MOMENTUM None: (t - 1) / t', with
    t' = (1 + sqrt(1 + 4 t^2)) / 2 (Beck and Teboulle 2009)."""
    v, last, t = np.zeros_like(x), np.zeros_like(x), x.dtype.type(1)
    mu = 0 if momentum is None else momentum
    while True:
        g = f(x + mu * last)[1]
        if averaged:
            v = mu * v + (1 - mu) * g
            last = -rate * v
        else:
            last = mu * last - rate * g
        x = x + last
        if momentum is None:
            after = (1 + np.sqrt(1 + 4 * t * t)) / 2
            mu, t = (t - 1) / after, after
        yield x


def root(square, epsilon, inside):
    return np.sqrt(square + epsilon) if inside else np.sqrt(square) + epsilon


def adagrad(f, x, rate, epsilon, inside):
    """Duchi, Hazan and Singer 2011."""
    total = np.zeros_like(x)
    while True:
        g = f(x)[1]
        total = total + g * g
        x = x - rate * g / root(total, epsilon, inside)
        yield x


def rmsprop(f, x, rate, decay, epsilon, inside, momentum=0):
    """Tieleman and Hinton 2012; momentum: Graves 2013."""
    one = x.dtype.type(1)
    square, step, decay = np.zeros_like(x), np.zeros_like(x), one * decay
    while True:
        g = f(x)[1]
        square = decay * square + (1 - decay) * g * g
        step = momentum * step - rate * g / root(square, epsilon, inside)
        x = x + step
        yield x


def nadam(f, x, rate, mu=0.99, nu=0.999, psi=0.004, epsilon=1e-8, inside=False):
    """Dozat 2016: the average of gradients with mu_t, not with mu."""
    m, n, t, product = np.zeros_like(x), np.zeros_like(x), 0, x.dtype.type(1)
    mu, nu, psi = (product * v for v in (mu, nu, psi))
    half, base = product / 2, product * 0.96
    while True:
        t += 1
        now, after = (mu * (1 - half * base ** (psi * k)) for k in (t, t + 1))
        product = product * now
        g = f(x)[1]
        m = now * m + (1 - now) * g
        n = nu * n + (1 - nu) * g * g
        bar = (1 - now) * (g / (1 - product)) + after * (m / (1 - product * after))
        x = x - rate * bar / root(n / (1 - nu ** t), epsilon, inside)
        yield x


def amsgrad(f, x, rate, beta1=0.9, beta2=0.999, epsilon=1e-8, inside=False):
    """Reddi, Kale and Kumar 2018, with an epsilon."""
    one = x.dtype.type(1)
    m, v, most = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
    beta1, beta2 = one * beta1, one * beta2
    while True:
        g = f(x)[1]
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        most = np.maximum(most, v)
        x = x - rate * m / root(most, epsilon, inside)
        yield x


def adamw(f, x, rate, decay, epsilon, inside, beta1=0.9, beta2=0.999):
    """Loshchilov and Hutter 2019, algorithm 2."""
    one, start = x.dtype.type(1), x
    beta1, beta2 = one * beta1, one * beta2
    m, v, t = np.zeros_like(start), np.zeros_like(start), 0
    while True:
        t += 1
        g = f(x)[1]
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        x = x - (rate * (m / (1 - beta1 ** t)) / root(v / (1 - beta2 ** t), epsilon, inside) +
                 decay * x)
        yield x


def rprop(f, x, variant, initial, increase=1.2, decrease=0.5, least=0, most=50):
    """Igel and Huesken 2003, algorithms 1 to 4, with signs and steps of their own."""
    length, step, last = np.full_like(x, initial), np.zeros_like(x), np.zeros_like(x)
    before = np.inf
    while True:
        value, g = f(x)
        s = np.sign(g) * np.sign(last)
        length = np.where(s > 0, np.minimum(length * increase, most),
                          np.where(s < 0, np.maximum(length * decrease, least), length))
        forward, turned = -np.sign(g) * length, s < 0
        if variant == "rprop-":
            step = forward
        else:
            back = variant == "rprop+" or (variant == "irprop+" and value > before)
            step = np.where(turned, -step if back else 0 * step, forward)
            g = np.where(turned, 0, g)
        last, before = g, value
        x = x + step
        yield x


def softmax_diagonal(theta):
    data = X.astype(theta.dtype)
    n, k = data.shape[0], LABELS.max() + 1
    w, b = theta[:k * data.shape[1]].reshape(k, -1), theta[k * data.shape[1]:]
    z = data @ w.T + b
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    c = p * (1 - p)
    return np.concatenate([((c.T @ (data * data)) / n + L2).ravel(), c.sum(axis=0) / n])


def vsgd(f, x, slow, factor, floor, diagonal=None, smallest=1e-12):
    """Schaul and LeCun 2013, after slow start; DIAGONAL of the Hessian, or differences."""
    gm, vm, hm, qm, tau = (np.zeros_like(x) for _ in range(5))
    t = 0
    while True:
        t += 1
        g = f(x)[1]
        if diagonal:
            h, known = np.abs(diagonal(x)), np.full(x.size, True)
            if hasattr(f, "rng"):
                h = h * (1 + 4 * EPS * f.rng.uniform(-1, 1, x.size))
        else:
            y = x + (g if t == 1 else gm)
            moved = np.abs(y - x)
            known = moved >= smallest
            h = np.abs(f(y)[1] - g) / np.where(known, moved, 1)
        h = h + floor
        square = np.where(known, h * h, qm)
        h = np.where(known, h, hm)
        if t <= slow:
            share = x.dtype.type(1) / t
        else:
            far = ((g - gm) ** 2 > 4 * np.maximum(vm - gm * gm, 0)) | (
                (h - hm) ** 2 > 4 * np.maximum(qm - hm * hm, 0))
            tau = tau + far
            share = 1 / tau
        gm, vm = gm + share * (g - gm), vm + share * (g * g - vm)
        hm, qm = hm + share * (h - hm), qm + share * (square - qm)
        if t == slow:
            vm, hm, qm, tau = factor * vm, factor * hm, factor ** 2 * qm, 0 * tau + slow
        if t >= slow:
            r = np.minimum(gm * gm / vm, 1)
            x = x - r * hm / qm * g
            tau = (1 - r) * tau + 1
        yield x


def prong(f, x, rate, momentum, epsilon):
    """One layer, statistics of all examples: [dW db] = -rate [gW gb] A^-1 with
    A = [[Sigma + epsilon I + c c', c], [c', 1]] (methods.md 1.3).  With the same statistics
    at every refresh, momentum in whitened coordinates is momentum of these steps."""
    k, features = LABELS.max() + 1, X.shape[1]
    c = X.mean(axis=0)
    sigma = (X - c).T @ (X - c) / X.shape[0]
    if hasattr(f, "rng"):  # the statistics too are rounded, and so are their eigenvectors
        noise = f.rng.uniform(-1, 1, sigma.shape)
        c = c * (1 + 2 * EPS * f.rng.uniform(-1, 1, c.size))
        sigma = sigma + 2 * EPS * np.linalg.norm(sigma, 2) * (noise + noise.T)
    a = np.zeros((features + 1, features + 1))
    a[:-1, :-1] = sigma + epsilon * np.eye(features) + np.outer(c, c)
    a[:-1, -1] = a[-1, :-1] = c
    a[-1, -1] = 1
    step = np.zeros((k, features + 1))
    while True:
        g = f(x)[1]
        g = np.hstack([g[:k * features].reshape(k, -1), g[k * features:, None]])
        step = momentum * step - rate * np.linalg.solve(a, g.astype(float).T).T
        x = x + np.concatenate([step[:, :-1].ravel(), step[:, -1]])
        yield x


def lbfgs(f, x, memory):
    """Nocedal and Wright, algorithms 7.4 and 7.5; the search is MINPACK-2's dcsrch by way of
    SciPy (Wolfe 1e-4 and 0.9), first tried at 1, at the very first update at min(1, 1/|g|)."""
    from scipy.optimize._linesearch import scalar_search_wolfe1
    s, y = [], []
    value, g = f(x)
    while True:
        q, alphas = g.copy(), []
        for si, yi in reversed(list(zip(s, y))):
            alphas.append(si @ q / (yi @ si))
            q = q - alphas[-1] * yi
        if s:
            q = q * (s[-1] @ y[-1] / (y[-1] @ y[-1]))
        for si, yi, al in zip(s, y, reversed(alphas)):
            q = q + si * (al - yi @ q / (yi @ si))
        d = -q
        first = 1.0 if s else min(1.0, 1.0 / np.linalg.norm(g))
        cache = {}

        def both(t):
            if t not in cache:
                cache[t] = f(x + t * d)
            return cache[t]

        slope = g @ d
        # SciPy tries min(1, 1.01 * 2 (phi0 - old) / slope) first: choose OLD for FIRST.
        old = value - first * slope / (1.01 * 2)
        t, _, _ = scalar_search_wolfe1(lambda t: both(t)[0], lambda t: both(t)[1] @ d, value,
                                       old, slope, c1=1e-4, c2=0.9, amax=1e10, amin=0.0,
                                       xtol=1e-14)
        new, (value, gn) = x + t * d, both(t)
        s.append(new - x)
        y.append(gn - g)
        s, y = s[-memory:], y[-memory:]
        x, g = new, gn
        yield x


# ---- Files ----

def noisy(f, rng):
    def g(x):
        value, gradient = f(x * (1 + 2 * EPS * rng.uniform(-1, 1, x.size)))
        return (value * (1 + 2 * EPS * rng.uniform(-1, 1)),
                gradient * (1 + 4 * EPS * rng.uniform(-1, 1, x.size)))
    g.rng = rng
    return g


def trajectory(method, f, x, updates, options):
    points = [x]
    walk = method(f, x, **options)
    for _ in range(updates):
        points.append(next(walk))
    return points


def relative(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b))))


def every_row(update):
    return True


def some_rows(update):
    """Of 50 updates: the first few, then every fifth."""
    return update <= 5 or update % 5 == 0


def write(name, problem, spec, method, updates, dtype=np.longdouble, rows=every_row, **options):
    f, start = FUNCTIONS[problem], STARTS[problem]().astype(dtype)
    points = trajectory(method, f, start, updates, options)
    bounds = np.zeros(updates + 1)
    for seed in range(8):
        other = trajectory(method, noisy(f, np.random.default_rng(seed)),
                           STARTS[problem](), updates, options)
        for i, (p, q) in enumerate(zip(points, other)):
            bounds[i] = max(bounds[i], relative(q, p),
                            relative(np.array(f(q)[0]), np.array(f(p)[0])))
    bounds = np.maximum(20 * np.maximum.accumulate(bounds), 16 * EPS)
    with open(name + ".csv", "w") as out:
        out.write(f"# {problem}\n# {spec}\n")
        out.write("update,value,bound," + ",".join(f"x{i}" for i in range(start.size)) + "\n")
        for i, p in enumerate(points):
            if not rows(i):
                continue
            numbers = [f(p)[0], *p]
            out.write(f"{i},{float(numbers[0]):.17g},{bounds[i]:.2g}," +
                      ",".join(f"{float(v):.17g}" for v in numbers[1:]) + "\n")
    print(f"{name}: value {float(f(points[-1])[0]):.6g}, bound {bounds[-1]:.2g}")


def write_minimum():
    """The minimiser by Newton's method in long double gradients, and the smallest non-zero
    eigenvalue of the Hessian there: |x - x*| is at most |gradient| over it, nearly."""
    x = np.zeros(21, np.longdouble)
    for _ in range(30):
        h = softmax_hessian(x.astype(float))
        x = x - np.linalg.pinv(h, rcond=1e-12) @ softmax(x)[1]
    value, g = softmax(x)
    eigenvalues = np.linalg.eigvalsh(softmax_hessian(x.astype(float)))
    assert abs(eigenvalues[0]) < 1e-14 < eigenvalues[1]
    with open("softmax-minimum.csv", "w") as out:
        out.write(f"# {SOFTMAX}\n# minimum\n")
        out.write("curvature,value,gradient," + ",".join(f"x{i}" for i in range(21)) + "\n")
        out.write(f"{eigenvalues[1]:.17g},{float(value):.17g},"
                  f"{float(np.sqrt((g * g).sum())):.2g}," +
                  ",".join(f"{float(v):.17g}" for v in x) + "\n")


def write_variants(short, problem, rate):
    """What make_torch.py cannot: the variants that PyTorch lacks."""
    write(f"nesterov-averaged-{short}", problem,
          f"nesterov:learning_rate={8 * rate},form=averaged", nesterov, 50, rows=some_rows,
          rate=8 * rate, momentum=0.9, averaged=True)
    write(f"nesterov-convex-{short}", problem,
          f"nesterov:learning_rate={rate},momentum_schedule=convex", nesterov, 50,
          rows=some_rows, rate=rate)
    write(f"adagrad-inside-{short}", problem,
          "adagrad:learning_rate=0.05,epsilon=0.01,epsilon_placement=inside", adagrad, 50,
          rows=some_rows, rate=0.05, epsilon=0.01, inside=True)
    write(f"rmsprop-inside-{short}", problem,
          "rmsprop:learning_rate=0.001,decay=0.95,momentum=0.9,epsilon=1e-4,"
          "epsilon_placement=inside", rmsprop, 50, rows=some_rows, rate=0.001, decay=0.95,
          epsilon=1e-4, inside=True, momentum=0.9)
    write(f"nadam-{short}", problem, "nadam:learning_rate=0.02", nadam, 50, rows=some_rows,
          rate=0.02)
    write(f"nadam-inside-{short}", problem,
          "nadam:learning_rate=0.02,beta1=0.9,momentum_decay=0.03,epsilon=0.01,"
          "epsilon_placement=inside", nadam, 50, rows=some_rows, rate=0.02, mu=0.9, psi=0.03,
          epsilon=0.01, inside=True)
    write(f"amsgrad-{short}", problem, "amsgrad:learning_rate=0.01,beta2=0.9", amsgrad, 50,
          rows=some_rows, rate=0.01, beta2=0.9)
    write(f"amsgrad-inside-{short}", problem,
          "amsgrad:learning_rate=0.01,beta2=0.9,epsilon=0.01,epsilon_placement=inside",
          amsgrad, 50, rows=some_rows, rate=0.01, beta2=0.9, epsilon=0.01, inside=True)
    write(f"adamw-inside-{short}", problem,
          "adamw:learning_rate=0.02,weight_decay=0.003,epsilon=0.01,epsilon_placement=inside",
          adamw, 50, rows=some_rows, rate=0.02, decay=0.003, epsilon=0.01, inside=True)


def write_signs_and_curvatures(short, problem):
    """The other variants of Rprop, the Manhattan rule, and vSGD."""
    for variant in "rprop-", "rprop+", "irprop+":
        name = variant[:-1] + {"+": "-plus", "-": "-minus"}[variant[-1]]
        write(f"{name}-{short}", problem, f"rprop:variant={variant},initial_step=0.02", rprop,
              50, rows=some_rows, variant=variant, initial=0.02)
    write(f"manhattan-{short}", problem,
          "rprop:variant=rprop-,increase=1,decrease=1,initial_step=0.015625", rprop, 50,
          rows=some_rows, variant="rprop-", initial=0.015625, increase=1, decrease=1)
    write(f"vsgd-{short}", problem,
          "vsgd:slow_start=3,slow_start_factor=1.5,curvature_floor=0.015625,"
          "curvature=differences", vsgd, 50, rows=some_rows, slow=3, factor=1.5,
          floor=0.015625)


def main():
    global X, LABELS
    write_data()
    X, LABELS = read_data()
    for short, problem, rate in (("rosenbrock", ROSENBROCK, 0.0005), ("softmax", SOFTMAX, 0.25)):
        write(f"sgd-classical-{short}", problem, f"sgd:learning_rate={rate},momentum=0.9",
              sgd, 50, rate=rate, momentum=0.9, averaged=False)
        write(f"sgd-averaged-{short}", problem,
              f"sgd:learning_rate={8 * rate},momentum=0.9,form=averaged", sgd, 50,
              rate=8 * rate, momentum=0.9, averaged=True)
        write(f"adam-{short}", problem, "adam:learning_rate=0.05", adam, 50, rate=0.05)
        write(f"adam-inside-{short}", problem,
              "adam:learning_rate=0.05,epsilon=0.01,epsilon_placement=inside", adam, 50,
              rate=0.05, epsilon=0.01, inside=True)
        write(f"adam-uncorrected-{short}", problem,
              "adam:learning_rate=0.01,epsilon=0.001,bias_correction=no", adam, 50,
              rate=0.01, epsilon=0.001, correct=False)
        write(f"lbfgs-{short}", problem, "lbfgs:memory=4", lbfgs, 15, dtype=np.float64,
              memory=4)
        write_variants(short, problem, rate)
        write_signs_and_curvatures(short, problem)
    write("vsgd-exact-softmax", SOFTMAX, "vsgd:slow_start=4", vsgd, 50, rows=some_rows, slow=4,
          factor=2, floor=1e-6, diagonal=softmax_diagonal)
    write("prong-softmax", SOFTMAX, "prong:learning_rate=0.3,epsilon=0.1,samples=1000", prong,
          10, dtype=np.float64, rate=0.3, momentum=0, epsilon=0.1)
    write("prong-momentum-softmax", SOFTMAX,
          "prong:learning_rate=0.1,momentum=0.9,epsilon=0.02,samples=1000,interval=3", prong,
          10, dtype=np.float64, rate=0.1, momentum=0.9, epsilon=0.02)
    write_minimum()


if __name__ == "__main__":
    main()
