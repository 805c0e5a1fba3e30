"""The services that send events: what they may send, and their tokens and secrets."""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from activities.ciphers import Cipher
from activities.persistence.database import Repository, Row, Transaction, as_json
from activities.persistence.tokens import hash_of_token
from schemas.records.sources import (
    EventSource,
    MessageRule,
    SignedSource,
    SourceListing,
    SourceScope,
)

TOKEN_BYTES = 32
_SCOPE = tuple(SourceScope.model_fields)


class SealedSecret:
    """A secret of Standard Webhooks for the table, readable with one key only."""

    def __init__(self, secret: bytes, key: bytes) -> None:
        self._secret, self._key = secret, key

    def bound_to(self, name: str) -> bytes:
        """Seal it for this source: copied to another one it is not readable."""
        return Cipher(self._key).seal(self._secret, name.encode())


def opened_secrets(
    signed: Sequence[SignedSource], keys: Sequence[bytes]
) -> Iterator[bytes]:
    """Yield the secrets that one of the keys opens; another one was lost with its key."""
    ciphers = [Cipher(key) for key in keys]
    for each in signed:
        sealed, name = each.sealed_secret, each.source.name.encode()
        opened = (cipher.open(sealed, name) for cipher in ciphers)
        if secret := next(filter(None, opened), None):
            yield secret


class Sources(Repository):
    """Services that may send events. Times are wall time."""

    async def add(
        self,
        name: str,
        scope: SourceScope,
        ends_at: datetime | None = None,
        secret: SealedSecret | None = None,
    ) -> str | None:
        """Grant a source what is in its scope, and only that; what it had before ends.

        Returns its bearer token, which is kept as a hash only; None: it signs with `secret`.
        """
        granted = {
            field: sorted(value) if isinstance(value, frozenset) else value
            for field, value in scope
        }
        async with self._database.transaction() as transaction:
            await transaction.execute("add_source", name=name, **granted)
            await transaction.execute("drop_credentials", name=name)
            return await _add_credential(transaction, name, ends_at, secret)

    async def rotate(
        self,
        name: str,
        ends_at: datetime | None,
        older_until: datetime,
        secret: SealedSecret | None = None,
    ) -> str | None:
        """Give a source another token or secret; the one it has works until `older_until`.

        Returns the token; None: it signs with `secret`.
        """
        async with self._database.transaction() as transaction:
            await transaction.execute("end_credentials", name=name, until=older_until)
            return await _add_credential(transaction, name, ends_at, secret)

    async def set_rules(self, name: str, rules: Sequence[MessageRule]) -> None:
        """Say which events a source's own messages become."""
        await self._database.execute(
            "set_message_rules", name=name, rules=as_json(list(rules))
        )

    async def revoke(self, name: str) -> bool:
        """End a source at once; False: none of this name is in force."""
        return await self._database.execute("revoke_source", name=name) > 0

    async def find(self, token: str) -> EventSource | None:
        """Find whose token it is, in force or not."""
        row = await self._database.row(
            "source_by_token", token_hash=hash_of_token(token)
        )
        return _source(row) if row else None

    async def signed(self, name: str) -> list[SignedSource]:
        """Find the secrets with which a source may sign, the newest first, in force or not."""
        rows = await self._database.rows("signed_source", name=name)
        return [
            SignedSource(source=_source(row), sealed_secret=row["sealed_secret"])
            for row in rows
        ]

    async def note_use(self, source: EventSource, now: datetime) -> None:
        await self._database.execute(
            "note_source_use", credential=source.credential, now=now
        )

    async def listing(self) -> list[SourceListing]:
        """List all of them by name, revoked ones too."""
        return [
            SourceListing.model_validate(_fields(row))
            for row in await self._database.rows("source_listing")
        ]


async def _add_credential(
    transaction: Transaction,
    name: str,
    ends_at: datetime | None,
    secret: SealedSecret | None,
) -> str | None:
    token = None if secret else secrets.token_urlsafe(TOKEN_BYTES)
    await transaction.execute(
        "add_credential",
        name=name,
        token_hash=hash_of_token(token) if token else None,
        sealed_secret=secret.bound_to(name) if secret else None,
        ends_at=ends_at,
    )
    return token


def _source(row: Row) -> EventSource:
    return EventSource.model_validate(_fields(row))


def _fields(row: Row) -> Mapping[str, Any]:
    scope = {field: row[field] for field in _SCOPE}
    return {**row, "scope": scope, "rules": json.loads(row["rules"])}
