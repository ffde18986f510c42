"""This is Phi(x), the probability; GELU is x times that.

Fails: test_values, test_exact, test_symmetry, test_tail, test_far
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    return 0.5 * erfc(-x / np.sqrt(2))
