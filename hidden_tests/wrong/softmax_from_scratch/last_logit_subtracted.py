"""The last logit is subtracted before exp; only the maximum makes every exponent 0 or less.

Fails: test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits[-1])
    return exponentials / exponentials.sum()
