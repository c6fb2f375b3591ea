#!/usr/bin/env python3
"""Times one Adam update of 2.8 million parameters in PyTorch, gradients given, on one thread.

    adam_update.py UPDATES

The contender of adam_update.c: the same start, gradient and number of updates, in double, in
each of PyTorch's forms (foreach or a loop over tensors), with the parameters in one tensor or
in the sixteen of the autoencoder.  A line each, with what was computed and the median
CPU-seconds of optimizer.step().
"""
import sys
import time

import numpy as np
import torch

UPDATES = int(sys.argv[1])
SIZES = [784, 1000, 500, 250, 30, 250, 500, 1000, 784]
SHAPES = [n for a, b in zip(SIZES, SIZES[1:]) for n in (a * b, b)]
i = np.arange(float(sum(SHAPES)))
torch.set_num_threads(1)


def tensors(numbers, shapes):
    return [torch.tensor(part) for part in np.split(numbers, np.cumsum(shapes)[:-1])]


forms = []
for layout, shapes in (("one", [i.size]), ("layers", SHAPES)):
    for foreach in (False, True):
        x = [torch.nn.Parameter(t) for t in tensors(0.01 * np.cos(i), shapes)]
        for parameter, g in zip(x, tensors(np.sin(i), shapes)):
            parameter.grad = g
        name = f"{layout}-{'foreach' if foreach else 'loop'}"
        forms.append((name, x, torch.optim.Adam(x, lr=1e-3, foreach=foreach), []))
for _ in range(UPDATES):
    for _, _, optimizer, seconds in forms:
        before = time.process_time()
        optimizer.step()
        seconds.append(time.process_time() - before)
for name, x, _, seconds in forms:
    flat = np.concatenate([parameter.detach().numpy() for parameter in x])
    print(
        f"norm {np.linalg.norm(flat):.15g} product {flat @ np.cos(i):.15g} "
        f"cpu_seconds {np.median(seconds):.6f} form {name}"
    )
