"""The losses are returned, and nothing is drawn.

Fails: test_curves, test_scale, test_labels
"""

import numpy as np


def loss_curves(features, targets, learning_rates, steps):
    curves = np.empty((len(learning_rates), steps + 1))
    for row, rate in enumerate(learning_rates):
        weights = np.zeros(features.shape[1])
        for step in range(steps + 1):
            errors = features @ weights - targets
            curves[row, step] = np.mean(errors**2)
            weights = weights - rate * 2 / len(targets) * features.T @ errors
    return curves
