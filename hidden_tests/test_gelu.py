"""Hidden tests of `gelu`.

`scipy.special.ndtr` is Phi, computed by another way than erf or erfc. Every call is given a fresh
copy, so a function that changes its argument fails in `test_values` only, which looks for that.
The tolerances leave room for float32.
"""

import numpy as np
from scipy.special import ndtr

from grader.compare import as_vector, assert_close, assert_float_array, assert_unchanged
from reference.gelu import gelu as reference


def test_output_shape(solution):
    """The output is a NumPy array of floating-point numbers, of the shape of `x`."""
    cases = [
        np.array([1.0, -2.0, 0.5]),
        np.array([[0.5, -0.5, 2.0], [3.0, -3.0, 0.0]]),
        np.array([-0.75]),
        np.linspace(-1.0, 1.0, 24).reshape(2, 3, 4),
        np.array([1, 2, 0, -1]),  # whole numbers in, floating-point numbers out
        np.array([0.5, -1.5], dtype=np.float32),
    ]
    for x in cases:
        assert_float_array(solution.gelu(x.copy()), x.shape)


def test_values(solution):
    """Follows the curve of `x * Phi(x)`, and leaves `x` unchanged."""
    rng = np.random.default_rng(31)
    cases = [np.array([-1, 0, 1]), np.array([-0.75, -3.0, 3.0])]
    cases += [rng.normal(scale=2.0, size=shape) for shape in (5, 50, (3, 4))]
    for x in cases:
        given = x.copy()
        assert_close(
            solution.gelu(given),
            x * ndtr(x),
            rtol=0.0,
            atol=0.005,  # which the approximation by tanh keeps, and the one by the sigmoid not
            message="Each entry of the result is x times the probability Phi(x).",
        )
        assert_unchanged(given, x)


def test_exact(solution):
    """Is the function itself: an approximation is not enough."""
    for x in (np.linspace(-3.0, 3.0, 13), np.array([[2.2, -2.2], [0.3, 1.1]])):
        assert_close(
            solution.gelu(x.copy()),
            x * ndtr(x),
            rtol=1e-5,
            atol=1e-6,
            message="Compute Phi by erf or erfc, without approximating it.",
        )


def test_symmetry(solution):
    """`gelu(x) - gelu(-x)` is `x`, since Phi(x) and Phi(-x) add up to 1."""
    rng = np.random.default_rng(32)
    for x in (np.array([0.5, 1.0, 4.0]), rng.normal(scale=2.0, size=40)):
        right = as_vector(solution.gelu(x.copy()), x.shape)
        left = as_vector(solution.gelu(-x), x.shape)
        assert_close(
            right - left,
            x,
            rtol=1e-5,
            atol=1e-5,
            message="This is gelu(x) - gelu(-x), which should be x itself.",
        )


def test_tail(solution):
    """Keeps its digits far to the left, where `1 + erf` cancels."""
    x = np.array([-4.0, -6.0, -7.5, -8.0])
    assert_close(
        solution.gelu(x.copy()),
        reference(x),
        rtol=1e-5,
        atol=0.0,
        message="Here 1 + erf(x / sqrt(2)) is the difference of two nearly equal numbers, whose "
        "digits cancel. Another function of scipy.special gives it without a subtraction.",
    )


def test_far(solution):
    """Very large and very negative entries give `x` and 0: no NaN, no infinity."""
    for x in (np.array([50.0, -50.0]), np.array([1000.0, -1000.0, 0.0, 1e6, -1e6])):
        assert_close(
            solution.gelu(x.copy()),
            np.maximum(x, 0.0),
            rtol=1e-5,
            atol=1e-6,
            message="Far from 0, GELU is ReLU.",
        )
