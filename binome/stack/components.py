"""The components of the one-machine stack: how each is started, and how one sees that it is ready."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

import httpx

from binome.stack import enclosed_server, postgres, temporal
from binome.stack.component_process import Component
from binome.stack.data_folder import DataFolder
from binome.stack.own_account import OWN_ACCOUNT_ONLY
from binome.stack.ports import LOOPBACK, Ports
from workers.settings import Settings, environment


def postgres_component(folder: DataFolder, ports: Ports) -> Component:
    cluster = postgres.Cluster(folder.postgres, ports.postgres)

    def command() -> list[str]:
        cluster.prepare()
        return cluster.command()

    async def ready() -> bool:
        return cluster.ready()

    return Component(
        "postgres", "PostgreSQL", command, ready, account=postgres.subprocess_user(),
        stop_signal=signal.SIGINT, death_signal=signal.SIGINT,
    )  # fmt: skip


def temporal_component(
    folder: DataFolder, ports: Ports, ui: tuple[str, int], *, own_account_only: bool
) -> Component:
    """`ui` is where its Web UI listens; `web_ui_component` stands before it."""

    def command() -> list[str]:
        server = temporal.command(folder, ports, ui)
        if not own_account_only:
            return server
        return enclosed_server.command(server, (LOOPBACK, ports.temporal), ui)

    async def ready() -> bool:
        return await _listens(*ui) and await temporal.is_ready(
            f"{LOOPBACK}:{ports.temporal}"
        )

    return Component("temporal", "Temporal", command, ready)


def web_ui_component(
    ports: Ports, ui: tuple[str, int], *, own_account_only: bool
) -> Component:
    command = [
        sys.executable,
        "-m",
        "binome.stack.web_ui",
        str(ports.ui),
        f"http://{ui[0]}:{ui[1]}",
        f"http://{LOOPBACK}:{ports.gateway}",
        *([OWN_ACCOUNT_ONLY] if own_account_only else []),
    ]
    return Component(
        "web-ui",
        "the host check of the Temporal Web UI",
        lambda: command,
        lambda: _listens(LOOPBACK, ports.ui),
    )


def catcher_component(
    folder: DataFolder, ports: Ports, *, own_account_only: bool
) -> Component:
    command = [
        sys.executable,
        "-m",
        "binome.stack.catcher",
        str(ports.smtp),
        str(folder.mails),
        *([OWN_ACCOUNT_ONLY] if own_account_only else []),
    ]
    return Component(
        "catcher",
        "the mail catcher",
        lambda: command,
        lambda: _listens(LOOPBACK, ports.smtp),
    )


def worker_component(settings: Settings, address: str) -> Component:
    return _our_process(
        "worker",
        "the worker",
        settings,
        address,
        lambda: temporal.worker_ready(address),
    )


def gateway_component(settings: Settings, address: str) -> Component:
    ready_url = httpx.URL(f"{settings.public_url}/readyz")

    async def ready() -> bool:
        if not await _listens(ready_url.host, ready_url.port or 80):
            return False  # a client, which reads all known authorities, costs 25 ms
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(ready_url, timeout=5)).status_code == 200
        except httpx.HTTPError:
            return False

    return _our_process("gateway", "the gateway", settings, address, ready)


def _our_process(
    name: str,
    title: str,
    settings: Settings,
    address: str,
    ready: Callable[[], Awaitable[bool]],
) -> Component:
    """A process of Binôme; `address` is Temporal's."""
    command = [sys.executable, "-m", "binome", name]
    variables = {
        **environment(settings),
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_NAMESPACE": "default",
    }
    return Component(name, title, lambda: command, ready, environment=variables)


async def _listens(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True
