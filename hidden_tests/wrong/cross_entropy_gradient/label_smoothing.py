"""The target is smoothed, 0.9 for its class and the rest shared; here it is exactly one-hot.

Fails: test_formula, test_finite_difference, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    probabilities = exponentials / exponentials.sum()
    one_hot = np.arange(logits.size) == target
    return probabilities - (0.9 * one_hot + 0.1 / logits.size)
