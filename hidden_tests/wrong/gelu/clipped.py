"""Entries are cut off at 6 on either side, so large ones come out too small.

Fails: test_tail, test_far
"""

import numpy as np
from scipy.special import erfc


def gelu(x):
    x = np.clip(x, -6.0, 6.0)
    return 0.5 * x * erfc(-x / np.sqrt(2))
