"""zeros_like of whole-number logits makes an integer array, which cuts off the fractions.

Fails: test_output_shape, test_formula
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    probabilities = np.zeros_like(logits)
    probabilities[:] = exponentials / exponentials.sum()
    return probabilities
