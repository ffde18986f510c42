"""The result is rounded to six decimals, so small positive entries become 0.

Fails: test_sign
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return np.round(gradient, 6)
