"""This is ReLU, which decides by the sign alone.

Fails: test_values, test_exact, test_tail
"""

import numpy as np


def gelu(x):
    return np.maximum(x, 0.0)
