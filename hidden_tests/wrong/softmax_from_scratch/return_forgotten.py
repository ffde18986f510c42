"""The result is computed but not returned, so the function returns None.

Fails: test_output_shape, test_formula, test_sum, test_shift, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    exponentials /= exponentials.sum()
