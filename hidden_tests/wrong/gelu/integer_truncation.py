"""The result has the type of the input, and integers cannot hold fractions.

Fails: test_output_shape, test_values
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    return (0.5 * x * erfc(-x / np.sqrt(2))).astype(x.dtype)
