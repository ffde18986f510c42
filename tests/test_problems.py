"""The problems of this repository, graded natively: references pass, mistakes are noticed."""

import pytest
from grading import Grade, natively
from wrong_solutions import WRONG_SOLUTIONS, WrongSolution

from gradlet.problem import Problem

Problems = dict[str, Problem]

SLUGS = ["cross-entropy-gradient", "softmax-from-scratch"]
CROSS_ENTROPY_TESTS = [
    "test_output_shape",
    "test_formula",
    "test_finite_difference",
    "test_sum",
    "test_sign",
    "test_stability",
]


@pytest.fixture(scope="module")
def graded(problems: Problems) -> Grade:
    """Without known mistakes, as in `build.py check`: each of them is run to recognise one, which
    test_failures.py tests.
    """
    return natively(each.model_copy(update={"mistakes": ()}) for each in problems.values())


@pytest.mark.parametrize("slug", SLUGS)
def test_reference_passes_every_test(slug: str, problems: Problems, graded: Grade) -> None:
    problem = problems[slug]
    events = graded(problem.name, problem.reference_source)
    assert list(events.results) == [test.name for test in problem.tests]
    assert events.not_passed == ()


def test_cross_entropy_has_its_six_tests_in_order(problems: Problems) -> None:
    tests = problems["cross-entropy-gradient"].tests
    assert [test.name for test in tests] == CROSS_ENTROPY_TESTS


@pytest.mark.parametrize("slug", SLUGS)
def test_starter_code_fails_and_says_that_nothing_is_returned(
    slug: str, problems: Problems, graded: Grade
) -> None:
    events = graded(problems[slug].name, problems[slug].starter)
    assert {result["status"] for result in events.results.values()} <= {"failed", "error"}
    for result in events.results.values():
        assert "returned None: is a return statement missing?" in result["message"]


@pytest.mark.parametrize("wrong", WRONG_SOLUTIONS, ids=str)
def test_wrong_solution_fails_just_the_tests_it_names(wrong: WrongSolution, graded: Grade) -> None:
    assert graded(wrong.problem, wrong.code).not_passed == wrong.fails


@pytest.mark.parametrize("slug", SLUGS)
def test_every_hidden_test_is_needed(slug: str, problems: Problems) -> None:
    problem = problems[slug]
    wrong = [each for each in WRONG_SOLUTIONS if each.problem == problem.name]
    assert len(wrong) >= 10
    assert {test for each in wrong for test in each.fails} == {test.name for test in problem.tests}


FIGURE = """
import matplotlib.pyplot as plt
import numpy as np

def loss_curves(features, targets, learning_rates, steps):
    curves = np.empty((len(learning_rates), steps + 1))
    for row, rate in zip(curves, learning_rates):
        weights = np.zeros((features.shape[1], 1))
        for step in range(steps + 1):
            errors = features @ weights - targets[:, None]
            row[step] = float((errors.T @ errors)[0, 0]) / len(targets)
            weights = weights - rate * 2 * features.T @ errors / len(targets)
        plt.semilogy(range(steps + 1), row, label=f"rate {rate}")
    plt.xlabel("step")
    plt.ylabel("loss")
    LEGEND
    return curves
"""
OTHER_WAYS = [
    ("learning_rate_curves", FIGURE.replace("LEGEND", "plt.legend()")),
    ("learning_rate_curves", FIGURE.replace("LEGEND", "plt.figlegend()")),
    ("learning_rate_curves", FIGURE.replace("LEGEND", "plt.gcf().legend()")),
    (
        "softmax_from_scratch",
        "import numpy as np\ndef softmax(logits):\n    z = np.asarray(logits, dtype=float)\n"
        "    return np.exp(z - np.logaddexp.reduce(z))\n",
    ),
    (
        "cross_entropy_gradient",
        "import numpy as np\ndef cross_entropy_grad(logits, target):\n"
        "    z = np.asarray(logits, dtype=float)\n"
        "    return np.exp(z - np.logaddexp.reduce(z)) - np.eye(z.size)[target]\n",
    ),
    ("gelu", "from scipy.special import ndtr\ndef gelu(x):\n    return x * ndtr(x)\n"),
]


@pytest.mark.parametrize(("name", "code"), OTHER_WAYS)
def test_other_right_ways_pass(name: str, code: str, graded: Grade) -> None:
    assert graded(name, code).not_passed == ()
