"""A place in a span of time for each key, so that what falls due at once happens one after another."""

from datetime import timedelta
from hashlib import blake2b

_BYTES = 4


def place_in(span: timedelta, key: str) -> timedelta:
    """Returns how far into a span a key has its place, in whole milliseconds; always the same.

    Keys lie evenly; none at its end or past it.
    """
    number = int.from_bytes(blake2b(key.encode(), digest_size=_BYTES).digest())
    return timedelta(
        milliseconds=(span // timedelta(milliseconds=1)) * number >> 8 * _BYTES
    )
