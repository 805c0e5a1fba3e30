"""The one way in which anything of ours is encrypted: AES-256-GCM, bound to where it belongs."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
"""As AES-GCM wants it; drawn at random, so a key is good for 2^32 values."""


class Cipher:
    """Seals and opens with one key. What is sealed has its nonce in front."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes | None:
        """Returns what was sealed; None: with another key, for another place, or changed since."""
        nonce, encrypted = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._aead.decrypt(nonce, encrypted, bound_to)
        except (InvalidTag, ValueError):  # the latter where it is too short
            return None
