"""This is the loss, one number; its gradient has an entry for each logit.

Fails: test_output_shape, test_formula, test_finite_difference, test_sum, test_sign, test_stability
"""

import numpy as np


def cross_entropy_grad(logits, target):
    shifted = logits - logits.max()
    return np.log(np.exp(shifted).sum()) - shifted[target]
