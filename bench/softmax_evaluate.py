#!/usr/bin/env python3
"""Times value and gradient of softmax regression on Fashion-MNIST in NumPy.

    softmax_evaluate.py FOLDER REPEATS

The contender of softmax_evaluate.c: the same objective, start and output.  FOLDER holds the
data set's IDX files.  Set OPENBLAS_NUM_THREADS=1.
"""
import gzip
import sys
import time

import numpy as np

folder, repeats = sys.argv[1], int(sys.argv[2])


def idx(name, offset):
    with gzip.open(f"{folder}/{name}") as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


X = idx("train-images-idx3-ubyte.gz", 16).reshape(60000, 784) / 255.0
y = idx("train-labels-idx1-ubyte.gz", 8)
Y = np.eye(10)[y]
rows = np.arange(len(y))
x = 0.01 * np.sin(np.arange(7850.0))
W, b = x[:7840].reshape(10, 784), x[7840:]


def evaluate():
    Z = X @ W.T + b
    Z -= Z.max(axis=1, keepdims=True)
    own = Z[rows, y]
    np.exp(Z, out=Z)
    total = Z.sum(axis=1, keepdims=True)
    value = np.mean(np.log(total[:, 0]) - own) + 0.5e-4 * np.sum(W * W)
    Z /= total
    Z -= Y
    Z /= len(y)
    return value, np.concatenate(((Z.T @ X + 1e-4 * W).ravel(), Z.sum(axis=0)))


cpu, wall = [], []
for _ in range(repeats):
    before = time.process_time(), time.monotonic()
    value, gradient = evaluate()
    cpu.append(time.process_time() - before[0])
    wall.append(time.monotonic() - before[1])
print(
    f"value {value:.15g} gradient_norm {np.linalg.norm(gradient):.15g} "
    f"cpu_seconds {np.median(cpu):.6f} wall_seconds {np.median(wall):.6f}"
)
