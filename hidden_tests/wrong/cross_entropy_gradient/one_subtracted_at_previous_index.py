"""1 is subtracted at target - 1, as if classes were counted from 1.

Fails: test_formula, test_finite_difference, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[target - 1] -= 1
    return gradient
