#!/usr/bin/env python3
"""Minimises softmax regression on Fashion-MNIST with SciPy's L-BFGS-B to a value.

    softmax_gap.py FOLDER TARGET

The contender of `gradus solve --target`: the same objective and start (zero), l2=1e-4.
FOLDER holds the data set's IDX files.  It ends at the first evaluation whose value is at or
below TARGET; the stopping rules of SciPy are switched off.  Set OPENBLAS_NUM_THREADS=1.
"""
import gzip
import sys
import time

import numpy as np
from scipy.optimize import minimize

folder, target = sys.argv[1], float(sys.argv[2])


def idx(name, offset):
    with gzip.open(f"{folder}/{name}") as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


X = idx("train-images-idx3-ubyte.gz", 16).reshape(60000, 784) / 255.0
y = idx("train-labels-idx1-ubyte.gz", 8)
Y = np.eye(10)[y]
rows = np.arange(len(y))
evaluations, best = 0, np.inf


class There(Exception):
    pass


def evaluate(x):
    """As in softmax_evaluate.py."""
    global evaluations, best
    W, b = x[:7840].reshape(10, 784), x[7840:]
    Z = X @ W.T + b
    Z -= Z.max(axis=1, keepdims=True)
    own = Z[rows, y]
    np.exp(Z, out=Z)
    total = Z.sum(axis=1, keepdims=True)
    value = np.mean(np.log(total[:, 0]) - own) + 0.5e-4 * np.sum(W * W)
    evaluations, best = evaluations + 1, min(best, value)
    if value <= target:
        raise There
    Z /= total
    Z -= Y
    Z /= len(y)
    return value, np.concatenate(((Z.T @ X + 1e-4 * W).ravel(), Z.sum(axis=0)))


before = time.process_time()
try:
    minimize(
        evaluate,
        np.zeros(7850),
        jac=True,
        method="L-BFGS-B",
        options={"ftol": 0.0, "gtol": 0.0, "maxiter": 100000, "maxfun": 100000},
    )
except There:
    pass
print(
    f"evaluations {evaluations} value {best:.15g} "
    f"cpu_seconds {time.process_time() - before:.6f}"
)
