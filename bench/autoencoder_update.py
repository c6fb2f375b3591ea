#!/usr/bin/env python3
"""Times an SGD update of the deep autoencoder on Fashion-MNIST, batch 256, in PyTorch.

    autoencoder_update.py FOLDER REPEATS

The contender of autoencoder_update.c: the same network, loss, batch size and rule, in double.
FOLDER holds the data set's IDX files.  A line for one thread and one for two.
"""
import gzip
import sys
import time

import numpy as np
import torch

folder, repeats = sys.argv[1], int(sys.argv[2])
BATCH, RATE = 256, 1e-3
SIZES = [784, 1000, 500, 250, 30, 250, 500, 1000, 784]
CODE = 3  # its layer is linear

with gzip.open(f"{folder}/train-images-idx3-ubyte.gz") as file:
    pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(60000, 784)
X = torch.from_numpy(pixels / 255.0)
layers = []
for l, (inputs, outputs) in enumerate(zip(SIZES, SIZES[1:])):
    layers.append(torch.nn.Linear(inputs, outputs).double())
    if l != CODE and l < len(SIZES) - 2:
        layers.append(torch.nn.Sigmoid())
network = torch.nn.Sequential(*layers)
parameters = list(network.parameters())
loss = torch.nn.BCEWithLogitsLoss(reduction="sum")

n = sum(p.numel() for p in parameters)
flat = 0.05 * np.sin(np.arange(float(n)))
with torch.no_grad():
    for p, part in zip(parameters, np.split(flat, np.cumsum([p.numel() for p in parameters])[:-1])):
        p.copy_(torch.from_numpy(part).reshape(p.shape))
optimizer = torch.optim.SGD(parameters, lr=RATE)


def update(inputs):
    optimizer.zero_grad(set_to_none=True)
    value = loss(network(inputs), inputs) / len(inputs)
    value.backward()
    optimizer.step()
    return value.item()


optimizer.param_groups[0]["lr"] = 0.0
value = update(X[:BATCH])
norm = np.sqrt(sum((p.grad**2).sum().item() for p in parameters))
optimizer.param_groups[0]["lr"] = RATE
for threads in (1, 2):
    torch.set_num_threads(threads)
    wall, cpu = [], []
    for rows in torch.randperm(len(X)).split(BATCH)[:repeats]:
        before = time.monotonic(), time.process_time()
        update(X[rows])
        wall.append(time.monotonic() - before[0])
        cpu.append(time.process_time() - before[1])
    print(
        f"value {value:.15g} gradient_norm {norm:.15g} wall_seconds {np.median(wall):.6f} "
        f"cpu_seconds {np.median(cpu):.6f} threads {threads}"
    )
