"""Accounts and what they were granted."""

import json
import secrets
from collections.abc import Sequence

from activities.persistence.database import Repository, Row
from activities.persistence.tokens import hash_of_token
from schemas.ids import actor_id
from schemas.records.access import Account, Grant, is_login


class Accounts(Repository):
    """Who may sign in; only the hash of a token is kept."""

    async def listing(self) -> list[Account]:
        """All of them, by login."""
        return [account_of(row) for row in await self._database.rows("accounts")]

    async def names(self) -> dict[str, str]:
        """Returns the names of all accounts, by actor id."""
        return {account.actor: account.name for account in await self.listing()}

    async def by_login(self, login: str) -> Account | None:
        """Find an account by what was typed; what can be no login is not asked for."""
        if not is_login(login.lower()):
            return None
        row = await self._database.row("account_by_login", login=login.lower())
        return account_of(row) if row else None

    async def by_token(self, token: str) -> Account | None:
        row = await self._database.row(
            "account_by_token", token_hash=hash_of_token(token)
        )
        return account_of(row) if row else None

    async def by_subject(self, subject: str) -> Account | None:
        """`subject` is issuer and subject of an OpenID provider, in one text."""
        row = await self._database.row("account_by_subject", subject=subject)
        return account_of(row) if row else None

    async def add(
        self, login: str, name: str, grants: Sequence[Grant], person: str | None = None
    ) -> Account:
        """Add an account, or give one its grants; a login that was revoked counts again."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "add_account",
                actor=actor_id(secrets.token_bytes(9)),
                login=login.lower(),
                name=name,
                person=person,
            )
            row = await transaction.row("account_by_login", login=login.lower())
            actor = row["actor"]
            await transaction.execute(
                "restore_account", actor=actor, name=name, person=person
            )
            await transaction.execute("clear_grants", actor=actor)
            for grant in grants:
                await transaction.execute(
                    "add_grant", actor=actor, **grant.model_dump(mode="json")
                )
            return account_of(
                await transaction.row("account_by_login", login=login.lower())
            )

    async def revoke(self, login: str) -> bool:
        """It may do nothing from now on, on every gateway, and nothing that it knew opens anything later.

        False: there is no such account, or it was revoked before.
        """
        async with self._database.transaction() as transaction:
            row = await transaction.row("account_by_login", login=login.lower())
            if row is None:
                return False
            actor = row["actor"]
            now: bool = await transaction.value("revoke_account", actor=actor)
            await transaction.execute("end_sessions_of", actor=actor, kept=None)
            await transaction.execute("forget_link", actor=actor)
        return now

    async def new_token(self, actor: str) -> str:
        """Make a bearer token; an earlier one of the account is void."""
        token = secrets.token_urlsafe(32)
        await self._database.execute(
            "set_token", actor=actor, token_hash=hash_of_token(token)
        )
        return token

    async def password_hash(self, login: str) -> str | None:
        if not is_login(login.lower()):
            return None
        row = await self._database.row("account_by_login", login=login.lower())
        found: str | None = row["password_hash"] if row else None
        return found

    async def set_password(self, actor: str, password_hash: str) -> None:
        await self._database.execute(
            "set_password", actor=actor, password_hash=password_hash
        )

    async def set_subject(self, actor: str, subject: str) -> bool:
        """Note whom an OpenID provider knows it by. False: it is known by another subject already."""
        changed = await self._database.execute(
            "set_subject", actor=actor, subject=subject
        )
        return changed > 0


def account_of(row: Row) -> Account:
    return Account.model_validate({**row, "grants": json.loads(row["grants"])})
