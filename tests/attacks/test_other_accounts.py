"""Another account of the machine speaks to the parts of `binome up` that have no sign-in; Linux, as root."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from binome.stack import components, enclosed_server, temporal
from binome.stack.component_process import ComponentProcess
from binome.stack.data_folder import lock_folder
from binome.stack.own_account import Address, OwnAccountListener
from binome.stack.ports import LOOPBACK, Ports, fill_in_ports
from binome.stack.process_identity import identity
from tests.support.stack import children, listening, noted_processes
from tests.support.waiting import until

NOBODY = 65534
ANY_PORTS = Ports(0, 0, 0, 0, 0)
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
SPEAK = """
import os, socket, sys
account, family, host, port, sent, how = sys.argv[1:]
os.setgroups([])
os.setresuid(*[int(account)] * 3)
with socket.socket(getattr(socket, family)) as connection:
    connection.settimeout(20)
    connection.connect((host, int(port)))
    connection.sendall(bytes.fromhex(sent))
    if how == "listen":
        try:
            sys.stdout.write(connection.recv(100).hex())
        except ConnectionError:
            pass
"""


@dataclass(frozen=True)
class Parts:
    """The parts of a stack that have no sign-in, running."""

    folder: Path
    addresses: dict[str, Address]

    def log(self, part: str) -> str:
        return (self.folder / "logs" / f"{part}.log").read_text()

    def pid(self, part: str) -> int:
        return noted_processes(self.folder)[part].pid


def only_as_root() -> None:
    if os.geteuid():
        pytest.skip("only root can act as another account")
    if not enclosed_server.can_enclose():
        pytest.skip("this system gives no network namespace")


@pytest.fixture(scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    only_as_root()
    ports, ui = fill_in_ports(ANY_PORTS), temporal.hidden_ui()
    async with AsyncExitStack() as running:
        folder = running.enter_context(lock_folder(tmp_path_factory.mktemp("parts")))
        started = [
            ComponentProcess(component, folder.path, lambda _: None)
            for component in (
                components.temporal_component(folder, ports, ui, own_account_only=True),
                components.web_ui_component(ports, ui, own_account_only=True),
                components.catcher_component(folder, ports, own_account_only=True),
            )
        ]
        for process in started:
            running.push_async_callback(process.stop)
        await asyncio.gather(*(process.start() for process in started))
        yield Parts(
            folder.path,
            {
                "temporal": (LOOPBACK, ports.temporal),
                "temporal's own web ui": ui,
                "web ui": (LOOPBACK, ports.ui),
                "catcher": (LOOPBACK, ports.smtp),
            },
        )


def speak(
    address: Address,
    sent: bytes,
    *,
    account: int,
    how: str = "listen",
    family: str = "AF_INET",
) -> bytes:
    """Send these bytes in a process of this account; returns what came back first."""
    host = f"::ffff:{address[0]}" if family == "AF_INET6" else address[0]
    words = [str(account), family, host, str(address[1]), sent.hex(), how]
    spoken = subprocess.run(
        [sys.executable, "-I", "-S", "-c", SPEAK, *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return bytes.fromhex(spoken.stdout)


SPOKEN = [
    ("temporal", PREFACE),
    ("temporal's own web ui", REQUEST),
    ("web ui", REQUEST),
    ("catcher", b""),
]
each_part = pytest.mark.parametrize(
    ("part", "sent"), SPOKEN, ids=[part for part, _ in SPOKEN]
)


@each_part
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
async def test_another_account_gets_no_answer(
    parts: Parts, part: str, sent: bytes, family: str
) -> None:
    address = parts.addresses[part]
    assert speak(address, sent, account=NOBODY, family=family) == b""


@each_part
async def test_the_account_of_the_stack_gets_one(
    parts: Parts, part: str, sent: bytes
) -> None:
    assert speak(parts.addresses[part], sent, account=os.geteuid()) != b""


async def test_what_was_refused_is_logged_by_the_part_that_refused_it(
    parts: Parts,
) -> None:
    speak(parts.addresses["catcher"], b"", account=NOBODY)

    async def logged() -> bool:
        return f"a connection of account {NOBODY}" in parts.log("catcher")

    await until(logged, "the log does not say who was refused")


def test_what_was_refused_is_logged_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    only_as_root()
    clock, logged = SimpleNamespace(), []
    monkeypatch.setattr("binome.stack.own_account.time", clock)
    with OwnAccountListener(LOOPBACK, 0) as listener:
        for seconds in (1000.0, 1059.9, 1060.0, 1119.9):
            clock.monotonic = partial(float, seconds)
            be_refused(listener)
            logged.append(capsys.readouterr().err.count(f"account {NOBODY} "))
    assert logged == [1, 0, 1, 0]


def be_refused(listener: OwnAccountListener) -> None:
    """Connect from another account, which waits for an answer meanwhile."""
    listener.settimeout(20)
    with ThreadPoolExecutor() as threads:
        spoken = threads.submit(speak, listener.getsockname(), b"", account=NOBODY)
        with pytest.raises(ConnectionAbortedError):
            listener.accept()
        assert spoken.result() == b""


async def test_who_sends_and_closes_at_once_does_not_pass_for_root() -> None:
    """The kernel soon says of a connection that nobody holds any more that it is root's."""
    only_as_root()
    with OwnAccountListener(LOOPBACK, 0) as listener:
        address = listener.getsockname()
        speak(address, REQUEST, account=NOBODY, how="leave")

        async def nobody_s() -> bool:
            return psutil.CONN_FIN_WAIT2 in states(address)

        await until(nobody_s)
        with pytest.raises(ConnectionAbortedError):
            listener.accept()


def states(opened_to: Address) -> list[str]:
    """States of whoever connected there."""
    found = psutil.net_connections("tcp4")
    return [each.status for each in found if each.raddr == opened_to]


def test_nothing_else_of_them_listens_outside_of_the_namespace(parts: Parts) -> None:
    pids = [process.pid for process in noted_processes(parts.folder).values()]
    assert listening(pids) == set(parts.addresses.values())


async def test_a_killed_relay_leaves_no_server(parts: Parts) -> None:
    """Both are started again."""
    relay = parts.pid("temporal")
    [server] = children(relay)
    os.kill(relay, signal.SIGKILL)
    address = parts.addresses["temporal"]

    async def answers_again() -> bool:
        try:
            return bool(speak(address, PREFACE, account=os.geteuid()))
        except subprocess.CalledProcessError:
            return False

    await until(answers_again)
    assert parts.pid("temporal") != relay
    assert identity(server) is None
