"""The normal density stands in the place of Phi, which is the area below it.

Fails: test_values, test_exact, test_symmetry, test_tail, test_far
"""

import numpy as np


def gelu(x):
    return x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
