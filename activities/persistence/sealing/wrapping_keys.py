"""Keys that wrap data keys. They are derived from the installation's secrets, and are in no database."""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from activities.ciphers import Cipher

_ID_DIGITS = 16


@dataclass(frozen=True)
class WrappingKey:
    """The key of one secret."""

    id: str
    """Stands beside each data key that it wraps; the key cannot be computed from it."""
    cipher: Cipher = field(repr=False, compare=False)

    @classmethod
    def of(cls, key: bytes) -> Self:
        """Make it of 32 bytes that were derived for this purpose alone."""
        identity = hmac.new(key, b"binome.wrapping-key-id", sha256).hexdigest()
        return cls(identity[:_ID_DIGITS], Cipher(key))
