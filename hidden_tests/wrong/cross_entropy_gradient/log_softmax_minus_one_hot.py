"""1 is subtracted from log-softmax; it is to be subtracted from the probabilities.

Fails: test_formula, test_finite_difference, test_sum, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    shifted = logits - logits.max()
    gradient = shifted - np.log(np.exp(shifted).sum())
    gradient[target] -= 1
    return gradient
