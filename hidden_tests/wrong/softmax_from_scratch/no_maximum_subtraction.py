"""The maximum is not subtracted before exp, so large logits overflow.

Fails: test_shift, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum()
