"""The result is float16, whose three digits are too few.

Fails: test_formula, test_sum, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient.astype(np.float16)
