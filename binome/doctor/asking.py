"""What checks ask of PostgreSQL, which may be the part that is not well."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from activities.persistence.store import Store
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses

Found = TypeVar("Found")


async def ask_store(
    servers: ServerAddresses, ask: Callable[[Store], Awaitable[Found]]
) -> Found | None:
    """Returns what the store says; None: the database is unavailable, or not migrated.

    The check of the database says which.
    """
    try:
        async with servers.store() as store:
            return await ask(store)
    except Exception:
        return None


def not_found_out(subject: str, what: str) -> Diagnosis:
    """Say that `subject` cannot be seen, or compared, before the database is well."""
    found = f"cannot be {what} while the database is not well"
    return Diagnosis(subject, False, found, "correct the database first")
