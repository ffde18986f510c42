"""All goes to the largest logit: that is argmax, and softmax is its smooth relative.

Fails: test_formula, test_sum, test_stability
"""

import numpy as np


def softmax(logits):
    probabilities = np.zeros(logits.size)
    probabilities[np.argmax(logits)] = 1
    return probabilities
