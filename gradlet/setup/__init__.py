"""What a fresh clone needs beside its Python packages, brought on demand and only once."""


class SetupError(Exception):
    """Something needed cannot be had; the message says what, and what to do about it."""
