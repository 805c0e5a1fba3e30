"""The one-machine stack with all its real parts."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.persistence.store import Store
from binome.stack import enclosed_server
from binome.stack.process_identity import ProcessIdentity, identity
from tests.support.commands import call_binome
from tests.support.stack import (
    Stack,
    binome,
    children,
    ended,
    listening,
    stack_in,
)
from tests.support.waiting import LONGEST_WAIT_SECONDS
from workers.settings import EXAMPLES

PARTS = {"postgres", "temporal", "web-ui", "catcher", "worker", "gateway"}


@dataclass(frozen=True)
class Killed:
    """What a stack was before it was killed, and what it is since it was started again."""

    stack_again: Stack
    children: dict[str, ProcessIdentity]
    temporal_server: ProcessIdentity | None
    token: str
    run_again: str
    source_again: str | None


@pytest.fixture(scope="module")
async def killed(open_folder: Path) -> AsyncIterator[Killed]:
    """The one stack of these tests: killed, started again, and ended by Ctrl-C."""
    folder = open_folder / "shared-stack"
    async with stack_in(folder) as first:
        noted, token = first.children(), first.addresses()["token"]
        server = next(map(identity, children(noted["temporal"].pid)), None)
        client = await Client.connect(first.addresses()["temporal"])
        await client.start_workflow(
            "ProgrammeWorkflow", {}, id="kept", task_queue="nobody-serves-this"
        )
        await first.end(signal.SIGKILL)
    for child in noted.values():
        await ended(child)
    async with stack_in(folder) as again:
        client = await Client.connect(again.addresses()["temporal"])
        kept = client.get_workflow_handle("kept")
        run = (await kept.describe()).id
        await kept.terminate()  # or the doctor names its queue, which is nobody's
        source = await _source(again.addresses()["database_url"], token)
        yield Killed(again, noted, server, token, run, source)
        await _ends_well(again)


async def _ends_well(stack: Stack) -> None:
    """Ctrl-C is a good end, and leaves no process."""
    noted = stack.children()
    code = await stack.end(signal.SIGINT)
    assert (code, set(noted)) == (0, PARTS)
    assert [name for name, child in noted.items() if child.alive()] == []


@pytest.fixture
def stack(killed: Killed) -> Stack:
    return killed.stack_again


async def test_the_gateway_says_that_all_is_up(stack: Stack) -> None:
    async with httpx.AsyncClient() as client:
        assert (
            await client.get(f"{stack.addresses()['gateway']}/readyz")
        ).status_code == 200


async def test_an_idle_connection_outlives_what_clients_and_proxies_keep_of_theirs(
    stack: Stack,
) -> None:
    """Else a request now and then meets one that is just being closed, and is lost."""
    limits = httpx.Limits(max_connections=1, keepalive_expiry=60)
    transport = httpx.AsyncHTTPTransport(limits=limits)
    async with httpx.AsyncClient(
        base_url=stack.addresses()["gateway"], transport=transport, trust_env=False
    ) as client:
        streams = []
        for pause in (0, 7):
            await asyncio.sleep(pause)
            answer = await client.get("/readyz")
            streams.append(
                answer.extensions["network_stream"].get_extra_info("client_addr")
            )
    assert streams[0] == streams[1]


async def test_the_web_ui_answers(stack: Stack) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(stack.addresses()["ui"])).status_code == 200


@pytest.mark.parametrize(("host", "status"), [(None, 200), ("evil.example", 421)])
async def test_the_web_ui_takes_no_foreign_name(
    stack: Stack, host: str | None, status: int
) -> None:
    headers = {"host": host} if host else {}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(stack.addresses()["ui"], headers=headers)
    assert answer.status_code == status


async def test_temporal_s_own_http_takes_no_foreign_name(stack: Stack) -> None:
    log = (stack.folder / "logs" / "temporal.log").read_text()
    address = log.rpartition("Temporal HTTP:")[2].split()[0]
    url, headers = f"http://{address}/api/v1/namespaces", {"host": "evil.example"}
    async with httpx.AsyncClient(trust_env=False) as client:
        if enclosed_server.can_enclose():
            with pytest.raises(httpx.ConnectError):  # nobody reaches it, by any name
                await client.get(url, headers=headers)
        else:
            assert (await client.get(url, headers=headers)).status_code == 403


async def test_nothing_listens_but_what_is_known(stack: Stack) -> None:
    """Besides, on an address that is drawn, Temporal's own Web UI, behind the host check."""
    if not enclosed_server.can_enclose():
        pytest.skip("this system gives no network namespace")
    names = ("gateway", "temporal", "ui", "smtp", "postgres")
    known = {stack.addresses()[name].removeprefix("http://") for name in names}
    found = listening(child.pid for child in stack.children().values())
    assert len({f"{host}:{port}" for host, port in found} - known) == 1


async def test_the_database_of_the_stack_trusts_no_account_of_the_machine(
    stack: Stack,
) -> None:
    address = stack.addresses()["postgres"]
    with pytest.raises(Exception, match="password"):
        await Store.open(f"postgresql://postgres@{address}/binome", size=1)


