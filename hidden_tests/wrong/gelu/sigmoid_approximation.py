"""This is the approximation by the sigmoid of 1.702 x, not the function itself.

Fails: test_values, test_exact, test_tail
"""

from scipy.special import expit


def gelu(x):
    return x * expit(1.702 * x)
