"""The maximum is subtracted only if positive, so very negative logits underflow to 0 / 0.

Fails: test_shift
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - max(logits.max(), 0))
    return exponentials / exponentials.sum()
