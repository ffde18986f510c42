"""The logits are halved before softmax: that is a temperature of 2, another loss.

Fails: test_formula, test_finite_difference, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    scaled = logits / 2
    exponentials = np.exp(scaled - scaled.max())
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient
