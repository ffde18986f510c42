"""The result is a column of shape [V, 1]; a vector of shape [V] is asked for.

Fails: test_output_shape, test_formula, test_sum, test_shift, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    return (exponentials / exponentials.sum())[:, np.newaxis]
