"""Keys derived from the installation's secret: one a purpose, so that none opens what another protects."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workers.settings import Settings

KEY_BYTES = 32
LINKS = "links"
"""Purpose of the keys that sign participants' links."""
PULSES = "pulses"
"""Purpose of the key behind the ids under which pairs know pulses and concerns."""
ERASURES = "erasures"
"""Purpose of the keys of the digests on receipts of erasures."""
SOURCES = "sources"
"""Purpose of the keys that seal the secrets of services which sign what they send."""
DATA_KEYS = "data-keys"
"""Purpose of the keys that wrap the data keys with which answers are sealed."""


def derived_key(secret: str, purpose: str) -> bytes:
    """Returns 32 bytes by HKDF with SHA-256 (RFC 5869); always the same for the same two.

    Purposes are short constants such as `LINKS`. Another purpose is another key, from
    which neither the secret nor a key of another purpose can be computed.
    """
    info = f"binome.{purpose}.v1".encode()
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(secret.encode())


def derived_keys(settings: Settings, purpose: str) -> tuple[bytes, ...]:
    """The key of the secret, which signs or seals, then those of older secrets, which only read."""
    return tuple(derived_key(secret, purpose) for secret in settings.all_secrets())
