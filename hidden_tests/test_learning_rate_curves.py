"""Hidden tests of `learning-rate-curves`.

A test that is over closes its figures if it did not look at them, so that the learner is shown one
picture and not one for each call. After a failure the figures stay, and are shown.
"""

import matplotlib.pyplot as plt
import numpy as np

from grader.compare import (
    Mismatch,
    as_vector,
    assert_close,
    assert_float_array,
    assert_unchanged,
)
from reference.learning_rate_curves import loss_curves as reference

RATES = [0.02, 0.2, 0.7]  # too slow, well chosen, too fast for `example`


def example():
    """Two features, one of them twice as large: curvatures 0.87 and 2.95, so 0.68 is too much."""
    rng = np.random.default_rng(41)
    features = rng.normal(size=(60, 2)) * np.array([1.4, 0.7])
    return features, features @ np.array([2.0, -3.0]) + 0.1 * rng.normal(size=60)


def wanted(*arguments):
    """The losses of the reference, whose own picture is put away."""
    shown = set(plt.get_fignums())
    losses = reference(*arguments)
    for number in set(plt.get_fignums()) - shown:
        plt.close(number)
    return losses


def drawn(solution, *arguments):
    """The losses, and the axes of the one figure that the solution has drawn."""
    plt.close("all")
    losses = solution.loss_curves(*arguments)
    figures = [plt.figure(number) for number in plt.get_fignums()]
    if not figures:
        raise Mismatch(
            "Your function left no figure open. Draw one, by plt.subplots() for example, and do "
            "not close it."
        )
    axes = [one for figure in figures for one in figure.axes]
    if len(axes) != 1:
        raise Mismatch(
            f"Your function drew {len(figures)} figures with {len(axes)} pairs of axes together. "
            "Draw all curves in the same axes, so that they can be compared: make the figure once, "
            "before the loop."
        )
    return losses, axes[0]


def test_output_shape(solution):
    """Returns a NumPy array of floating-point numbers with one row for each learning rate."""
    features, targets = example()
    for rates, steps in ((RATES, 12), ([0.1], 1), ([0.1, 0.2], 5)):
        losses = solution.loss_curves(features.copy(), targets.copy(), [*rates], steps)
        assert_float_array(losses, (len(rates), steps + 1))
    plt.close("all")


def test_start(solution):
    """Every training starts anew from weights that are 0, where the loss is the mean of `y²`."""
    features, targets = example()
    losses = solution.loss_curves(features.copy(), targets.copy(), [*RATES], 4)
    first = as_vector(losses, (3, 5))[:, 0]
    assert_close(
        first,
        np.full(3, np.mean(targets**2)),
        rtol=1e-5,
        message="These are the losses before the first step, one for each learning rate.",
    )
    plt.close("all")


def test_descent(solution):
    """The losses are those of gradient descent, and the arrays are left unchanged."""
    rng = np.random.default_rng(42)
    cases = [(np.array([[2.0]]), np.array([4.0]), [0.1, 0.3], 4), (*example(), RATES, 10)]
    cases.append((rng.normal(size=(7, 3)), rng.normal(size=7), [0.05, 0.1], 6))
    for features, targets, rates, steps in cases:
        given = features.copy(), targets.copy()
        assert_close(
            solution.loss_curves(*given, [*rates], steps),
            wanted(features, targets, rates, steps),
            rtol=1e-5,
            atol=1e-9,
            message="Row by row, these are the losses before the first step and after each.",
        )
        assert_unchanged(given[0], features)
        assert_unchanged(given[1], targets)
    plt.close("all")


def test_curves(solution):
    """The figure shows one curve for each learning rate: what was returned, over the steps."""
    losses, axes = drawn(solution, *example(), [*RATES], 40)
    rows = as_vector(losses, (len(RATES), 41))
    lines = [line for line in axes.get_lines() if line.get_visible()]
    if len(lines) != len(RATES):
        raise Mismatch(
            f"The figure has {len(lines)} curves, for {len(RATES)} learning rates.",
            expected=f"{len(RATES)} curves",
            got=f"{len(lines)} curves",
        )
    for line, row, rate in zip(lines, rows, RATES, strict=True):
        where = f"In the curve for the learning rate {rate:g}"
        assert_close(line.get_xdata(), np.arange(41), message=f"{where} the horizontal values:")
        assert_close(line.get_ydata(), row, message=f"{where} the vertical values:")


def test_scale(solution):
    """Only the vertical axis is logarithmic, so that a constant factor is a straight line."""
    _, axes = drawn(solution, *example(), [*RATES], 40)
    if axes.get_yscale() != "log":
        raise Mismatch(
            "The curve that grows pushes the others down to the bottom of the picture, where they "
            'cannot be told apart: axes.set_yscale("log").',
            expected="log",
            got=axes.get_yscale(),
        )
    if axes.get_xscale() != "linear":
        raise Mismatch(
            "The horizontal axis is not linear: step 0 has no place on it, and a constant factor "
            "is no straight line any more. Steps are counted, so leave that axis as it is.",
            expected="linear",
            got=axes.get_xscale(),
        )
    plt.close("all")


def test_labels(solution):
    """Both axes have a label, and the legend names each learning rate."""
    _, axes = drawn(solution, *example(), [*RATES], 40)
    for side, label in (("horizontal", axes.get_xlabel()), ("vertical", axes.get_ylabel())):
        assert label.strip(), f"the {side} axis has no label: say what it shows"
    legends = [axes.get_legend(), *axes.figure.legends]
    named = [text.get_text() for legend in legends if legend for text in legend.get_texts()]
    assert named, "the figure has no legend: give each curve a label=..., then legend()"
    assert len(named) == len(RATES), (
        f"the legend has {len(named)} entries for {len(RATES)} curves: call legend() once, after "
        "all curves have been drawn"
    )
    for name, rate in zip(named, RATES, strict=True):
        assert f"{rate:g}" in name, f"the legend has {name!r} where it should name {rate:g}"
    plt.close("all")
