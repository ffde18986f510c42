"""Reference solution of `softmax-from-scratch`."""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turn logits into probabilities: p_i = exp(z_i) / sum_j exp(z_j).

    logits: shape [V], finite numbers, V >= 1.
    Returns: shape [V], float64; non-negative, sums to 1.

    Multiplying numerator and denominator by exp(-m) leaves the quotient as it is. With
    m = max(z) every exponent is at most 0 and the largest is exactly 0, so nothing overflows
    and the sum is at least 1. (Goodfellow, Bengio and Courville, Deep Learning, section 4.1.)
    """
    z = np.asarray(logits, dtype=np.float64)
    exponentials = np.exp(z - z.max())
    probabilities: np.ndarray = exponentials / exponentials.sum()
    return probabilities
