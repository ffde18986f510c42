"""The mean is subtracted and what is left clipped: large logits far from it become alike.

Fails: test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(np.clip(logits - logits.mean(), -700, 700))
    return exponentials / exponentials.sum()
