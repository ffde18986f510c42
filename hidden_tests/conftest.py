"""Natively, `pytest hidden_tests` runs the hidden tests on the reference solutions."""

import importlib

import pytest


@pytest.fixture
def solution(request: pytest.FixtureRequest) -> object:
    """The reference solution, in the place of the learner's."""
    name = request.module.__name__.removeprefix("test_")
    return importlib.import_module(f"reference.{name}")
