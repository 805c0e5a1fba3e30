"""docker-compose.yml, as Docker compose itself reads it, with the settings of deploy/example.env."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
COMPOSE = Path(sys.executable).parent / "docker-compose"
SECRETS = "/run/secrets"
"""Where a container finds its secrets."""


@dataclass(frozen=True)
class ComposeService:
    """One service, with the commands, settings and order that the file gives it."""

    name: str
    raw: Mapping[str, Any]

    @property
    def command(self) -> list[str]:
        """Entry point and command; empty words of the image's own are not in the file."""
        return [*(self.raw["entrypoint"] or ()), *(self.raw["command"] or ())]

    @property
    def environment(self) -> dict[str, str]:
        """What is set; a name without a value is taken over from an `.env` that has it."""
        values: dict[str, str | None] = self.raw.get("environment", {})
        return {name: value for name, value in values.items() if value is not None}

    @property
    def health_check(self) -> list[str]:
        """Its command without `CMD`."""
        words: list[str] = self.raw["healthcheck"]["test"]
        assert words[0] == "CMD", f"{self.name}: {words}"
        return words[1:]

    @property
    def replicas(self) -> int:
        return int(self.raw.get("deploy", {}).get("replicas", 1))

    @property
    def most_restarts(self) -> int:
        """How often one that fails is started again (`restart: on-failure:N`, or `no`)."""
        policy, _, times = self.raw["restart"].partition(":")
        assert policy in ("on-failure", "no"), f"{self.name}: {policy}"
        return int(times or 0)

    @property
    def folders(self) -> dict[str, str]:
        """Folders of this repository by where the container has them; and its secrets."""
        return {
            mount["target"]: mount["source"]
            for mount in self.raw.get("volumes", ())
            if mount["type"] == "bind"
        }

    @property
    def conditions(self) -> dict[str, str]:
        """What it waits for: a service, and in which state."""
        return {
            name: waited["condition"]
            for name, waited in self.raw.get("depends_on", {}).items()
        }


@dataclass(frozen=True)
class ComposeFile:
    """All services of the file."""

    raw: Mapping[str, Any]

    @classmethod
    def read(cls) -> "ComposeFile":
        own = {
            name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ
        }
        found = subprocess.run(
            [COMPOSE, "-f", "docker-compose.yml", "--env-file", "deploy/example.env",
             "--profile", "*", "config", "--format", "json"],
            cwd=ROOT, env=own, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return cls(json.loads(found.stdout))

    @cached_property
    def services(self) -> dict[str, ComposeService]:
        return {
            name: ComposeService(name, raw)
            for name, raw in self.raw["services"].items()
        }

    @property
    def temporal_version(self) -> str:
        """Version of the server's image, and so of the module that is built."""
        image: str = self.services["temporal"].raw["image"]
        return image.partition("@")[0].rpartition(":")[2]
