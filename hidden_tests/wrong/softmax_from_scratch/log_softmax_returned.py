"""This is the logarithm of softmax: the probabilities are its exp.

Fails: test_formula, test_sum, test_stability
"""

import numpy as np


def softmax(logits):
    shifted = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum())
