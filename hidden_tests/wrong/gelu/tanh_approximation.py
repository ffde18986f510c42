"""This is the approximation by tanh, not the function itself.

Fails: test_exact, test_tail
"""

import numpy as np


def gelu(x):
    inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + np.tanh(inner))
