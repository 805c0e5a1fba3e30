"""The pool, and the one way through which every query goes."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from typing import Any, Self, TypeAlias

import asyncpg
from pydantic_core import to_json

from activities.failures import TemporaryFailure
from activities.persistence.queries import queries
from activities.persistence.query_names import (
    CommandQuery,
    RowQuery,
    RowsQuery,
    ValueQuery,
)

CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 60.0

Row: TypeAlias = Any
"""An `asyncpg.Record`, mapping and tuple at once; repositories turn it into a type."""


class DatabaseUnavailable(TemporaryFailure):
    """PostgreSQL does not answer; what was asked for may be asked again."""


class TextUnstorable(ValueError):
    """PostgreSQL keeps no NUL and no half of a character, whatever it was asked for; nothing is repeated."""


_UNAVAILABLE = (
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
"""asyncpg raises the last two for a connection that closes between or during queries."""


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn the many errors of an unreachable PostgreSQL into one, short and without values.

    Raises:
        DatabaseUnavailable: it is unreachable.
        TextUnstorable: a value holds what it cannot keep.
    """
    try:
        yield
    except (
        asyncpg.CharacterNotInRepertoireError,
        asyncpg.UntranslatableCharacterError,
    ):
        raise TextUnstorable("a text holds a NUL") from None
    except _UNAVAILABLE as error:
        if isinstance(error, ValueError):  # asyncpg's error for a value of a wrong type
            raise
        raise DatabaseUnavailable(
            f"PostgreSQL does not answer ({type(error).__name__})"
        ) from None


class Queries(ABC):
    """Runs the named queries of `sql/`, each on a connection that the subclass gives."""

    @abstractmethod
    def _connection(self) -> AbstractAsyncContextManager[Any]:
        """Lends a connection for one query."""

    async def rows(self, query: RowsQuery, **values: Any) -> list[Row]:
        async with self._connection() as connection:
            return [row async for row in self._run(query, connection, values)]

    async def row(self, query: RowQuery, **values: Any) -> Row:
        """Runs a query that finds one row. Returns it, or None."""
        async with self._connection() as connection:
            return await self._run(query, connection, values)

    async def value(self, query: ValueQuery, **values: Any) -> Any:
        """Runs a query that finds one value. Returns it, or None."""
        async with self._connection() as connection:
            return await self._run(query, connection, values)

    async def execute(self, query: CommandQuery, **values: Any) -> int:
        """Execute a command. Returns how many rows it changed."""
        async with self._connection() as connection:
            status: str = await self._run(query, connection, values)
        count = status.rsplit(" ", 1)[-1]
        return int(count) if count.isdigit() else 0

    def _run(self, query: str, connection: Any, values: dict[str, Any]) -> Any:
        return getattr(queries(), query)(connection, **values)


class Transaction(Queries):
    """Queries that are committed together, or not at all."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._open = connection

    def _connection(self) -> AbstractAsyncContextManager[Any]:
        return nullcontext(self._open)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what the block did when it raises, and keep the transaction open."""
        async with self._open.transaction():
            yield

    async def copy(
        self, table: str, columns: Sequence[str], records: Sequence[tuple[Any, ...]]
    ) -> None:
        await self._open.copy_records_to_table(table, records=records, columns=columns)


async def _keep_session(_: asyncpg.Connection) -> None:
    """Spare the round trip by which a pool resets sessions: no query here sets what outlives its transaction.

    asyncpg still ends an open transaction.
    """


class Database(Queries):
    """A pool that replaces connections which died; a restart of PostgreSQL costs errors, never the pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, url: str, size: int = 10) -> Self:
        """Open a pool of connections.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        with database_errors():
            # No floor: keeping one up through an outage logs a stack trace a try.
            pool = await asyncpg.create_pool(
                url,
                min_size=0,
                max_size=size,
                timeout=CONNECT_SECONDS,
                command_timeout=COMMAND_SECONDS,
                reset=_keep_session,
            )
        opened = cls(pool)
        try:
            await opened.ping()
        except BaseException:
            await opened.close()
            raise
        return opened

    async def close(self) -> None:
        await self._pool.close()

    def connections(self) -> dict[str, int]:
        """Returns how many connections of the pool are in use, and how many idle."""
        idle = self._pool.get_idle_size()
        return {"in_use": self._pool.get_size() - idle, "idle": idle}

    async def ping(self) -> None:
        """Raises DatabaseUnavailable when PostgreSQL does not answer."""
        await self.value("ping")

    @asynccontextmanager
    async def transaction(self, **options: Any) -> AsyncIterator[Transaction]:
        """Open a transaction: committed after the block, rolled back if it raises."""
        async with self._connection() as connection, connection.transaction(**options):
            yield Transaction(connection)

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a read-only transaction whose queries all see the same moment."""
        return self.transaction(isolation="repeatable_read", readonly=True)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        with database_errors():
            # The pool's own timeout would make a task of every acquisition.
            async with asyncio.timeout(CONNECT_SECONDS):
                connection = await self._pool.acquire()
            try:
                yield connection
            finally:
                await self._pool.release(connection, timeout=CONNECT_SECONDS)


def as_json(value: Any) -> str:
    """A value as a query takes it for `jsonb`; models, dates and enums as the schemas write them."""
    return to_json(value).decode()


class Repository:
    """The queries about one subject, over the pool that all of them share."""

    def __init__(self, database: Database) -> None:
        self._database = database
