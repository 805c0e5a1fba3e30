"""Accounts that tests sign in with."""

from collections.abc import Sequence

from activities.persistence.store import Store
from schemas.records.access import AccountRole, Grant, SignInWay

EVERYTHING = (Grant(role=AccountRole.ADMINISTRATOR),)
COOKIE = "binome"
"""Name of the session's cookie where the public address has no TLS."""


async def signed_in(
    store: Store,
    login: str = "olga",
    grants: Sequence[Grant] = EVERYTHING,
    person: str | None = None,
) -> str:
    """Add an account and start a session of it; returns what the cookie holds."""
    account = await store.accounts.add(login, "Olga Roy", grants, person)
    return await store.sign_ins.start(account.actor, SignInWay.PASSWORD)
