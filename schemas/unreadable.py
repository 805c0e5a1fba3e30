"""The value in place of a payload that cannot be decoded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unreadable:
    """Bytes that nothing could decode. It holds nothing of the content, which may be personal."""

    encoding: str
    size: int
    """Number of bytes of the payload."""
