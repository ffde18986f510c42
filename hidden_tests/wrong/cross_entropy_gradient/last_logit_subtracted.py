"""The last logit is subtracted before exp; only the maximum makes every exponent 0 or less.

Fails: test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits[-1])
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient
