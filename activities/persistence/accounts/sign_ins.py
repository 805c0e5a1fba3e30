"""Sessions, one-time links, attempts at passwords, and browsers on their way to an OpenID provider."""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from activities.persistence.accounts.accounts import account_of
from activities.persistence.database import Repository
from activities.persistence.tokens import hash_of_token
from domain.access.sign_in import ATTEMPTS_COUNT_FOR, REQUEST_LASTS, next_attempt
from schemas.records.access import Account, FoundSession, SignInWay


class FoundLink(NamedTuple):
    """A one-time link that somebody opened, whether it still signs in or not."""

    account: Account
    made_at: datetime
    used_at: datetime | None


class OpenidRequest(NamedTuple):
    """What the answer of an OpenID provider has to fit."""

    nonce: str
    verifier: str
    page: str
    made_at: datetime


class SignIns(Repository):
    """Every gateway reads the same, so that what ends here ends on all of them."""

    async def start(self, actor: str, way: SignInWay) -> str:
        """Start a session; returns what the browser's cookie holds."""
        token = secrets.token_urlsafe(32)
        await self._database.execute("forget_sessions")
        await self._database.execute(
            "start_session", token_hash=hash_of_token(token), actor=actor, way=way.value
        )
        return token

    async def find(self, token: str) -> FoundSession | None:
        row = await self._database.row("session_found", token_hash=hash_of_token(token))
        if row is None:
            return None
        way = SignInWay(row["way"])
        return FoundSession(account_of(row), way, row["started_at"], row["ended_at"])

    async def end(self, token: str) -> None:
        await self._database.execute("end_session", token_hash=hash_of_token(token))

    async def end_all(self, actor: str, but: str | None = None) -> None:
        """End every session of an account, except the one with the cookie `but`."""
        kept = hash_of_token(but) if but else None
        await self._database.execute("end_sessions_of", actor=actor, kept=kept)

    async def make_link(self, actor: str) -> str:
        """Returns the token of a new one-time link; an earlier one is void."""
        token = secrets.token_urlsafe(32)
        await self._database.execute(
            "make_link", token_hash=hash_of_token(token), actor=actor
        )
        return token

    async def find_link(self, token: str) -> FoundLink | None:
        row = await self._database.row("link_found", token_hash=hash_of_token(token))
        return (
            FoundLink(account_of(row), row["made_at"], row["used_at"]) if row else None
        )

    async def use_link(self, token: str) -> bool:
        """Whether it was this caller who used it."""
        used = await self._database.execute("use_link", token_hash=hash_of_token(token))
        return used > 0

    async def attempt(self, who: str, now: datetime, free: int) -> datetime | None:
        """Note an attempt at a password before it is checked.

        `who` is the login that was typed, or an address; only its hash is kept. Returns
        when it may be tried again, and notes nothing, if that is not yet.
        """
        key = _key(who)
        async with self._database.transaction() as transaction:
            await transaction.value("lock_attempts", key=key)
            failed = [row["at"] for row in await transaction.rows("attempts", key=key)]
            allowed = next_attempt(failed, now, free)
            if allowed is None:
                await transaction.execute("add_attempt", key=key, at=now)
                await transaction.execute(
                    "forget_old_attempts", before=now - ATTEMPTS_COUNT_FOR
                )
        return allowed

    async def forget_attempts(self, who: str, at: datetime | None = None) -> None:
        """The password was right: forget all that failed, or only the one attempt noted at `at`."""
        await self._database.execute("forget_attempts", key=_key(who), at=at)

    async def keep_request(self, state: str, request: OpenidRequest) -> None:
        await self._database.execute(
            "forget_openid_requests", before=request.made_at - REQUEST_LASTS
        )
        await self._database.execute(
            "add_openid_request",
            state_hash=hash_of_token(state),
            nonce=request.nonce,
            verifier=request.verifier,
            page=request.page,
        )

    async def take_request(self, state: str) -> OpenidRequest | None:
        """What was kept for this state; the second time there is nothing."""
        row = await self._database.row(
            "take_openid_request", state_hash=hash_of_token(state)
        )
        return OpenidRequest(*row) if row else None


def _key(who: str) -> bytes:
    return sha256(who.lower().encode("utf-8", "replace")).digest()
