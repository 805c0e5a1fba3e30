"""Which part of an installation has which payload key."""

from enum import StrEnum

from schemas.base import StrictModel


class KeyUse(StrEnum):
    """What a part does with a key."""

    ENCRYPTS = "encrypts"
    DECRYPTS = "decrypts"


class PayloadKeyHolding(StrictModel):
    """A key that a part has, or had."""

    part: str
    """`worker` or `gateway`."""
    key_id: str
    use: KeyUse | None
    """None: it has it no longer."""
