"""`/=` works in place, so the caller's array is changed.

Fails: test_values
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    z = np.asarray(x, dtype=float)
    z /= np.sqrt(2)
    return z * erfc(-z) / np.sqrt(2)
