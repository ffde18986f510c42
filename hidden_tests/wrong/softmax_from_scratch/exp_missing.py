"""The logits are divided by their sum without exp, so some results are negative.

Fails: test_formula, test_sum, test_shift, test_stability
"""


def softmax(logits):
    return logits / logits.sum()
