"""The gateway as a process: where it listens, and how many may connect."""

import resource
import socket
from collections.abc import Iterator

import pytest

from binome.errors import CommandRefused
from binome.stack.gateway_process import gateway_options, open_listeners
from binome.stack.ports import free_port
from gateway.edge.connections import MOST_CONNECTIONS, bounded_connections
from workers.settings import load_settings

GOOD = {"database_url": "postgresql://u:p@db/binome", "secret": "s" * 32}


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def test_the_console_listens_on_a_port_of_its_own() -> None:
    ports = free_port(), free_port()
    listeners = open_listeners(
        load_settings(**GOOD, port=ports[0], console_port=ports[1])
    )
    found = tuple(each.getsockname() for each in listeners)
    for each in listeners:
        each.close()
    assert found == tuple(("127.0.0.1", port) for port in ports)


def test_without_it_there_is_one_listener() -> None:
    (listener,) = open_listeners(load_settings(**GOOD, port=free_port()))
    listener.close()


def test_a_port_that_is_taken_is_named(taken: int) -> None:
    with pytest.raises(CommandRefused, match=f"port {taken} of 127.0.0.1"):
        open_listeners(load_settings(**GOOD, port=taken))


def test_hosts_and_proxies_are_lists_with_spaces() -> None:
    settings = load_settings(**GOOD, hosts="a.example  b.example", proxies="10.0.0.0/8")
    options = gateway_options(settings, "default")
    assert (options.hosts, options.proxies) == (
        ("a.example", "b.example"),
        ("10.0.0.0/8",),
    )


def test_descriptors_are_enough_for_all_connections() -> None:
    bounded_connections()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft > MOST_CONNECTIONS or soft == hard
