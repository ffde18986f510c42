"""Hidden tests of `cross-entropy-gradient`.

Every call is given a fresh copy of its logits, so a function that changes its argument fails in
one place only: `test_formula`, which looks for exactly that.

The tolerances leave room for float32, whose relative precision is about 6e-8. For the same reason
logits near 1000 are whole numbers here (float32 holds those exactly), and no target class is so
likely that `p - 1` would round to 0.
"""

import numpy as np

from grader.compare import (
    Mismatch,
    as_vector,
    assert_close,
    assert_float_array,
    assert_unchanged,
)
from grader.show import show
from reference.cross_entropy_gradient import cross_entropy_grad as reference_grad

RTOL, ATOL = 1e-5, 1e-6


def loss(logits, target):
    """-log softmax(logits)[target], by a stable log-sum-exp."""
    shifted = logits - logits.max()
    return np.log(np.exp(shifted).sum()) - shifted[target]


def finite_difference(logits, target, step=1e-5):
    """Central differences: nudge each logit up and down and measure the slope of the loss."""
    nudges = step * np.eye(logits.size)
    rises = [loss(logits + nudge, target) - loss(logits - nudge, target) for nudge in nudges]
    return np.array(rises) / (2 * step)


def test_output_shape(solution):
    """The output shape matches `logits`: a 1-D NumPy array of floating-point numbers."""
    cases = [
        (np.array([1.0, 2.0, 3.0, 0.5]), 2),
        (np.array([0.25, -1.5]), 0),
        (np.array([3.0]), 0),
        (np.linspace(-2.0, 2.0, 50), 49),
        (np.array([0, 0, 0]), 1),  # whole numbers in, floating-point numbers out
        (np.array([0.5, 1.5, -1.0], dtype=np.float32), 1),
    ]
    for logits, target in cases:
        assert_float_array(solution.cross_entropy_grad(logits.copy(), target), logits.shape)


def test_formula(solution):
    """Matches the analytic formula `softmax - one_hot`, and leaves `logits` unchanged."""
    cases = [
        (np.array([0, 0, 0]), 1),
        (np.array([1.0, 2.0, 3.0, 0.5]), 2),
        (np.array([-1.0, -4.0, 2.5]), 0),
        (np.array([3.0]), 0),  # a single class: its probability is 1, its gradient 0
    ]
    rng = np.random.default_rng(11)
    for size in (2, 5, 20, 100):
        cases.append((rng.normal(scale=2.0, size=size), int(rng.integers(size))))
    for logits, target in cases:
        given = logits.copy()
        assert_close(
            solution.cross_entropy_grad(given, target),
            reference_grad(logits, target),
            rtol=RTOL,
            atol=ATOL,
            message="The gradient is softmax(logits), minus 1 at the target's index.",
        )
        assert_unchanged(given, logits)


def test_finite_difference(solution):
    """Matches the finite-difference numerical gradient of the loss, for every possible target."""
    rng = np.random.default_rng(12)
    vectors = [np.array([0.5, -1.0, 0.5])]
    vectors += [rng.normal(scale=1.5, size=size) for size in (2, 4, 7)]
    for logits in vectors:
        for target in range(logits.size):
            assert_close(
                solution.cross_entropy_grad(logits.copy(), target),
                finite_difference(logits, target),
                rtol=0.0,
                atol=1e-3,
                message="Nudging each logit a little shows another slope of the loss.",
            )


def test_sum(solution):
    """The gradient sums to about 0, because the probabilities sum to 1."""
    rng = np.random.default_rng(13)
    vectors = [np.array([1.0, 2.0, 3.0, 0.5])]
    vectors += [rng.normal(scale=2.0, size=size) for size in (2, 10, 100)]
    vectors.append(rng.uniform(-30.0, 30.0, size=1000))  # nearly all probabilities are tiny
    for logits in vectors:
        target = int(rng.integers(logits.size))
        got = as_vector(solution.cross_entropy_grad(logits.copy(), target), logits.shape)
        if abs(got.sum()) > 1e-5:
            raise Mismatch(
                f"The entries of your result sum to {got.sum():.6g}, not to 0. The probabilities "
                "sum to 1, and from one of them 1 is subtracted.",
                expected="entries whose sum is 0",
                got=show(got),
            )


def test_sign(solution):
    """The gradient on the target class is negative, and positive on every other class."""
    rng = np.random.default_rng(14)
    cases = [(np.array([2.0, -1.0, 0.5]), target) for target in range(3)]
    cases.append((np.array([20.0, 0.0, -3.0]), 1))  # the last probability is about 1e-10
    for size in (2, 6, 30):
        cases.append((rng.normal(scale=1.5, size=size), int(rng.integers(size))))
    for logits, target in cases:
        got = as_vector(solution.cross_entropy_grad(logits.copy(), target), logits.shape)
        if got[target] >= 0:
            raise Mismatch(
                f"At the target's index {target} your result is {got[target]:.6g}. It should be "
                "negative: raising that logit lowers the loss.",
                expected=f"a negative number at index {target}",
                got=show(got),
            )
        for other in np.flatnonzero(got <= 0):
            if other != target:
                raise Mismatch(
                    f"At index {other}, which is not the target, your result is {got[other]:.6g}. "
                    "It should be positive: raising that logit raises the loss.",
                    expected=f"a positive number at index {other}",
                    got=show(got),
                )


def test_stability(solution):
    """Numerically stable for large logits such as `[1000, 1001, 1002]`: no NaN, no infinity."""
    vectors = [
        np.array([1000.0, 1001.0, 1002.0]),
        np.array([-1000.0, -1001.0, -1002.0]),  # every exp underflows to 0
        np.array([-1000.0, 0.0, 1000.0]),
        np.array([1000.0, 0.0, -1000.0]),
        np.array([0.0, 3000.0, 3001.0, 1.0]),
    ]
    for logits in vectors:
        for target in range(logits.size):
            assert_close(
                solution.cross_entropy_grad(logits.copy(), target),
                reference_grad(logits, target),
                rtol=RTOL,
                atol=ATOL,
                message="Large logits, too, have a finite answer: subtract the maximum before exp.",
            )
