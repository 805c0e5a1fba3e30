"""What keeps `binome up` from starting: a sentence that names the mend, and exit code 2."""

import os
import socket
from pathlib import Path

import pytest

from binome.folder import held
from tests.integration.stack import ANY_PORTS, binome


async def test_a_taken_port_is_named_with_its_option(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        code, _, said = await binome("up", f"--data={tmp_path}", *ANY_PORTS, f"--ui-port={port}")
    assert code == 2
    assert f"port {port} of the Temporal Web UI is taken; choose another with --ui-port" in said


async def test_a_data_folder_in_use_is_refused(tmp_path: Path) -> None:
    with held(tmp_path):
        code, _, said = await binome("up", f"--data={tmp_path}", *ANY_PORTS)
    assert code == 2
    assert "is in use by another stack" in said


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    """Root may write wherever permissions forbid it, but not into the kernel's own folders."""
    if not os.geteuid():
        return Path("/sys/kernel")
    tmp_path.chmod(0o555)
    return tmp_path


async def test_a_folder_that_cannot_be_written_to_is_refused(read_only: Path) -> None:
    code, _, said = await binome("up", f"--data={read_only / 'binome'}", *ANY_PORTS)
    assert code == 2
    assert "cannot be written to" in said
    assert "--data" in said


async def test_an_end_without_a_demo_is_refused(tmp_path: Path) -> None:
    code, _, said = await binome("up", f"--data={tmp_path}", *ANY_PORTS, "--exit-when-done")
    assert code == 2
    assert "--exit-when-done needs --demo" in said


async def test_a_refusal_leaves_no_trace_of_a_stack(tmp_path: Path) -> None:
    with held(tmp_path):
        await binome("up", f"--data={tmp_path}", *ANY_PORTS)
    assert not (tmp_path / "children.json").exists()
