"""A problem in the words of schema.org: what search engines and course catalogues read."""

from collections.abc import Sequence
from typing import Any

from gradlet.problem import Problem
from gradlet.words import Words


def learning_resource(
    problem: Problem, prerequisites: Sequence[Problem], words: Words, address: str | None
) -> dict[str, Any]:
    """JSON-LD of the problem's page, whose address may not be known."""
    return {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": problem.title,
        "description": problem.summary_text,
        "inLanguage": problem.language,
        "learningResourceType": "Exercise",
        "educationalLevel": str(words(f"difficulty.{problem.difficulty}")),
        "teaches": list(problem.tags),
        "competencyRequired": [other.title for other in prerequisites],
        "isAccessibleForFree": True,
        "interactivityType": "active",
        **({"url": address} if address else {}),
    }
