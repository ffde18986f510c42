"""1 is always subtracted at index 0, whatever the target is.

Fails: test_formula, test_finite_difference, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    assert 0 <= target < logits.size
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[0] -= 1
    return gradient
