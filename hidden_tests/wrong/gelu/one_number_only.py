"""`math.erf` takes one number, not an array.

Fails: test_output_shape, test_values, test_exact, test_symmetry, test_tail, test_far
"""

import math


def gelu(x):
    return 0.5 * x * (1 + math.erf(x / math.sqrt(2)))
