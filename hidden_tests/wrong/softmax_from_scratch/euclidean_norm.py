"""The exponentials are divided by their Euclidean length, not by their sum.

Fails: test_formula, test_sum, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    return exponentials / np.linalg.norm(exponentials)
