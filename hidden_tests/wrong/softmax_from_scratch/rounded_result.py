"""The result is rounded to six decimals, so small probabilities become 0.

Fails: test_sum
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    return np.round(exponentials / exponentials.sum(), 6)
