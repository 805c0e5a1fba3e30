"""Data keys: one for each person, and for each cohort, made when something is first sealed for them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from activities.ciphers import KEY_BYTES, Cipher
from activities.persistence.database import Database, Queries, Repository, Row
from activities.persistence.sealing.sealed_tables import (
    Sealable,
    SealedTable,
    padded,
    unpadded,
)
from activities.persistence.sealing.wrapping_keys import WrappingKey
from schemas.records.sealing import DataKeyCount, Rewrapping, Unopened

KEYS_PER_BATCH = 1000
_NUMBER_BYTES = 2

log = structlog.get_logger(__name__)


class KeysDestroyed(Exception):
    """The owner was erased: nothing is sealed for them any more."""


class SecretMissing(RuntimeError):
    """This process was given no secret, and was asked to seal something."""

    def __init__(self) -> None:
        super().__init__("answers are sealed with BINOME_SECRET, which is not set here")


@dataclass(frozen=True)
class DataKey:
    """The newest key of an owner that this process can open."""

    owner: str
    number: int
    cipher: Cipher = field(repr=False, compare=False)

    def seal(
        self, table: SealedTable, row: Mapping[str, Any], column: str, value: Sealable
    ) -> bytes | None:
        """Seal a value for its column and row. Returns None for an empty text, which is none."""
        if value == "":
            return None
        sealed = self.cipher.seal(padded(value), table.place(row, column))
        return self.number.to_bytes(_NUMBER_BYTES) + sealed


class OpenedKeys:
    """The data keys of some owners, for reading."""

    def __init__(self, keys: Mapping[tuple[str, int], Cipher | Unopened]) -> None:
        self._keys = keys

    def open(
        self, table: SealedTable, row: Mapping[str, Any] | Row, column: str
    ) -> Sealable | Unopened | None:
        """Open a value; None: there is none. One that was tampered with is logged too."""
        sealed: bytes | None = row[column]
        if sealed is None:
            return None
        number = int.from_bytes(sealed[:_NUMBER_BYTES])
        cipher = self._keys.get((table.owner(row), number), Unopened.KEY_GONE)
        if isinstance(cipher, Unopened):
            return cipher
        plain = cipher.open(sealed[_NUMBER_BYTES:], table.place(row, column))
        if plain is None:
            place = {name: row[name] for name in table.key}
            log.error("sealed_value_changed", table=table.name, column=column, **place)
            return Unopened.CHANGED
        return unpadded(plain)


class DataKeys(Repository):
    """Data keys as they are kept: wrapped by a key of the installation's secret.

    An owner may have several. A process that cannot open what there is, since a secret
    is not set there, makes another one; so nothing is overwritten, and no answer refused.
    """

    def __init__(self, database: Database, wrapping: Sequence[WrappingKey]) -> None:
        super().__init__(database)
        self._wrapping = {key.id: key for key in wrapping}
        self._newest = wrapping[0] if wrapping else None

    async def for_sealing(self, owner: str, queries: Queries | None = None) -> DataKey:
        """Find the newest key of an owner, or make one.

        Raises:
            KeysDestroyed: the owner was erased.
            SecretMissing: this process has no secret.
        """
        queries = queries or self._database
        while True:
            rows = await queries.rows("data_keys_of", owners=[owner])
            if any(row["wrapped"] is None for row in rows):
                raise KeysDestroyed
            for row in reversed(rows):
                if isinstance(cipher := self._unwrapped(row), Cipher):
                    return DataKey(owner, row["number"], cipher)
            number = rows[-1]["number"] + 1 if rows else 1
            if made := await self._added(owner, number, queries):
                return made
            # Somebody else made one in the same moment, or destroyed them all.

    async def _added(self, owner: str, number: int, queries: Queries) -> DataKey | None:
        if self._newest is None:
            raise SecretMissing
        key = os.urandom(KEY_BYTES)
        added = await queries.execute(
            "add_data_key",
            owner=owner,
            number=number,
            wrapped=self._newest.cipher.seal(key, _place(owner, number)),
            wrapped_by=self._newest.id,
        )
        return DataKey(owner, number, Cipher(key)) if added else None

    async def opened(
        self, owners: Iterable[str], queries: Queries | None = None
    ) -> OpenedKeys:
        """Open the keys of these owners, in one round trip."""
        rows = await (queries or self._database).rows(
            "data_keys_of", owners=sorted(set(owners))
        )
        keys = {
            (row["owner"], row["number"]): self._unwrapped(row)
            for row in rows
            if row["wrapped"] is not None
        }
        if gone := sum(key is Unopened.WRAPPING_UNKNOWN for key in keys.values()):
            log.warning("data_keys_of_another_secret", keys=gone)
        return OpenedKeys(keys)

    def _unwrapped(self, row: Row) -> Cipher | Unopened:
        wrapping = self._wrapping.get(row["wrapped_by"])
        if wrapping is None:
            return Unopened.WRAPPING_UNKNOWN
        place = _place(row["owner"], row["number"])
        key = wrapping.cipher.open(row["wrapped"], place)
        if key is None:
            log.error("data_key_changed", owner=row["owner"], number=row["number"])
            return Unopened.CHANGED
        return Cipher(key)

    async def counts(self) -> list[DataKeyCount]:
        """How many keys each secret wraps, by the id of its wrapping key."""
        rows = await self._database.rows("data_key_counts")
        return [DataKeyCount.model_validate(dict(row)) for row in rows]

    async def rewrap(self) -> Rewrapping:
        """Wrap by the newest secret what an older one wraps; values stay as they are.

        Cut short, the rest is left to the next run.
        """
        done, last = Rewrapping(), ("", 0)
        while self._newest and (rows := await self._older_keys(self._newest, last)):
            wrapped = [w for row in rows if (w := self._rewrapped(row, self._newest))]
            changed = await self._save(wrapped, self._newest)
            done = Rewrapping(
                rewrapped=done.rewrapped + changed,
                unopened=done.unopened + len(rows) - len(wrapped),
            )
            last = rows[-1]["owner"], rows[-1]["number"]
        return done

    async def _older_keys(
        self, newest: WrappingKey, last: tuple[str, int]
    ) -> list[Row]:
        owner, number = last
        return await self._database.rows(
            "data_keys_to_rewrap",
            newest=newest.id,
            owner=owner,
            number=number,
            most=KEYS_PER_BATCH,
        )

    def _rewrapped(self, row: Row, newest: WrappingKey) -> tuple[Row, bytes] | None:
        """The row, and its key as the newest secret wraps it; None: no secret here opens it."""
        wrapping = self._wrapping.get(row["wrapped_by"])
        place = _place(row["owner"], row["number"])
        key = wrapping and wrapping.cipher.open(row["wrapped"], place)
        return (row, newest.cipher.seal(key, place)) if key else None

    async def _save(
        self, wrapped: Sequence[tuple[Row, bytes]], newest: WrappingKey
    ) -> int:
        return await self._database.execute(
            "rewrap_data_keys",
            newest=newest.id,
            owners=[row["owner"] for row, _ in wrapped],
            numbers=[row["number"] for row, _ in wrapped],
            before=[row["wrapped"] for row, _ in wrapped],
            after=[again for _, again in wrapped],
        )


def _place(owner: str, number: int) -> bytes:
    """What binds a wrapped key to its row."""
    return f"data key\n{owner}\n{number}".encode()
