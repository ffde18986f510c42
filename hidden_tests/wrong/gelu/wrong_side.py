"""`erfc(x / sqrt(2))` is what lies above x; Phi(x) is what lies below.

Fails: test_values, test_exact, test_tail, test_far
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    return 0.5 * x * erfc(x / np.sqrt(2))
