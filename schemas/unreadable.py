"""What stands for a payload that is no value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unreadable:
    """Bytes that nothing could decode. It holds nothing of the content, which may be personal."""

    encoding: str
    size: int
    """Bytes of its data."""
