"""Gradlet: builds the static site of exercises from problems/, hidden_tests/ and reference/."""

__version__ = "0.1.0"
