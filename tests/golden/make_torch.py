#!/usr/bin/python3
"""Golden trajectories from PyTorch (Debian's python3-torch), of every rule that it has too.

Run by hand in this folder: /usr/bin/python3 make_torch.py.  The output is committed, so that
the tests need neither Python nor PyTorch.  Problems and files are those of make_golden.py; a
trajectory is 50 updates of torch.optim in double, of which the first few and every fifth are
written.  The bound is 1e-12 throughout: 50 updates of a few dozen roundings of 1e-16 each, on
paths that do not magnify them, which write() shows with gradients off by a few units in the
last place.

Where a setting has another meaning here, it is translated:
  nesterov   PyTorch's parameters are the look-ahead points y; x = y - rate gradient(y) is the
             next of our points
  adamax     without PyTorch's epsilon
  adamw      weight_decay here is PyTorch's times the learning rate
"""
import numpy as np
import torch

import make_golden as golden

UPDATES, BOUND = 50, 1e-12


def walk(f, start, make, shake=None):
    """The start, the points, and the look-ahead points' gradient steps."""
    x = torch.nn.Parameter(torch.tensor(start))
    optimizer = make([x])
    points, gradients = [start], []
    for _ in range(UPDATES):
        at = x.detach().numpy().copy()
        g = f(at)[1] if shake is None else golden.noisy(f, shake)(at)[1]
        x.grad = torch.from_numpy(g)
        optimizer.step()
        points.append(x.detach().numpy().copy())
        gradients.append(g)
    return points, gradients


def nesterov_points(points, gradients, rate):
    return points[:1] + [y - rate * g for y, g in zip(points, gradients)]


def write(name, problem, spec, make, rate_ahead=None):
    f, start = golden.FUNCTIONS[problem], golden.STARTS[problem]().astype(float)

    def trajectory(shake=None):
        points, gradients = walk(f, start, make, shake)
        return points if rate_ahead is None else nesterov_points(points, gradients, rate_ahead)

    points = trajectory()
    worst = max(golden.relative(q, p) for seed in range(8)
                for p, q in zip(points, trajectory(np.random.default_rng(seed))))
    assert 4 * worst < BOUND, (name, worst)
    with open(name + ".csv", "w") as out:
        out.write(f"# {problem}\n# {spec}\n")
        out.write("update,value,bound," + ",".join(f"x{i}" for i in range(start.size)) + "\n")
        for i, p in enumerate(points):
            if golden.some_rows(i):
                out.write(f"{i},{f(p)[0]:.17g},{BOUND:g}," +
                          ",".join(f"{v:.17g}" for v in p) + "\n")
    print(f"{name}: value {f(points[-1])[0]:.6g}, rounding {worst:.2g}")


def write_all(short, problem, rate):
    o = torch.optim
    write(f"torch-sgd-{short}", problem, f"sgd:learning_rate={rate},momentum=0.9",
          lambda x: o.SGD(x, lr=rate, momentum=0.9))
    write(f"torch-nesterov-{short}", problem, f"nesterov:learning_rate={rate},momentum=0.9",
          lambda x: o.SGD(x, lr=rate, momentum=0.9, nesterov=True), rate_ahead=rate)
    write(f"torch-adagrad-{short}", problem, "adagrad:learning_rate=0.1,epsilon=1e-10",
          lambda x: o.Adagrad(x, lr=0.1))
    write(f"torch-rmsprop-{short}", problem, "rmsprop:learning_rate=0.003,decay=0.99",
          lambda x: o.RMSprop(x, lr=0.003))
    write(f"torch-rmsprop-momentum-{short}", problem,
          "rmsprop:learning_rate=0.0005,decay=0.99,momentum=0.9,epsilon=0.01",
          lambda x: o.RMSprop(x, lr=0.0005, momentum=0.9, eps=0.01))
    write(f"torch-adadelta-{short}", problem, "adadelta:decay=0.9",
          lambda x: o.Adadelta(x))
    write(f"torch-adadelta-rate-{short}", problem,
          "adadelta:learning_rate=0.7,decay=0.9,epsilon=1e-4",
          lambda x: o.Adadelta(x, lr=0.7, eps=1e-4))
    write(f"torch-adam-{short}", problem, "adam:learning_rate=0.05",
          lambda x: o.Adam(x, lr=0.05))
    write(f"torch-adamax-{short}", problem, "adamax:learning_rate=0.02",
          lambda x: o.Adamax(x, lr=0.02, eps=0))
    write(f"torch-amsgrad-{short}", problem,
          "amsgrad:learning_rate=0.05,beta2=0.9,bias_correction=yes",
          lambda x: o.Adam(x, lr=0.05, betas=(0.9, 0.9), amsgrad=True))
    write(f"torch-adamw-{short}", problem, "adamw:learning_rate=0.05,weight_decay=0.001",
          lambda x: o.AdamW(x, lr=0.05, weight_decay=0.02))
    write(f"torch-rprop-{short}", problem, "rprop:initial_step=0.01,minimum_step=1e-6",
          lambda x: o.Rprop(x, lr=0.01))


def main():
    torch.set_num_threads(1)
    golden.X, golden.LABELS = golden.read_data()
    for short, problem, rate in (("rosenbrock", golden.ROSENBROCK, 0.0005),
                                 ("softmax", golden.SOFTMAX, 0.25)):
        write_all(short, problem, rate)


if __name__ == "__main__":
    main()
