"""Encrypts what Temporal keeps of workflows, so that only Binôme's processes read it.

AES-256-GCM over the whole payload, its encoding included. The key's id stands beside it
in plain text, and is authenticated with it. What was never encrypted is read as it is:
a start document typed into the Web UI, and histories from before.
"""

from collections.abc import Sequence
from typing import Protocol

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from schemas.unreadable import ENCRYPTED
from workers.payload_keys import PayloadKey, PayloadKeyRing

ENCODING = ENCRYPTED.encode()
KEY_ID = "encryption-key-id"


class PayloadKeyMissing(RuntimeError):
    """A payload was encrypted with a key of this installation that this process does not have.

    Raised on purpose: it holds a workflow task, seen in the Web UI, until a process with
    the key takes it. Refusing the payload would decide otherwise than a process that has
    the key, and neither could replay the other's history.
    """

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"encrypted with payload key {key_id}, which this process does not have; "
            "add it to BINOME_PAYLOAD_KEYS and start the process again"
        )


class KeyRegistry(Protocol):
    """Which keys worker and gateway ever had; each registers its own before it uses them."""

    async def is_registered(self, key_id: str) -> bool: ...


class EncryptingCodec(PayloadCodec):
    """Encrypts with the ring's first key and decrypts with all of them.

    A payload that says it is encrypted, and is not by a key of this installation, is
    handed on as it is: it can be decrypted by nobody, and its handler refuses it in words.
    """

    def __init__(
        self, ring: PayloadKeyRing, registry: KeyRegistry | None = None
    ) -> None:
        self.ring = ring
        self._registry = registry

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        key = self.ring.first
        if key is None:
            return list(payloads)
        return [_encrypted(payload, key) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt.

        Raises:
            PayloadKeyMissing: a key is missing here; without a registry, whatever key it is.
        """
        return [
            await self._decrypted(payload)
            if payload.metadata.get("encoding") == ENCODING
            else payload
            for payload in payloads
        ]

    async def _decrypted(self, payload: Payload) -> Payload:
        key_id = payload.metadata.get(KEY_ID, b"")[:40].decode("ascii", "replace")
        key = self.ring.keys.get(key_id)
        if key is not None:
            return _decrypted(payload, key) or payload
        if key_id and await self._is_ours(key_id):
            raise PayloadKeyMissing(key_id)
        return payload

    async def _is_ours(self, key_id: str) -> bool:
        """Asked each time: a key may be registered at any moment, and used in the next."""
        return self._registry is None or await self._registry.is_registered(key_id)


def _encrypted(payload: Payload, key: PayloadKey) -> Payload:
    key_id = key.id.encode()
    sealed = key.cipher.seal(payload.SerializeToString(), key_id)
    return Payload(metadata={"encoding": ENCODING, KEY_ID: key_id}, data=sealed)


def _decrypted(payload: Payload, key: PayloadKey) -> Payload | None:
    """The payload inside; None where somebody else made or changed it."""
    plain = key.cipher.open(payload.data, key.id.encode())
    try:
        return Payload.FromString(plain) if plain is not None else None
    except DecodeError:
        return None
