"""The result is a list, not an array.

Fails: test_output_shape
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    return (0.5 * x * erfc(-x / np.sqrt(2))).tolist()
