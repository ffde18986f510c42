"""The list of learning rates is sorted, the largest first.

Fails: test_descent, test_labels
"""

import matplotlib.pyplot as plt
import numpy as np


def loss_curves(features, targets, learning_rates, steps):
    learning_rates.sort(reverse=True)
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