async def test_the_token_of_the_stack_is_known_to_its_database(stack: Stack) -> None:
    assert (
        await _source(stack.addresses()["database_url"], stack.addresses()["token"])
        == "demo"
    )


async def test_a_mail_is_kept_whole_as_a_file(stack: Stack) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "Kept"
    mail.set_content("Bonjour.")
    host, port = stack.addresses()["smtp"].split(":")
    await aiosmtplib.send(mail, hostname=host, port=int(port))
    kept = [file.read_text() for file in (stack.folder / "mails").glob("*.eml")]
    assert any("Subject: Kept" in text and "Bonjour." in text for text in kept)


async def test_an_example_run_is_left_for_the_start_links(stack: Stack) -> None:
    client = await Client.connect(stack.addresses()["temporal"])
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        while await _described(client, "example") is None:
            await asyncio.sleep(0.05)
    assert await _described(client, "example") == "ProgrammeWorkflow"


async def test_people_are_imported_from_the_command_line(stack: Stack) -> None:
    code, out, _ = await binome(
        "import", str(EXAMPLES / "people.csv"), f"--data={stack.folder}", "--json"
    )
    assert (code, json.loads(out)["added"] >= 80) == (0, True)


async def test_a_wrong_people_file_imports_nothing_and_names_its_lines(
    stack: Stack, tmp_path: Path
) -> None:
    wrong = tmp_path / "people.csv"
    wrong.write_text("id;nom\n1;Zo\n", "utf-8")
    code, out, _ = await call_binome(
        "import", str(wrong), f"--data={stack.folder}", "--json"
    )
    found = json.loads(out)
    assert (code, found["added"], len(found["problems"]) > 0) == (2, 0, True)


async def test_the_status_of_an_unknown_programme_is_refused(stack: Stack) -> None:
    code, _, errors = await call_binome("status", "nowhere", f"--data={stack.folder}")
    assert (code, "no such programme" in errors) == (2, True)


async def test_a_document_is_refused_from_the_command_line_with_its_path(
    stack: Stack, tmp_path: Path
) -> None:
    document = json.loads((EXAMPLES / "demo.json").read_text("utf-8"))
    document["sessions"]["lenght"] = "1 hour"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(document), "utf-8")
    code, _, errors = await call_binome("start", str(wrong), f"--data={stack.folder}")
    assert (code, "sessions.lenght: unknown; did you mean length?" in errors) == (
        2,
        True,
    ), errors


async def test_a_new_token_is_known_to_the_database(stack: Stack) -> None:
    _, out, _ = await call_binome(
        "sources", "add", "learning-platform", f"--data={stack.folder}"
    )
    assert (
        await _source(stack.addresses()["database_url"], out.strip())
        == "learning-platform"
    )


async def test_the_doctor_finds_a_running_stack_well(stack: Stack) -> None:
    code, out, _ = await call_binome("doctor", f"--data={stack.folder}")
    assert (code, "WRONG" in out) == (0, False), out


async def test_what_may_be_personal_is_closed_to_other_accounts(stack: Stack) -> None:
    closed = (
        "stack.json",
        "secret",
        "token",
        "mails",
        "logs",
        "temporal.db",
        "postgres",
        "postgres.password",
    )
    assert [
        name for name in closed if (stack.folder / name).stat().st_mode & 0o077
    ] == []


@pytest.mark.parametrize(
    "name", ["catcher", "gateway", "worker", "postgres", "temporal", "web-ui"]
)
async def test_a_part_that_is_killed_is_named_and_started_again(
    stack: Stack, name: str
) -> None:
    killed = stack.children()[name]
    os.kill(killed.pid, signal.SIGKILL)
    await stack.wait_for_line("It is started again.")
    assert any("ended (killed by SIGKILL)" in line for line in stack.lines)
    await ended(killed)


def test_a_killed_stack_leaves_no_process(killed: Killed) -> None:
    assert set(killed.children) == PARTS
    assert [name for name, child in killed.children.items() if child.alive()] == []


def test_a_killed_stack_leaves_no_server_in_a_namespace(killed: Killed) -> None:
    if not enclosed_server.can_enclose():
        pytest.skip("this system gives no network namespace")
    assert killed.temporal_server is not None
    assert not killed.temporal_server.alive()


def test_a_stack_started_again_after_a_kill_has_its_workflows(killed: Killed) -> None:
    assert killed.run_again == "kept"


def test_a_stack_started_again_after_a_kill_has_its_database(killed: Killed) -> None:
    assert killed.source_again == "demo"


def test_a_stack_started_again_has_the_same_token(killed: Killed, stack: Stack) -> None:
    assert stack.addresses()["token"] == killed.token


async def _described(client: Client, workflow_id: str) -> str | None:
    """Its type; None: there is no such run."""
    try:
        return (await client.get_workflow_handle(workflow_id).describe()).workflow_type
    except RPCError as error:
        assert error.status is RPCStatusCode.NOT_FOUND
        return None


async def _source(database_url: str, token: str) -> str | None:
    async with await Store.open(database_url, size=1) as store:
        source = await store.sources.find(token)
        return source.name if source else None
