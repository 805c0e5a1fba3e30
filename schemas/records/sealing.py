"""Values that are sealed, and the keys with which they are."""

from enum import Enum

from schemas.base import StrictModel


class Unopened(Enum):
    """Why a sealed value cannot be read, in words that follow "it"."""

    WRAPPING_UNKNOWN = "was sealed under a secret that is not set here"
    KEY_GONE = "was sealed with a key that was destroyed, or never was this person's"
    CHANGED = "was changed since it was sealed, or copied from elsewhere"

    @property
    def words(self) -> str:
        """What stands where the value would be read."""
        return f"(cannot be opened: it {self.value})"


class DataKeyCount(StrictModel):
    """How many data keys one wrapping key wraps."""

    wrapped_by: str
    """Id of the wrapping key."""
    keys: int


class Rewrapping(StrictModel):
    """What one run over all data keys did."""

    rewrapped: int = 0
    """Keys that were wrapped by an older secret, and now are by the newest."""
    unopened: int = 0
    """Keys that no secret opens that is set here."""
