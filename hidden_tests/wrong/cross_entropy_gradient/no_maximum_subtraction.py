"""The maximum is not subtracted before exp, so large logits overflow.

Fails: test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits)
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient
