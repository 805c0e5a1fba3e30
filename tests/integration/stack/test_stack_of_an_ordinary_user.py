"""`binome up` by somebody who is not root: PostgreSQL runs under their own account, and nothing needs more rights."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from subprocess import check_output

import httpx
import pytest

from binome.stack import enclosed_server
from binome.stack.process_identity import ProcessIdentity
from tests.support.stack import Account, listening, stack_in


@dataclass(frozen=True)
class Seen:
    """What was seen of a stack from its start to Ctrl-C."""

    owners: set[int]
    listening: set[tuple[str, int]]
    ready: int
    children: dict[str, ProcessIdentity]
    code: int


@pytest.fixture(scope="module")
async def seen(open_folder: Path, ordinary: Account) -> Seen:
    folder = open_folder / "of-an-ordinary-user"
    folder.mkdir()
    ordinary.give(folder)
    async with (
        stack_in(folder, by=ordinary) as stack,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        ready = (await client.get(f"{stack.addresses()['gateway']}/readyz")).status_code
        children = stack.children()
        owners = {_owner(child.pid) for child in children.values()}
        open_at = listening(child.pid for child in children.values())
        code = await stack.end(signal.SIGINT)
        return Seen(owners, open_at, ready, children, code)


async def test_all_is_up(seen: Seen) -> None:
    assert seen.ready == 200


async def test_every_part_runs_under_their_account(
    seen: Seen, ordinary: Account
) -> None:
    assert seen.owners == {ordinary.process.get("user", os.geteuid())}


async def test_they_have_a_namespace_for_temporal_as_root_has(seen: Seen) -> None:
    if not enclosed_server.can_enclose():
        pytest.skip("this system gives no network namespace")
    assert len(seen.listening) == 6


async def test_ctrl_c_is_a_good_end(seen: Seen) -> None:
    assert seen.code == 0


async def test_ctrl_c_leaves_no_process(seen: Seen) -> None:
    assert len(seen.children) == 6
    assert [name for name, child in seen.children.items() if child.alive()] == []


def _owner(pid: int) -> int:
    proc = Path("/proc", str(pid))
    return (
        proc.stat().st_uid
        if proc.exists()
        else int(check_output(["ps", "-o", "uid=", "-p", str(pid)]))
    )
