"""The mean is subtracted and what is left clipped: large logits far from it become alike.

Fails: test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(np.clip(logits - logits.mean(), -700, 700))
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient
