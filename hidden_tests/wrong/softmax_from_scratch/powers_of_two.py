"""The powers are those of 2, not those of e.

Fails: test_formula, test_stability
"""

import numpy as np


def softmax(logits):
    powers = np.exp2(logits - logits.max())
    return powers / powers.sum()
