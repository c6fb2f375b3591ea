"""Values, gradients and curvature products of small networks, by PyTorch in double.

Prints tests/problems/network/network_values.h:

    /usr/bin/python3 tests/problems/network/network_values.py > tests/problems/network/network_values.h

Independent of the library: layers are written out, derivatives are PyTorch's, the
Gauss-Newton matrix is built from whole Jacobians.  Data, parameters and directions are the
fractions that `entry`, `parameter` and `direction` say; the test computes the same ones.
"""

import torch

EXAMPLES, FEATURES, CLASSES = 11, 5, 3
F = torch.nn.functional


def entry(i, j):
    return (i * 37 + j * 11 + i * i * 3) % 101 / 101


def parameter(i):
    return (i * 7919 + 31) % 1009 / 1009 - 0.5


def direction(i):
    return (i * 104729 + 7) % 997 / 997 - 0.5


X = torch.tensor([[entry(i, j) for j in range(FEATURES)] for i in range(EXAMPLES)],
                 dtype=torch.float64)
LABELS = torch.tensor([i % CLASSES for i in range(EXAMPLES)])
ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu,
               "linear": lambda z: z}


def bernoulli(z):
    return F.binary_cross_entropy_with_logits(z, X, reduction="none").sum(1)


def squared(z):
    return 0.5 * ((z - X) ** 2).sum(1)


def softmax(z):
    return F.cross_entropy(z, LABELS, reduction="none")


def bernoulli_hessian(z):
    p = torch.sigmoid(z)
    return torch.diag_embed(p * (1 - p))


def squared_hessian(z):
    return torch.eye(z.shape[1], dtype=z.dtype).expand(len(z), -1, -1)


def softmax_hessian(z):
    p = torch.softmax(z, 1)
    return torch.diag_embed(p) - p[:, :, None] * p[:, None, :]


def outputs(x, widths, activations):
    """The sums of the last layer; and l2's mask."""
    at, h, mask = 0, X, torch.zeros_like(x)
    for inputs, units, f in zip(widths, widths[1:], activations):
        W = x[at:at + units * inputs].reshape(units, inputs)
        mask[at:at + units * inputs] = 1.0
        at += units * inputs
        h = f(h @ W.T + x[at:at + units])
        at += units
    return h, mask


def dimension(widths):
    return sum(o * (i + 1) for i, o in zip(widths, widths[1:]))


def numbers(name, values):
    text = ", ".join(f"{v:.17g}" for v in values)
    words, line = [], "    "
    for word in text.split(" "):
        if len(line) + len(word) > 88:
            words.append(line.rstrip())
            line = "    "
        line += word + " "
    words.append(line.rstrip())
    print(f"static const double {name}[] = {{\n" + "\n".join(words) + "};")


def show(number, spec, widths, activations, loss, hessian, l2):
    n = dimension(widths)
    x = torch.tensor([parameter(i) for i in range(n)], dtype=torch.float64)
    v = torch.tensor([direction(i) for i in range(n)], dtype=torch.float64)
    mask = outputs(x, widths, activations)[1]

    def value(x):
        return loss(outputs(x, widths, activations)[0]).mean() + l2 / 2 * (mask * x * x).sum()

    x.requires_grad_()
    f = value(x)
    (g,) = torch.autograd.grad(f, x, create_graph=True)
    (Hv,) = torch.autograd.grad(g @ v, x)
    J = torch.autograd.functional.jacobian(lambda x: outputs(x, widths, activations)[0], x)
    L = hessian(outputs(x, widths, activations)[0])
    Gv = torch.einsum("ikp,ikl,il->p", J, L, J @ v) / EXAMPLES + l2 * mask * v
    numbers(f"gradient_{number}", g.tolist())
    numbers(f"product_{number}", Hv.tolist())
    numbers(f"gauss_newton_{number}", Gv.tolist())
    return f'    {{"{spec}", {n}, {f.item():.17g}, gradient_{number}, product_{number},\n' \
           f"     gauss_newton_{number}}},"


