"""Faults, done to a stack from outside: what is killed is killed by its number, what is stopped goes on again."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.support.rehearsal.own_sql import database
from tests.support.stack import Stack, ended
from tests.support.waiting import LONGEST_WAIT_SECONDS, until

LOCK = 7001
"""The advisory lock of PostgreSQL on which marking waits."""

_HOLD = """
create function wait_for_the_test() returns trigger language plpgsql as
$$ begin perform pg_advisory_xact_lock_shared(7001); return new; end $$;
create trigger wait_for_the_test before update on outbox for each row
when (new.state = 'sent' and old.body ->> 'useful_until' is null and old.body ->> 'not_before' is null)
execute function wait_for_the_test();
"""
_LET_GO = "drop trigger wait_for_the_test on outbox; drop function wait_for_the_test();"
_WAITING = "select pid from pg_locks where locktype = 'advisory' and not granted"


def kill(stack: Stack, part: str) -> None:
    os.kill(stack.children()[part].pid, signal.SIGKILL)


@asynccontextmanager
async def stopped(stack: Stack, part: str) -> AsyncIterator[None]:
    """Kill a part; it is not started again within the block, since `binome up` is stopped."""
    stack.process.send_signal(signal.SIGSTOP)
    try:
        killed = stack.children()[part]
        os.kill(killed.pid, signal.SIGKILL)
        yield
    finally:
        stack.process.send_signal(signal.SIGCONT)
    await ended(killed)


async def logged(log: Path, words: str, since: int) -> None:
    """Wait until a log says something that it did not say `since` (its length then)."""

    async def look() -> bool:
        with log.open("rb") as lines:
            lines.seek(since)
            return words.encode() in lines.read()

    await until(look)


async def answers(gateway: str, status: int) -> None:
    """Wait until the gateway says that all is there (200), or that something is not (503)."""
    async with httpx.AsyncClient(
        base_url=gateway, trust_env=False, timeout=LONGEST_WAIT_SECONDS
    ) as client:

        async def look() -> bool:
            return (await client.get("/readyz")).status_code == status

        await until(look)


async def kill_between_sending_and_marking(stack: Stack, database_url: str) -> None:
    """The mail is out, PostgreSQL does not know it yet, and the worker is gone.

    Its notice is one that is never too late, however long a busy machine takes to start
    the worker again.
    """
    async with database(database_url) as found:
        await found.do(f"select pg_advisory_lock({LOCK})")
        await found.do(_HOLD)

        async def marking() -> bool:
            return bool(await found.rows(_WAITING))

        async def given_up() -> bool:
            await found.rows(
                f"select pg_terminate_backend(pid) from ({_WAITING}) waiting"
            )
            return not await marking()

        await until(marking)
        kill(stack, "worker")
        await until(given_up)
        await found.do(_LET_GO)
