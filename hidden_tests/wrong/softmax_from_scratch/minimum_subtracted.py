"""The minimum is subtracted before exp; this leaves the large exponents large.

Fails: test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.min())
    return exponentials / exponentials.sum()
