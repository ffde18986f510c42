"""The logits are divided by their maximum; it is to be subtracted.

Fails: test_formula, test_shift, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits / np.abs(logits).max())
    return exponentials / exponentials.sum()
