"""The numbers are right, but in a Python list, not in a NumPy array.

Fails: test_output_shape
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    return list(exponentials / exponentials.sum())
