"""`-=` works in place, so the caller's logits are changed.

Fails: test_formula
"""

import numpy as np


def softmax(logits):
    logits -= logits.max()
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum()
