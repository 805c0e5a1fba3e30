"""Passwords of accounts: hashed by argon2id, checked in a thread, slowed down where they are guessed."""

import asyncio
from datetime import datetime
from functools import cache

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.access.passwords import MOST_CHARACTERS
from domain.access.sign_in import FREE_ATTEMPTS, FREE_ATTEMPTS_OF_ADDRESS
from gateway.context import Gateway
from schemas.records.access import Account

CHECKS_AT_ONCE = 1
"""Each takes 32 MB and one processor for a twentieth of a second."""
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_checks = asyncio.Semaphore(CHECKS_AT_ONCE)

log = structlog.get_logger(__name__)


@cache
def _nobodys_hash() -> str:
    """Checked where there is no such account, so that both take as long."""
    return _hasher.hash("nobody has this password")


class PasswordWrong(Exception):
    """The password is nobody's, or there is no such account: whoever asks does not learn which."""


class TooManyAttempts(Exception):
    """The password was not looked at."""

    def __init__(self, allowed_at: datetime) -> None:
        super().__init__("too many wrong passwords")
        self.allowed_at = allowed_at


async def hash_of_password(password: str) -> str:
    async with _checks:
        return await asyncio.to_thread(_hasher.hash, _bytes(password))


async def check_password(
    gateway: Gateway, login: str, password: str, address: str
) -> Account:
    """Returns the account whose password it is.

    Raises:
        PasswordWrong: it is nobody's.
        TooManyAttempts: it was not looked at; try later.
    """
    now = gateway.now()
    await _note_attempt(gateway, login, address, now)
    account = await gateway.store.accounts.by_login(login)
    kept = await gateway.store.accounts.password_hash(login)
    right = await _is_right(kept, password)
    if account is None or account.revoked_at is not None or not (kept and right):
        actor = account.actor if account else "unknown"
        log.warning("sign_in_failed", actor=actor, address=address)
        await gateway.store.access_trail.read(actor, "sign_in_failed", "")
        raise PasswordWrong
    await gateway.store.sign_ins.forget_attempts(_of_login(login))
    await gateway.store.sign_ins.forget_attempts(_of_address(address), now)
    return account


async def _note_attempt(
    gateway: Gateway, login: str, address: str, now: datetime
) -> None:
    for who, free in (
        (_of_address(address), FREE_ATTEMPTS_OF_ADDRESS),
        (_of_login(login), FREE_ATTEMPTS),
    ):
        allowed = await gateway.store.sign_ins.attempt(who, now, free)
        if allowed:
            log.warning("sign_in_slowed", address=address)
            raise TooManyAttempts(allowed)


def _of_address(address: str) -> str:
    return f"address {address}"


def _of_login(login: str) -> str:
    return f"login {login}"


async def _is_right(kept: str | None, password: str) -> bool:
    if len(password) > MOST_CHARACTERS:
        return False
    async with _checks:
        return await asyncio.to_thread(_verified, kept, password)


def _verified(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobodys_hash(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    """What is hashed; a form can hold half a character, which UTF-8 cannot."""
    return password.encode("utf-8", "surrogatepass")
