"""Hidden tests of `softmax-from-scratch`.

Every call is given a fresh copy of its logits, so a function that changes its argument fails in
one place only: `test_formula`, which looks for exactly that.

The tolerances leave room for float32, whose relative precision is about 6e-8. For the same reason
logits near 1000 are multiples of 1/4 here (float32 holds those exactly).
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
from reference.softmax_from_scratch import softmax as reference_softmax

RTOL, ATOL = 1e-5, 1e-6


def test_output_shape(solution):
    """The output shape matches `logits`: a 1-D NumPy array of floating-point numbers."""
    cases = [
        np.array([1.0, 2.0, 3.0]),
        np.array([0.25, -1.5]),
        np.array([3.0]),
        np.linspace(-2.0, 2.0, 50),
        np.array([0, 0, 0, 0]),  # whole numbers in, floating-point numbers out
        np.array([0.5, 1.5, -1.0], dtype=np.float32),
    ]
    for logits in cases:
        assert_float_array(solution.softmax(logits.copy()), logits.shape)


def test_formula(solution):
    """Matches the definition `exp(z) / sum(exp(z))`, and leaves `logits` unchanged."""
    cases = [
        np.array([0, 0, 0, 0]),
        np.array([1.0, 2.0, 3.0]),
        np.array([-1.0, -4.0, 2.5, -1.0]),
        np.array([3.0]),  # a single class is certain
    ]
    rng = np.random.default_rng(21)
    cases += [rng.normal(scale=2.0, size=size) for size in (2, 5, 20, 100)]
    for logits in cases:
        given = logits.copy()
        assert_close(
            solution.softmax(given),
            reference_softmax(logits),
            rtol=RTOL,
            atol=ATOL,
            message="Each probability is exp(logit), divided by the sum of all of these.",
        )
        assert_unchanged(given, logits)


def test_sum(solution):
    """Every probability is positive, and together they sum to 1."""
    rng = np.random.default_rng(22)
    cases = [np.array([1.0, 2.0, 3.0]), np.array([20.0, 0.0, -3.0])]  # 1e-10 is positive, too
    cases += [rng.normal(scale=2.0, size=size) for size in (1, 2, 10, 100)]
    cases.append(rng.uniform(-30.0, 30.0, size=1000))  # nearly all probabilities are tiny
    for logits in cases:
        got = as_vector(solution.softmax(logits.copy()), logits.shape)
        if got.min() <= 0:
            raise Mismatch(
                f"At index {got.argmin()} your result is {got.min():.6g}. It should be positive: "
                "exp is never 0 or negative.",
                expected="positive probabilities",
                got=show(got),
            )
        if abs(got.sum() - 1) > 1e-5:
            raise Mismatch(
                f"The entries of your result sum to {got.sum():.6g}, not to 1.",
                expected="probabilities whose sum is 1",
                got=show(got),
            )


def test_shift(solution):
    """Adding one constant to all logits leaves every probability as it was."""
    rng = np.random.default_rng(23)
    vectors = [np.array([1.0, 2.0, 3.0])]
    vectors += [rng.integers(-12, 13, size=size) / 4 for size in (2, 5, 20)]
    for logits in vectors:
        before = as_vector(solution.softmax(logits.copy()), logits.shape)
        for constant in (2.5, -40.0, -1000.0):
            assert_close(
                solution.softmax(logits + constant),
                before,
                rtol=RTOL,
                atol=ATOL,
                message=f"Here {constant} was added to every logit. Expected is what your function "
                "returned for the logits without it.",
            )


def test_stability(solution):
    """Numerically stable for large logits such as `[1000, 1001, 1002]`: no NaN, no infinity."""
    cases = [
        np.array([1000.0, 1001.0, 1002.0]),
        np.array([-1000.0, 0.0, 1000.0]),
        np.array([1000.0, 0.0, -1000.0]),
        np.array([0.0, 3000.0, 3001.0, 1.0]),
        np.array([0.0, 1000.0]),
        np.array([1000.0]),
    ]
    for logits in cases:
        assert_close(
            solution.softmax(logits.copy()),
            reference_softmax(logits),
            rtol=RTOL,
            atol=ATOL,
            message="Large logits, too, have a finite answer: subtract the maximum before exp.",
        )
