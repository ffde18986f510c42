"""The probabilities are kept above 1e-7, so with many classes they sum to more than 1.

Fails: test_sum
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    return np.clip(exponentials / exponentials.sum(), 1e-7, 1)
