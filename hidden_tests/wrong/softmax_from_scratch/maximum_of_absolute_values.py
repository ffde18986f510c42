"""The largest absolute value is subtracted, so very negative logits underflow to 0 / 0.

Fails: test_shift
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - np.abs(logits).max())
    return exponentials / exponentials.sum()
