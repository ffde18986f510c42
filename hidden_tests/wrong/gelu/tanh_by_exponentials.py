"""tanh is written with exponentials, which overflow for large entries.

Fails: test_exact, test_tail, test_far
"""

import numpy as np


def gelu(x):
    inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    up, down = np.exp(inner), np.exp(-inner)
    return 0.5 * x * (1 + (up - down) / (up + down))
