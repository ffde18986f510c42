"""The result is float16, whose three digits are too few.

Fails: test_formula, test_sum, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    return (exponentials / exponentials.sum()).astype(np.float16)
