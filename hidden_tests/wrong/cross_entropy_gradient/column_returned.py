"""The result is a column of shape [V, 1]; a vector of shape [V] is asked for.

Fails: test_output_shape, test_formula, test_finite_difference, test_sum, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient.reshape(-1, 1)
