"""zeros_like of whole-number logits makes an integer array, which cuts off the fractions.

Fails: test_output_shape, test_formula
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    gradient = np.zeros_like(logits)
    gradient[:] = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient
