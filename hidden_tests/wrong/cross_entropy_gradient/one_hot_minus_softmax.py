"""The sign is turned: this is the gradient of log p_y, and the loss is -log p_y.

Fails: test_formula, test_finite_difference, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    probabilities = exponentials / exponentials.sum()
    one_hot = np.zeros(logits.size)
    one_hot[target] = 1
    return one_hot - probabilities
