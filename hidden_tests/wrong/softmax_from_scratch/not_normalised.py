"""The exponentials are not divided by their sum.

Fails: test_formula, test_sum, test_stability
"""

import numpy as np


def softmax(logits):
    return np.exp(logits - logits.max())
