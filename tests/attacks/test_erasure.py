"""Somebody asks to be erased; whoever has database, histories, mails and logs looks for them afterwards."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from activities.persistence.store import Store
from schemas.events import Side
from schemas.ids import parse_pair_id
from tests.support.commands import call_binome
from tests.support.rehearsal.organisation import COMMENT, IDEA, people
from tests.support.rehearsal.own_sql import database
from tests.support.rehearsal.programme import begin
from tests.support.rehearsal.secrets import Leak, Scanner, personal
from tests.support.rehearsal.temporal_contents import contents
from tests.support.stack import Stack, stack_in, wrapping_keys_of_stack
from tests.support.waiting import until
from workers.client import connect
from workers.payload_keys import NO_KEYS

MENTOR = "XQ-7021"
PAIR = """
select p.pair, p.mentor from pairs p join people on person = p.mentor where external_id = $1
"""
TABLES = """
select format('%I.%I', table_schema, table_name) from information_schema.tables
where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
"""


@pytest.fixture(scope="module")
async def stack(open_folder: Path) -> AsyncIterator[Stack]:
    """A programme has begun: mentors have mail, and one has written something."""
    async with stack_in(open_folder / "erasure") as stack:
        await begin(stack, rehearsal={"pace": 7200})
        await until(lambda: has_mail(stack), "the mentor was not invited")
        await writes_something(stack)
        yield stack


async def writes_something(stack: Stack) -> None:
    url, keys = stack.addresses()["database_url"], wrapping_keys_of_stack(stack.folder)
    async with database(url) as found:
        ((pair, mentor),) = await found.rows(PAIR, MENTOR)
    async with await Store.open(url, size=1, wrapping_keys=keys) as store:
        assert await store.answers.save_pulse(
            parse_pair_id(pair), 1, Side.MENTOR, mentor, 2, IDEA, COMMENT, False
        )


async def has_mail(stack: Stack) -> bool:
    return bool(list(mails_naming(stack.folder, MENTOR)))


def scanner() -> Scanner:
    """Everything by which the mentor is known, and what they wrote."""
    return Scanner(personal([row for row in people() if row["external_id"] == MENTOR]))


def mails_naming(folder: Path, external_id: str) -> Iterator[Path]:
    address = next(p["email"] for p in people() if p["external_id"] == external_id)
    for mail in (folder / "mails").glob("*.eml"):
        if address.encode() in mail.read_bytes():
            yield mail


async def killed_half_way(stack: Stack) -> None:
    """Begin an erasure, and kill the command as soon as PostgreSQL knows of it."""
    words = (sys.executable, "-m", "binome", "erase", MENTOR, "--yes")
    process = await asyncio.create_subprocess_exec(*words, f"--data={stack.folder}")
    async with database(stack.addresses()["database_url"]) as found:

        async def begun() -> bool:
            return bool(await found.value("select count(*) from erasures"))

        await until(begun)
    process.kill()
    await process.wait()


async def leaks(stack: Stack) -> list[Leak]:
    """All that is still found of the mentor, wherever it is kept."""
    addresses, look = stack.addresses(), scanner()
    found: list[Leak] = []
    async with database(addresses["database_url"]) as dumped:
        for (table,) in await dumped.rows(TABLES):
            for (row,) in await dumped.rows(f"select t::text from {table} t"):
                found += look.leaks(table, row.encode())
    client = await connect(
        NO_KEYS, target_host=addresses["temporal"], namespace=addresses["namespace"]
    )
    async for content in contents(client):
        found += look.leaks(content.where, content.data)
    for kept in ("mails/*.eml", "logs/*"):
        for file in sorted(stack.folder.glob(kept)):
            found += look.leaks(file.name, file.read_bytes())
    return found


async def test_an_export_holds_what_the_person_wrote_and_is_known_by(
    stack: Stack,
) -> None:
    code, out, err = await call_binome(
        "export", MENTOR, "--json", f"--data={stack.folder}"
    )
    assert code == 0, err
    held = json.loads(out)["held"]
    assert held["people"][0]["external_id"] == MENTOR
    assert held["pulses"][0]["comment"] == COMMENT
    code, text, err = await call_binome("export", MENTOR, f"--data={stack.folder}")
    assert (code, COMMENT in text) == (0, True), err


async def test_nothing_of_somebody_who_was_erased_is_found_anywhere(
    stack: Stack,
) -> None:
    assert await leaks(stack), "there was nothing to find before"
    await killed_half_way(stack)
    code, out, err = await call_binome(
        "erase", MENTOR, "--yes", "--json", f"--data={stack.folder}"
    )
    assert code == 0, err
    assert json.loads(out)["finished_at"]
    assert await leaks(stack) == []


async def test_the_receipt_is_found_by_those_who_know_the_id_and_lists_nobody(
    stack: Stack,
) -> None:
    once = await call_binome("erase", MENTOR, "--yes", f"--data={stack.folder}")
    assert once[0] == 0
    assert "Finished on" in once[1]
    assert MENTOR not in once[1]
    code, _, err = await call_binome(
        "erase", "XQ-9999", "--yes", f"--data={stack.folder}"
    )
    assert (code, "nobody has this id" in err) == (2, True)
