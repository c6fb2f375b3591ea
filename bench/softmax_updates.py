#!/usr/bin/env python3
"""Times mini-batch SGD on softmax regression, Fashion-MNIST, in PyTorch.

    softmax_updates.py FOLDER UPDATES VERIFIED

The contender of `gradus solve --problem softmax:data=fashion-mnist,l2=1e-4 --batch 256`: data
in one tensor, shuffled epochs, double.  FOLDER holds the data set's IDX files.  First VERIFIED
full-batch updates from zero, to show that it is the same objective and rule; then UPDATES
mini-batch updates on one thread and on two.  A line each.
"""
import gzip
import sys
import time

import numpy as np
import torch

folder, updates, verified = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
BATCH, RATE, L2 = 256, 0.1, 1e-4


def idx(name, offset):
    with gzip.open(f"{folder}/{name}") as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


pixels = idx("train-images-idx3-ubyte.gz", 16).reshape(60000, 784) / 255.0
X = torch.from_numpy(pixels)
y = torch.from_numpy(idx("train-labels-idx1-ubyte.gz", 8).astype(np.int64))
loss = torch.nn.CrossEntropyLoss()


def model():
    layer = torch.nn.Linear(784, 10).double()
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    groups = [{"params": [layer.weight], "weight_decay": L2}, {"params": [layer.bias]}]
    return layer, torch.optim.SGD(groups, lr=RATE)


def update(layer, optimizer, inputs, labels):
    optimizer.zero_grad(set_to_none=True)
    loss(layer(inputs), labels).backward()
    optimizer.step()


def value(layer):
    with torch.no_grad():
        return (loss(layer(X), y) + L2 / 2 * (layer.weight**2).sum()).item()


layer, optimizer = model()
for _ in range(verified):
    update(layer, optimizer, X, y)
full = value(layer)
for threads in (1, 2):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    layer, optimizer = model()
    before, done = time.process_time(), 0
    while done < updates:
        for rows in torch.randperm(len(y)).split(BATCH):
            update(layer, optimizer, X[rows], y[rows])
            done += 1
            if done == updates:
                break
    seconds = time.process_time() - before
    print(
        f"full_value {full:.15g} value {value(layer):.15g} cpu_seconds {seconds:.6f} "
        f"threads {threads}"
    )
