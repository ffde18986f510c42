"""The exponentials are divided by their mean, so the result sums to V and not to 1.

Fails: test_formula, test_sum, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.mean()
