"""The exponentials are not divided by their sum, so they are no probabilities.

Fails: test_formula, test_finite_difference, test_sum, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    gradient = np.exp(logits - logits.max())
    gradient[target] -= 1
    return gradient
