"""What keeps `binome up` from starting: a sentence that names what to do, and exit code 2; for root and for others."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from binome.stack.data_folder import lock_folder
from tests.support.commands import call_binome
from tests.support.stack import ANY_PORTS, MYSELF, Account, binome

each_account = pytest.mark.parametrize("by", ["myself", "ordinary"], indirect=True)


@pytest.fixture
def by(request: pytest.FixtureRequest) -> Account:
    """Whoever runs the tests, or somebody without rights."""
    found: Account = (
        MYSELF if request.param == "myself" else request.getfixturevalue("ordinary")
    )
    return found


@pytest.fixture
def folder(open_folder: Path, by: Account) -> Path:
    """A data folder of theirs."""
    made = Path(tempfile.mkdtemp(dir=open_folder))
    by.give(made)
    return made


async def up(folder: Path, by: Account, *words: str) -> tuple[int, str]:
    """Exit code and what was said, of a start that is refused."""
    words = ("up", f"--data={folder}", *ANY_PORTS, *words)
    code, _, message = await (
        binome(*words, by=by) if by.process else call_binome(*words)
    )
    return code, message.strip()


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@each_account
async def test_a_taken_port_is_named_with_its_option(
    folder: Path, by: Account, taken: int
) -> None:
    code, message = await up(folder, by, f"--ui-port={taken}")
    assert code == 2
    assert (
        message
        == f"binome: port {taken} of the Temporal Web UI is taken; choose another with --ui-port (0 picks a free one)"
    )


@each_account
async def test_a_data_folder_in_use_is_refused(folder: Path, by: Account) -> None:
    with lock_folder(folder):
        by.give(folder / "lock", folder / "mails", folder / "logs")
        code, message = await up(folder, by)
    assert code == 2
    other = "stop that one, or choose another with --data"
    assert (
        message
        == f"binome: the data folder {folder} is in use by another stack; {other}"
    )


@each_account
async def test_a_folder_that_cannot_be_written_to_is_refused(
    folder: Path, by: Account
) -> None:
    closed = read_only(folder, by) / "binome"
    code, message = await up(closed, by)
    assert code == 2
    assert message.startswith(
        f"binome: the data folder {closed} cannot be written to ("
    )
    assert message.endswith("); choose another with --data")


@pytest.mark.parametrize("by", ["ordinary"], indirect=True)
async def test_a_command_says_that_the_stack_is_anothers(
    folder: Path, by: Account
) -> None:
    if not by.process:
        pytest.skip("needs a second account")
    with lock_folder(folder) as stack:
        stack.save("stack.json", "{}")
        code, _, message = await binome("report", "demo", f"--data={folder}", by=by)
    assert (
        code,
        "is closed to this account; run the command as whoever ran" in message,
    ) == (2, True)


def read_only(folder: Path, by: Account) -> Path:
    """Root may write wherever permissions forbid it, but not into the kernel's own folders."""
    folder.chmod(0o555)
    return folder if by.process or os.geteuid() else Path("/sys/kernel")


async def test_an_end_without_a_demo_is_refused(tmp_path: Path) -> None:
    code, message = await up(tmp_path, MYSELF, "--exit-when-done")
    assert code == 2
    assert "--exit-when-done needs --demo" in message


async def test_a_refusal_leaves_no_trace_of_a_stack(tmp_path: Path) -> None:
    with lock_folder(tmp_path):
        await up(tmp_path, MYSELF)
    assert not (tmp_path / "processes.json").exists()
