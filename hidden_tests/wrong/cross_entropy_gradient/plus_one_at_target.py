"""1 is added at the target; the derivative of -z_y is -1, so it is to be subtracted.

Fails: test_formula, test_finite_difference, test_sum, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[target] += 1
    return gradient
