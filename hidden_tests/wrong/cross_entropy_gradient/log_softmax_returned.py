"""The logarithm of softmax is returned; the gradient holds the probabilities themselves.

Fails: test_formula, test_finite_difference, test_sum, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    assert 0 <= target < logits.size
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum())
