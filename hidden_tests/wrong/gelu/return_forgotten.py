"""The result is computed but not returned, so the function returns None.

Fails: test_output_shape, test_values, test_exact, test_symmetry, test_tail, test_far
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    result = x * erfc(-x / np.sqrt(2))
    result /= 2
