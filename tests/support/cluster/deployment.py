"""The whole of docker-compose.yml at work, but for the Web UI: two workers, and two gateways behind a proxy.

Temporal's four roles are processes of their own.
"""

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from binome.stack.console_access import console_token
from binome.stack.data_folder import DataFolder, lock_folder
from binome.stack.demo_token import demo_token
from binome.stack.ports import LOOPBACK, free_port
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.composed import Composed
from tests.support.cluster.places import Places
from tests.support.cluster.ports import low_ports
from tests.support.cluster.processes import KeptProcess
from tests.support.cluster.proxy import GatewayPorts, proxy
from tests.support.cluster.servers import run_folder

GATEWAYS = 2
"""The file has one, since its ports are published; a cluster has more."""


class Deployment:
    """Found by commands and players as a one-machine stack is."""

    def __init__(self, folder: Path, composed: Composed) -> None:
        self.folder, self.composed = folder, composed
        self.start_seconds = 0.0

    def addresses(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "stack.json").read_text())
        return found


@asynccontextmanager
async def deployed(server: ServerFolder) -> AsyncIterator[Deployment]:
    """All of it ready; ended with the block."""
    async with AsyncExitStack() as running:
        folder = running.enter_context(run_folder())
        data = running.enter_context(lock_folder(folder))
        begun = monotonic()
        gateways = [GatewayPorts(free_port(), free_port()) for _ in range(GATEWAYS)]
        public, smtp = free_port(), free_port()
        places = Places.drawn(
            folder, server, free_port(), low_ports(1)[0], gateways[0].participants
        )
        ours = _settings(public, smtp)
        composed = Composed(
            places,
            {"worker": ours, "next-worker": ours, "gateway": ours | _own(gateways[0])},
            roles_apart=True,
        )
        running.push_async_callback(composed.stop)
        composed.processes["catcher"] = _catcher(folder, smtp)
        await composed.bring_up("worker")
        await composed.bring_up("gateway")
        for number, ports in enumerate(gateways[1:], 2):
            composed.start_as(f"gateway-{number}", "gateway", _own(ports))
        await running.enter_async_context(proxy(public, gateways))
        await _write_stack_file(data, composed, public, smtp)
        deployment = Deployment(folder, composed)
        deployment.start_seconds = monotonic() - begun
        yield deployment


def _settings(public: int, smtp: int) -> dict[str, str]:
    """What deploy/example.env leaves to each organisation."""
    return {
        "BINOME_PUBLIC_URL": f"http://{LOOPBACK}:{public}",
        "BINOME_CONSOLE_URL": f"http://{LOOPBACK}:{public}",
        "BINOME_SMTP_HOST": LOOPBACK,
        "BINOME_SMTP_PORT": str(smtp),
        "BINOME_SMTP_STARTTLS": "false",
        "BINOME_CATCHER_HOST": LOOPBACK,
        "BINOME_CATCHER_PORT": str(smtp),
    }


def _own(ports: GatewayPorts) -> dict[str, str]:
    """Containers have the same ports inside, processes of one machine have not."""
    return {
        "BINOME_PORT": str(ports.participants),
        "BINOME_CONSOLE_PORT": str(ports.console),
    }


def _catcher(folder: Path, port: int) -> KeptProcess:
    command = [sys.executable, "-m", "binome.stack.catcher", str(port)]
    process = KeptProcess(
        lambda: [*command, str(folder / "mails")],
        os.environ,
        folder / "logs" / "catcher.log",
    )
    process.start()
    return process


async def _write_stack_file(
    data: DataFolder, composed: Composed, public: int, smtp: int
) -> None:
    """As `binome up` does, with the database's superuser: tests read all of it."""
    url = composed.cluster().url()
    data.save("secret", (composed.places.secrets / "binome_secret").read_text())
    stack = {
        "gateway": f"http://{LOOPBACK}:{public}",
        "ui": "http://localhost:8233",
        "temporal": composed.places.temporal_address,
        "namespace": "default",
        "smtp": f"{LOOPBACK}:{smtp}",
        "database_url": url,
        "token": await demo_token(data, url),
        "console_token": await console_token(data, url),
        "data": str(data.path),
        "mails": str(data.mails),
    }
    data.save("stack.json", json.dumps(stack))
