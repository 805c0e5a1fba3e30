"""The value in place of a payload that cannot be decoded."""

from dataclasses import dataclass

ENCRYPTED = "binary/encrypted"
"""The encoding of a payload that a codec has encrypted."""


@dataclass(frozen=True)
class Unreadable:
    """Bytes that nothing could decode. It holds nothing of the content, which may be personal."""

    encoding: str
    size: int
    """Number of bytes of the payload."""
