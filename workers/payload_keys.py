"""Keys that encrypt payloads in Temporal's histories, read from `BINOME_PAYLOAD_KEYS`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activities.ciphers import Cipher
from workers.secrets import derived_key
from workers.settings import PLAIN, Settings

ENCRYPTION, IDENTIFICATION = "payloads", "payload-key-id"
"""Purposes of the two things that are derived from a setting's key."""
ID_BYTES = 8


@dataclass(frozen=True)
class PayloadKey:
    """One key. Its id is derived from it, stands beside each payload and gives nothing away."""

    id: str
    cipher: Cipher = field(repr=False, compare=False)

    @classmethod
    def derived_from(cls, secret: str) -> "PayloadKey":
        identity = derived_key(secret, IDENTIFICATION)[:ID_BYTES].hex()
        return cls(identity, Cipher(derived_key(secret, ENCRYPTION)))


@dataclass(frozen=True)
class PayloadKeyRing:
    """Every key decrypts; `first` encrypts, and without it new payloads are plain."""

    keys: Mapping[str, PayloadKey] = field(default_factory=dict)
    """By id."""
    first: PayloadKey | None = None

    @classmethod
    def of(cls, settings: Settings) -> "PayloadKeyRing":
        """The keys of the settings, in their order."""
        words = settings.payload_keys.get_secret_value().split()
        keys = [PayloadKey.derived_from(word) for word in words if word != PLAIN]
        encrypts = bool(keys) and words[0] != PLAIN
        return cls({key.id: key for key in keys}, keys[0] if encrypts else None)


NO_KEYS = PayloadKeyRing()
"""For a client that reads and writes no payload, such as one that asks after health."""
