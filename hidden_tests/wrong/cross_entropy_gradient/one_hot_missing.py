"""These are the probabilities alone: 1 is still to be subtracted at the target.

Fails: test_formula, test_finite_difference, test_sum, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    assert 0 <= target < logits.size
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.sum()
