"""The numbers are right, but in a Python list, not in a NumPy array.

Fails: test_output_shape
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient.tolist()
