"""The probabilities are sorted; entry i is to belong to logit i.

Fails: test_formula, test_stability
"""

import numpy as np


def softmax(logits):
    exponentials = np.exp(np.sort(logits)[::-1] - logits.max())
    return exponentials / exponentials.sum()
