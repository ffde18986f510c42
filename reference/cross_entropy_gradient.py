"""Reference solution of `cross-entropy-gradient`."""

import numpy as np


def cross_entropy_grad(logits: np.ndarray, target: int) -> np.ndarray:
    """Gradient of L = -log softmax(logits)[target] with respect to the logits.

    logits: shape [V], finite numbers, V >= 1.
    target: index of the true class, 0 <= target < V.
    Returns: shape [V], float64; sums to 0 up to rounding.

    L = log(sum_j exp(z_j)) - z_y. The first term has the gradient softmax(z), the second is 1 at
    y and 0 elsewhere, so dL/dz_i = p_i - 1[i = y]. (Bishop, Pattern Recognition and Machine
    Learning, section 4.3.4.)
    """
    z = np.asarray(logits, dtype=np.float64)
    exponentials = np.exp(z - z.max())  # the largest exponent is 0: no overflow
    gradient: np.ndarray = exponentials / exponentials.sum()
    gradient[target] -= 1.0
    return gradient
