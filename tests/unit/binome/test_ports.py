import socket
from collections.abc import Iterator
from dataclasses import astuple

import pytest

from binome.errors import CommandRefused
from binome.stack.ports import Ports, fill_in_ports, free_port

ALL_FREE = Ports(0, 0, 0, 0, 0)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("gateway", "--port"),
        ("temporal", "--temporal-port"),
        ("ui", "--ui-port"),
        ("postgres", "--postgres-port"),
        ("smtp", "--smtp-port"),
    ],
)
def test_a_taken_port_is_refused_with_its_option(
    taken: int, name: str, option: str
) -> None:
    wanted = dict.fromkeys(("gateway", "temporal", "ui", "postgres", "smtp"), 0) | {
        name: taken
    }
    with pytest.raises(
        CommandRefused,
        match=rf"port {taken} of .* is taken; choose another with {option} ",
    ):
        fill_in_ports(Ports(**wanted))


def test_a_port_asked_for_twice_is_refused() -> None:
    port = free_port()
    with pytest.raises(CommandRefused, match="asked for twice"):
        fill_in_ports(Ports(port, port, 0, 0, 0))


def test_a_port_that_root_alone_may_take_is_not_called_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(
        CommandRefused,
        match="port 80 of the gateway is for root alone; choose another with --port ",
    ):
        fill_in_ports(Ports(80, 0, 0, 0, 0))


def test_every_zero_becomes_another_port() -> None:
    chosen = astuple(fill_in_ports(ALL_FREE))
    assert len(set(chosen)) == 5
    assert 0 not in chosen


def test_a_free_port_stays_as_asked() -> None:
    port = free_port()
    assert fill_in_ports(Ports(port, 0, 0, 0, 0)).gateway == port
