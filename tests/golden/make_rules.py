#!/usr/bin/env python3
"""Writes rules.csv: 50 updates of every first-order rule on Rosenbrock's function in four
variables, from a start of four different numbers.

Rules that PyTorch has are run by PyTorch (Debian: python3-torch), in double precision.  Variants
that it lacks are written out here from the papers, in NumPy, whole vectors at a time.

    ./make_rules.py > rules.csv
"""
import math

import numpy as np
import torch

START = [-1.2, 1.0, 0.7, -1.3]
UPDATES = 50


def rosenbrock(x):
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in (0, 2))


def gradient(x):
    g = np.empty(4)
    for i in (0, 2):
        g[i] = -400 * x[i] * (x[i + 1] - x[i] ** 2) - 2 * (1 - x[i])
        g[i + 1] = 200 * (x[i + 1] - x[i] ** 2)
    return g


def show(spec, update, x):
    print(";".join([spec, str(update)] + [f"{float(v):.17g}" for v in x]))


def run_torch(spec, make):
    x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = make([x])
    for update in range(1, UPDATES + 1):
        optimizer.zero_grad()
        rosenbrock(x).backward()
        optimizer.step()
        show(spec, update, x.detach().numpy())


def run(spec, rule):
    """RULE is a generator: it is sent gradients and yields where the next one is wanted and
    the parameters."""
    steps = rule(np.array(START))
    at, x = next(steps)
    for update in range(1, UPDATES + 1):
        at, x = steps.send(gradient(at))
        show(spec, update, x)


# ---- Rules of PyTorch ----

o = torch.optim
run_torch("sgd:learning_rate=2e-4,momentum=0.8", lambda p: o.SGD(p, 2e-4, momentum=0.8))
run_torch("adagrad:learning_rate=0.1,epsilon=1e-10", lambda p: o.Adagrad(p, 0.1, eps=1e-10))
run_torch("rmsprop:learning_rate=0.01,decay=0.99", lambda p: o.RMSprop(p, 0.01, alpha=0.99))
run_torch("rmsprop:learning_rate=0.003,decay=0.9,momentum=0.8",
          lambda p: o.RMSprop(p, 0.003, alpha=0.9, momentum=0.8))
run_torch("adadelta:epsilon=1e-3", lambda p: o.Adadelta(p, rho=0.95, eps=1e-3))
run_torch("adam:learning_rate=0.02", lambda p: o.Adam(p, 0.02))
run_torch("adamax:learning_rate=0.05", lambda p: o.Adamax(p, 0.05, eps=0.0))
run_torch("amsgrad:learning_rate=0.02,bias_correction=yes",
          lambda p: o.Adam(p, 0.02, amsgrad=True))
# In PyTorch the learning rate multiplies the decay.
run_torch("adamw:learning_rate=0.02,weight_decay=0.006",
          lambda p: o.AdamW(p, 0.02, weight_decay=0.3))
run_torch("rprop:initial_step=0.02,minimum_step=1e-6,maximum_step=50",
          lambda p: o.Rprop(p, 0.02, etas=(0.5, 1.2), step_sizes=(1e-6, 50)))

# ---- Variants ----


def nesterov(rate, mu):
    def rule(x):
        last = x.copy()
        g = yield x, x
        while True:  # at x + mu (x - last), where the gradient was taken
            x, last = x + mu * (x - last) - rate * g, x
            g = yield x + mu * (x - last), x
    return rule


def nesterov_averaged(rate, mu):
    def rule(x):
        v = np.zeros(4)
        while True:
            g = yield x - rate * mu * v, x
            v = mu * v + (1 - mu) * g
            x = x - rate * v
    return rule


def fista(rate):
    def rule(x):
        y, t = x, 1.0
        while True:
            g = yield y, x
            new = y - rate * g
            after = (1 + math.sqrt(1 + 4 * t * t)) / 2
            y = new + (t - 1) / after * (new - x)
            x, t = new, after
    return rule


def in_place(update):
    """A rule whose gradient is taken at the parameters: update(x, g, t, state)."""
    def rule(x):
        state = {}
        t = 0
        while True:
            g = yield x, x
            t += 1
            x = x - update(g, t, state)
    return rule


def ema(state, key, decay, new):
    state[key] = decay * state.get(key, 0.0) + (1 - decay) * new
    return state[key]


def adagrad_inside(rate, eps):
    def update(g, t, s):
        s["G"] = s.get("G", 0.0) + g**2
        return rate * g / np.sqrt(s["G"] + eps)
    return update


def rmsprop_inside(rate, decay, eps, mu):
    def update(g, t, s):
        step = rate * g / np.sqrt(ema(s, "s", decay, g**2) + eps)
        s["v"] = mu * s.get("v", 0.0) + step
        return s["v"]
    return update


def adam(rate, eps, inside, correct):
    def update(g, t, s):
        m, v = ema(s, "m", 0.9, g), ema(s, "v", 0.999, g**2)
        if correct:
            m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)
        return rate * m / (np.sqrt(v + eps) if inside else np.sqrt(v) + eps)
    return update


def amsgrad(rate, eps):
    def update(g, t, s):
        m, v = ema(s, "m", 0.9, g), ema(s, "v", 0.999, g**2)
        s["u"] = np.maximum(s.get("u", 0.0), v)
        return rate * m / (np.sqrt(s["u"]) + eps)
    return update


def nadam(rate, eps):
    mu = [0.9 * (1 - 0.5 * 0.96 ** (0.004 * t)) for t in range(UPDATES + 2)]

    def update(g, t, s):
        s["m"] = mu[t] * s.get("m", 0.0) + (1 - mu[t]) * g
        gh = g / (1 - np.prod(mu[1 : t + 1]))
        mh = s["m"] / (1 - np.prod(mu[1 : t + 2]))
        vh = ema(s, "v", 0.999, g**2) / (1 - 0.999**t)
        return rate * ((1 - mu[t]) * gh + mu[t + 1] * mh) / (np.sqrt(vh) + eps)
    return update


run("nesterov:learning_rate=5e-4,momentum=0.8", nesterov(5e-4, 0.8))
run("nesterov:learning_rate=2e-3,momentum=0.8,form=averaged", nesterov_averaged(2e-3, 0.8))
run("nesterov:learning_rate=3e-4,momentum_schedule=convex", fista(3e-4))
run("adagrad:learning_rate=0.1,epsilon=100,epsilon_placement=inside",
    in_place(adagrad_inside(0.1, 100.0)))
run("rmsprop:learning_rate=0.003,decay=0.9,epsilon=100,epsilon_placement=inside",
    in_place(rmsprop_inside(0.003, 0.9, 100.0, 0.0)))
run("rmsprop:learning_rate=0.003,decay=0.9,momentum=0.7,epsilon=100,epsilon_placement=inside",
    in_place(rmsprop_inside(0.003, 0.9, 100.0, 0.7)))
run("adam:learning_rate=0.02,epsilon=100,epsilon_placement=inside",
    in_place(adam(0.02, 100.0, True, True)))
run("adam:learning_rate=0.02,bias_correction=no", in_place(adam(0.02, 1e-8, False, False)))
run("amsgrad:learning_rate=0.01", in_place(amsgrad(0.01, 1e-8)))
run("nadam:learning_rate=0.02,beta1=0.9", in_place(nadam(0.02, 1e-8)))
