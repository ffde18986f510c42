"""The result is float16, whose three digits are too few.

Fails: test_exact, test_symmetry, test_tail, test_far
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    return (0.5 * x * erfc(-x / np.sqrt(2))).astype(np.float16)
