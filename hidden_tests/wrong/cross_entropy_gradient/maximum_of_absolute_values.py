"""The largest absolute value is subtracted, so very negative logits underflow to 0 / 0.

Fails: test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - np.abs(logits).max())
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient
