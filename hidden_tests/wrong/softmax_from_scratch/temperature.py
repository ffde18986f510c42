"""The logits are halved before exp: that is a temperature of 2.

Fails: test_formula, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp((logits - logits.max()) / 2)
    return exponentials / exponentials.sum()
