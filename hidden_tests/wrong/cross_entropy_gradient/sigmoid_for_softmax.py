"""Each logit goes through a sigmoid of its own; softmax shares one sum among all.

Fails: test_formula, test_finite_difference, test_sum, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    gradient = 1 / (1 + np.exp(-logits))
    gradient[target] -= 1
    return gradient
