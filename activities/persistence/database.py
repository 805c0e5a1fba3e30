"""The pool, and the one way through which every query goes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg

from activities.persistence.queries import queries
from schemas.clock import Clock

CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 60.0


class DatabaseUnavailable(Exception):
    """PostgreSQL does not answer; what was asked for may be asked again."""


_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""The last two are what asyncpg says of a connection that closed under it, between or in the midst of queries."""


@asynccontextmanager
async def reaching() -> AsyncIterator[None]:
    """Turn the many ways in which PostgreSQL can be away into one short error without values.

    Raises:
        DatabaseUnavailable: it is.
    """
    try:
        yield
    except _AWAY as error:
        if isinstance(
            error, ValueError
        ):  # asyncpg's word for a value of the wrong type
            raise
        raise DatabaseUnavailable(
            f"PostgreSQL does not answer ({type(error).__name__})"
        ) from None


async def _leave_as_it_is(_: asyncpg.Connection) -> None:
    """Spare the round trip by which a pool resets sessions: no query here sets what outlives its transaction.

    asyncpg ends an open transaction all the same.
    """


class Database:
    """A pool that replaces connections which died; a restart of PostgreSQL costs errors, never the pool."""

    def __init__(self, pool: asyncpg.Pool, url: str) -> None:
        self._pool = pool
        self._queries = queries()
        self._clocks: dict[str, Clock] = {}

    @classmethod
    async def open(cls, url: str, size: int = 10) -> Self:
        """Connect.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        async with reaching():
            # No floor: keeping one up through an outage logs a stack trace a try.
            pool = await asyncpg.create_pool(
                url,
                min_size=0,
                max_size=size,
                timeout=CONNECT_SECONDS,
                command_timeout=COMMAND_SECONDS,
                reset=_leave_as_it_is,
            )
        opened = cls(pool, url)
        try:
            await opened.ping()
        except BaseException:
            await opened.close()
            raise
        return opened

    async def close(self) -> None:
        await self._pool.close()

    async def ping(self) -> None:
        """Raises DatabaseUnavailable when PostgreSQL does not answer."""
        await self._value("ping")

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[asyncpg.Connection]:
        async with (
            reaching(),
            self._pool.acquire(timeout=CONNECT_SECONDS) as connection,
            connection.transaction(),
        ):
            yield connection

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[asyncpg.Connection]:
        """Several reads that see one moment."""
        async with (
            reaching(),
            self._pool.acquire(timeout=CONNECT_SECONDS) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    @asynccontextmanager
    async def _connection(self, within: Any = None) -> AsyncIterator[Any]:
        """The connection of a transaction that is open, or one of the pool's."""
        if within is not None:
            yield within
            return
        async with (
            reaching(),
            self._pool.acquire(timeout=CONNECT_SECONDS) as connection,
        ):
            yield connection

    async def _rows(self, query: str, within: Any = None, **values: Any) -> list[Any]:
        async with self._connection(within) as connection:
            return [
                row async for row in getattr(self._queries, query)(connection, **values)
            ]

    async def _row(self, query: str, within: Any = None, **values: Any) -> Any:
        async with self._connection(within) as connection:
            return await getattr(self._queries, query)(connection, **values)

    _value = _row
    """A query marked `$` answers one value, one marked `^` one row or None."""

    async def _do(self, query: str, within: Any = None, **values: Any) -> int:
        """How many rows a query marked `!` touched."""
        async with self._connection(within) as connection:
            status: str = await getattr(self._queries, query)(connection, **values)
        count = status.rsplit(" ", 1)[-1]
        return int(count) if count.isdigit() else 0

    async def _do_many(
        self, query: str, values: Sequence[dict[str, Any]], within: Any = None
    ) -> None:
        async with self._connection(within) as connection:
            await getattr(self._queries, query)(connection, values)
