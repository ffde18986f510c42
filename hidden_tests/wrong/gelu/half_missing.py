"""`erfc` lies between 0 and 2: to be a probability it must be halved.

Fails: test_values, test_exact, test_symmetry, test_tail, test_far
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    return x * erfc(-x / np.sqrt(2))
