"""1 is subtracted at the most likely class, the prediction, not at the target.

Fails: test_formula, test_finite_difference, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    assert 0 <= target < logits.size
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[np.argmax(logits)] -= 1
    return gradient
