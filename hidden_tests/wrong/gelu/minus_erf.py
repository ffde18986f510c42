"""The sign of erf is turned round: large entries should be kept, not small ones.

Fails: test_values, test_exact, test_tail, test_far
"""

import numpy as np
from scipy.special import erf


def gelu(x):
    return 0.5 * x * (1 - erf(x / np.sqrt(2)))
