"""Messages over a pipe: JSON, each after its length."""

import json
import struct
from typing import IO, Any

LARGEST = 16 * 1024**2  # bytes
ARRAY = 12 * 10**6  # bytes of an array's numbers, which are a third longer as text
_HEAD = struct.Struct(">I")

Message = dict[str, Any]


class TooLarge(AssertionError, ValueError):
    """A message of more than `LARGEST` bytes.

    As a result it is a failure like any other wrong one, as it is in a browser, and no error.
    """

    def __init__(self, size: int) -> None:
        super().__init__(f"A value of {size / 1e6:.0f} MB is too large to be passed on.")


def send(stream: IO[bytes], message: Message) -> None:
    """Send one message.

    Raises:
        TooLarge: nothing was sent.
    """
    data = json.dumps(message).encode()
    if len(data) > LARGEST:
        raise TooLarge(len(data))
    stream.write(_HEAD.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """The next message, or None at the end.

    Raises:
        ValueError: what came is no message.
        RecursionError: it is nested too deep.
    """
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    if size > LARGEST:
        raise TooLarge(size)
    data = stream.read(size)
    if len(data) < size:
        return None
    message = json.loads(data)
    if not isinstance(message, dict):
        raise ValueError("A message is an object.")
    return message
