"""The result is flat, whatever the shape of the input.

Fails: test_output_shape, test_values, test_exact
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    x = x.ravel()
    return 0.5 * x * erfc(-x / np.sqrt(2))
