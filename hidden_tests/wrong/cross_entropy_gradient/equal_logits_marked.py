"""The target is found by its logit's value, so 1 is subtracted at equal logits, too.

Fails: test_formula, test_finite_difference
"""

import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    probabilities = exponentials / exponentials.sum()
    return probabilities - (logits == logits[target])
