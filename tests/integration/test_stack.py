"""The one-machine stack with all its real parts."""

import os
import signal
import tempfile
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest
from temporalio.client import Client

from activities.persistence.store import Store
from tests.integration.stack import Stack, binome, ended, stack_in

PARTS = {"postgres", "temporal", "catcher", "worker", "gateway"}


@pytest.fixture(scope="module")
async def stack(open_folder: Path) -> AsyncIterator[Stack]:
    """One that the tests below share; those that end a stack have their own."""
    async with stack_in(open_folder / "shared-stack") as stack:
        yield stack


@pytest.fixture
def folder(open_folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=open_folder)) / "data"


async def test_the_gateway_says_that_all_is_up(stack: Stack) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{stack.addresses()['gateway']}/readyz")).status_code == 200


async def test_the_web_ui_answers(stack: Stack) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(stack.addresses()["ui"])).status_code == 200


async def test_the_token_of_the_stack_is_known_to_its_database(stack: Stack) -> None:
    store = await Store.open(stack.addresses()["database_url"], size=1)
    try:
        assert await store.source_of(stack.addresses()["token"]) == "demo"
    finally:
        await store.close()


async def test_a_mail_is_kept_whole_as_a_file(stack: Stack) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "Kept"
    mail.set_content("Bonjour.")
    host, port = stack.addresses()["smtp"].split(":")
    await aiosmtplib.send(mail, hostname=host, port=int(port))
    kept = [file.read_text() for file in (stack.folder / "mails").glob("*.eml")]
    assert any("Subject: Kept" in text and "Bonjour." in text for text in kept)


async def test_the_doctor_finds_a_running_stack_well(stack: Stack) -> None:
    code, out, _ = await binome("doctor", f"--data={stack.folder}")
    assert (code, "WRONG" in out) == (0, False), out


async def test_what_may_be_personal_is_closed_to_other_accounts(stack: Stack) -> None:
    closed = ("stack.json", "secret", "token", "mails", "logs", "temporal.db", "postgres")
    assert [name for name in closed if (stack.folder / name).stat().st_mode & 0o077] == []


@pytest.mark.parametrize("name", ["catcher", "gateway", "worker", "postgres", "temporal"])
async def test_a_part_that_is_killed_is_named_and_started_again(stack: Stack, name: str) -> None:
    killed = stack.children()[name]
    os.kill(killed.pid, signal.SIGKILL)
    await stack.hear("It is started again.")
    assert any("ended (killed by SIGKILL)" in line for line in stack.said)
    await ended(killed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_stopped_stack_leaves_no_process(folder: Path, number: int) -> None:
    async with stack_in(folder) as stack:
        children = stack.children()
        code = await stack.end(number)
    assert (code, set(children)) == (0, PARTS)
    assert [name for name, child in children.items() if child.alive()] == []


async def test_a_killed_stack_leaves_no_process(folder: Path) -> None:
    async with stack_in(folder) as stack:
        children = stack.children()
        await stack.end(signal.SIGKILL)
    for child in children.values():
        await ended(child)
    assert [name for name, child in children.items() if child.alive()] == []


async def test_a_stack_started_again_after_a_kill_goes_on_with_its_data(folder: Path) -> None:
    async with stack_in(folder) as stack:
        before = stack.addresses()
        client = await Client.connect(before["temporal"])
        await client.start_workflow("ProgrammeWorkflow", {}, id="kept", task_queue="nobody-serves-this")
        await stack.end(signal.SIGKILL)
    async with stack_in(folder) as again:
        client = await Client.connect(again.addresses()["temporal"])
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"
        store = await Store.open(again.addresses()["database_url"], size=1)
        assert await store.source_of(before["token"]) == "demo"
        await store.close()
        assert again.addresses()["token"] == before["token"]
