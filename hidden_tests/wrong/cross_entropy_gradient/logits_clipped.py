"""The logits are clipped: that avoids the overflow, but makes large logits all alike.

Fails: test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(np.clip(logits, -500, 500))
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient
