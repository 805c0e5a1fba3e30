"""Where processes of one machine have what containers have at places of their own."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from binome.stack.ports import LOOPBACK
from binome.stack.postgres import binaries, subprocess_user
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.compose_file import SECRETS, ComposeService
from tests.support.cluster.ports import server_ports


@dataclass(frozen=True)
class Places:
    """The only differences between a service in its container and as a process here."""

    folder: Path
    """A run's own: `secrets/`, `logs/`, PostgreSQL's data, and backups."""
    server: ServerFolder
    postgres: int
    """Port."""
    temporal: int
    """Port of the frontend."""
    ports: Mapping[str, str] = field(default_factory=dict)
    """The server's other ports, by the settings of its image."""
    gateway: int = 8080
    """Port of the gateway that the file's health check asks."""

    @classmethod
    def drawn(
        cls,
        folder: Path,
        server: ServerFolder,
        postgres: int,
        temporal: int,
        gateway: int = 8080,
    ) -> "Places":
        ports = server_ports(temporal)
        return cls(folder, server, postgres, temporal, ports, gateway)

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def data(self) -> Path:
        """PostgreSQL's."""
        return self.folder / "postgres"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def temporal_address(self) -> str:
        return f"{LOOPBACK}:{self.temporal}"

    def command(self, service: ComposeService) -> list[str]:
        return [self._here(service, word) for word in service.command]

    def health_check(self, service: ComposeService) -> list[str]:
        return [self._here(service, word) for word in service.health_check]

    def environment(self, service: ComposeService) -> dict[str, str]:
        """The file's own, and what its image or container has besides."""
        own = {
            name: self._here(service, value)
            for name, value in service.environment.items()
        }
        return {**self.of_the_container(), **own}

    def of_the_container(self) -> dict[str, str]:
        """What every container has besides its service's settings."""
        programs = (self.server.programs, Path(sys.executable).parent, binaries())
        return {
            "PATH": ":".join([*map(str, programs), os.environ["PATH"]]),
            "HOME": str(self.folder),
            "SECRETS": str(self.secrets),
            "TEMPORAL_HOME": str(self.server.home),
            "PGHOST": LOOPBACK,
            "PGPORT": str(self.postgres),
            "PGDATA": str(self.data),
            "BACKUPS": str(self.backups),
            "OWNER": str(subprocess_user().get("user", os.geteuid())),
            **self.ports,
        }

    def _here(self, service: ComposeService, text: str) -> str:
        names = {"postgres": LOOPBACK, "5432": str(self.postgres), "0.0.0.0": LOOPBACK}  # noqa: S104 - what the file has
        addresses = {
            "postgres:5432": f"{LOOPBACK}:{self.postgres}",
            "temporal:7233": self.temporal_address,
            "127.0.0.1:8080": f"{LOOPBACK}:{self.gateway}",
            "localhost:7243": f"{LOOPBACK}:{self.ports.get('FRONTEND_HTTP_PORT')}",
        }
        folders = {**service.folders, SECRETS: str(self.secrets)}
        text = names.get(text, text)
        for there, here in addresses.items():
            text = text.replace(there, here)
        for there, here in folders.items():
            text = re.sub(rf"^{re.escape(there)}(?=/|$)", here, text)
        return text
