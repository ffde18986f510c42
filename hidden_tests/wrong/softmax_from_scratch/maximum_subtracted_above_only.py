"""The maximum is subtracted from the numerator alone; the quotient needs it in both.

Fails: test_formula, test_sum, test_shift, test_stability
"""

import numpy as np


def softmax(logits):
    return np.exp(logits - logits.max()) / np.exp(logits).sum()
