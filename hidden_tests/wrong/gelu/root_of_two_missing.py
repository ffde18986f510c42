"""The argument of the error function is x / sqrt(2), not x.

Fails: test_values, test_exact, test_tail
"""

from scipy.special import erfc


def gelu(x):
    return 0.5 * x * erfc(-x)
