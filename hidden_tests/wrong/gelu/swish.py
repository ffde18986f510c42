"""This is x times the sigmoid of x, the function Swish; GELU has Phi in its place.

Fails: test_values, test_exact, test_tail
"""

from scipy.special import expit


def gelu(x):
    return x * expit(x)
