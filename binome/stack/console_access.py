"""Accounts of the one-machine stack: the administrator at the terminal, and the stack's own scripts."""

from activities.persistence.store import Store
from binome.stack.data_folder import DataFolder
from schemas.records.access import AccountRole, Grant

ADMINISTRATOR = "admin"
SCRIPTS = "stack"
_EVERYTHING = (Grant(role=AccountRole.ADMINISTRATOR),)


async def console_link(database_url: str) -> str | None:
    """The token of a one-time link for the administrator; each start makes another one, and voids the last.

    None: this account was revoked, and somebody else administers.
    """
    store = await Store.open(database_url, size=1)
    try:
        known = await store.accounts.by_login(ADMINISTRATOR)
        if known is None:
            known = await store.accounts.add(
                ADMINISTRATOR, "Administrator", _EVERYTHING
            )
        if known.revoked_at is not None:
            return None
        return await store.sign_ins.make_link(known.actor)
    finally:
        await store.close()


async def console_token(folder: DataFolder, database_url: str) -> str:
    """The bearer token for scripts that run beside the stack, made once a data folder; only its owner can read it."""
    token = folder.read("console-token")
    if token is None:
        store = await Store.open(database_url, size=1)
        try:
            account = await store.accounts.add(
                SCRIPTS, "Scripts on this machine", _EVERYTHING
            )
            token = await store.accounts.new_token(account.actor)
        finally:
            await store.close()
        folder.save("console-token", token)
    return token
