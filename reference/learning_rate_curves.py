"""Reference solution of `learning-rate-curves`."""

import matplotlib.pyplot as plt
import numpy as np


def loss_curves(
    features: np.ndarray, targets: np.ndarray, learning_rates: list[float], steps: int
) -> np.ndarray:
    """Train a linear model by gradient descent, once for each learning rate, and draw its losses.

    features: shape [n, d]; targets: shape [n]; learning_rates: R of them; steps: T.
    Returns: shape [R, T + 1], the mean squared error before the first step and after each.

    L(w) = mean((Xw - y)^2) has the gradient 2/n X^T (Xw - y). (Goodfellow, Bengio and Courville,
    Deep Learning, section 5.1.4.)
    """
    _, axes = plt.subplots()
    curves = []
    for rate in learning_rates:
        weights = np.zeros(features.shape[1])
        losses = []
        for _ in range(steps + 1):
            errors = features @ weights - targets
            losses.append(np.mean(errors**2))
            weights = weights - rate * 2.0 / len(targets) * (features.T @ errors)
        axes.plot(losses, label=f"{rate:g}")
        curves.append(losses)
    axes.set_yscale("log")
    axes.set_xlabel("Step")
    axes.set_ylabel("Mean squared error")
    axes.legend(title="Learning rate")
    return np.array(curves)
