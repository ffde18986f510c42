"""Reference solution of `gelu`."""

import numpy as np
from scipy.special import erfc


def gelu(x: np.ndarray) -> np.ndarray:
    """x * Phi(x), with Phi the distribution function of the standard normal; any shape.

    Phi(x) = (1 + erf(x / sqrt 2)) / 2 = erfc(-x / sqrt 2) / 2. The second form adds nothing up
    that cancels, so it keeps all its digits where x is very negative and Phi almost 0.
    (Hendrycks and Gimpel, Gaussian Error Linear Units, 2016.)
    """
    values = np.asarray(x, dtype=np.float64)
    result: np.ndarray = values * erfc(-values / np.sqrt(2.0)) / 2.0
    return result
