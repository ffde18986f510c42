"""Each logit goes through a sigmoid of its own; softmax shares one sum among all.

Fails: test_formula, test_sum, test_shift, test_stability
"""

import numpy as np


def softmax(logits):
    return 1 / (1 + np.exp(-logits))