def normalised(x, widths, activations, averages, training):
    """The sums of the last layer of a batch-normalised network; and l2's mask."""
    at, h, mask = 0, X, torch.zeros_like(x)
    for l, (inputs, units, f) in enumerate(zip(widths, widths[1:], activations)):
        W = x[at:at + units * inputs].reshape(units, inputs)
        mask[at:at + units * inputs] = 1.0
        at += units * inputs
        first, second = x[at:at + units], x[at + units:at + 2 * units]
        if l == len(widths) - 2:
            return h @ W.T + first, mask
        at += 2 * units
        h = f(F.batch_norm(h @ W.T, *averages[l], first, second, training))


def show_normalised(number, spec, widths, activations, loss, l2):
    """In training, the running averages after two batches, and in measuring."""
    n = dimension(widths) + sum(widths[1:-1])
    x = torch.tensor([parameter(i) for i in range(n)], dtype=torch.float64)
    v = torch.tensor([direction(i) for i in range(n)], dtype=torch.float64)
    averages = [(torch.zeros(w, dtype=x.dtype), torch.ones(w, dtype=x.dtype))
                for w in widths[1:-1]]

    def value_and_gradient(x, training):
        x = x.clone().requires_grad_()
        z, mask = normalised(x, widths, activations, averages, training)
        f = loss(z).mean() + l2 / 2 * (mask * x * x).sum()
        return f.item(), torch.autograd.grad(f, x)[0].tolist()

    f, g = value_and_gradient(x, True)
    value_and_gradient(x + 0.1 * v, True)
    measured, measured_gradient = value_and_gradient(x, False)
    numbers(f"training_{number}", g)
    numbers(f"measuring_{number}", measured_gradient)
    numbers(f"averages_{number}", [a for i in (0, 1) for pair in averages for a in pair[i].tolist()])
    return f'    {{"{spec}", {n}, {sum(widths[1:-1])}, {f:.17g}, {measured:.17g}, ' \
           f"training_{number},\n     measuring_{number}, averages_{number}}},"


print("""/* Made by network_values.py, which says what these are.  */

#ifndef GRADUS_TESTS_NETWORK_VALUES_H
#define GRADUS_TESTS_NETWORK_VALUES_H

#include <stddef.h>
""")
rows = []
sigmoid, tanh, relu, linear = (ACTIVATIONS[name] for name in ACTIVATIONS)
mirror = [FEATURES, 4, 2, 4, FEATURES]
for name, f in ACTIVATIONS.items():
    rows.append(show(len(rows), f"autoencoder:layers=4-2,activation={name}", mirror,
                     [f, linear, f, linear], bernoulli, bernoulli_hessian, 0.0))
rows.append(show(len(rows), "autoencoder:layers=4-2,activation=tanh,loss=squared,l2=0.03",
                 mirror, [tanh, linear, tanh, linear], squared, squared_hessian, 0.03))
for name in ("sigmoid", "relu"):
    f = ACTIVATIONS[name]
    rows.append(show(len(rows), f"network:layers=4-3,activation={name},l2=0.03",
                     [FEATURES, 4, 3, CLASSES], [f, f, linear], softmax, softmax_hessian,
                     0.03))
print("""
static const struct {
    const char *spec;
    size_t dimension;
    double value;
    const double *gradient, *product, *gauss_newton;
} network_values[] = {""")
print("\n".join(rows))
print("};\n")
rows = [show_normalised(0, "autoencoder:layers=4-2,activation=tanh,loss=squared,batch_norm=yes",
                        mirror, [tanh, linear, tanh, linear], squared, 0.0),
        show_normalised(1, "network:layers=4-3,batch_norm=yes,l2=0.03",
                        [FEATURES, 4, 3, CLASSES], [sigmoid, sigmoid, linear], softmax, 0.03)]
print("""
static const struct {
    const char *spec;
    size_t dimension, units;
    double value, measured;
    const double *training, *measuring, *averages; /* means, then variances */
} normalised_values[] = {""")
print("\n".join(rows))
print("};\n\n#endif")
