"""The data folder of the one-machine stack: who holds it, and what lies where."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from binome.errors import CommandRefused


@dataclass(frozen=True)
class DataFolder:
    """The data folder of a stack: the paths in it, and its small files."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def temporal(self) -> Path:
        return self.path / "temporal.db"

    @property
    def mails(self) -> Path:
        return self.path / "mails"

    def link_signing_key(self) -> str:
        """Returns the key that signs links. It is made once, so that links stay valid after a restart."""
        key = self.read("secret")
        if key is None:
            key = secrets.token_urlsafe(32)
            self.save("secret", key)
        return key

    def payload_keys(self, *, encrypt: bool = False) -> str:
        """The keys of histories, made once it is asked to encrypt; empty until then."""
        keys = self.read("payload_keys")
        if keys is None and encrypt:
            keys = secrets.token_urlsafe(32)
            self.save("payload_keys", keys)
        return keys or ""

    def read(self, name: str) -> str | None:
        try:
            return (self.path / name).read_text().strip() or None
        except FileNotFoundError:
            return None

    def save(self, name: str, value: str) -> None:
        """Write a file that only this account can read, all of it or none."""
        fresh = self.path / f"{name}.new"
        fresh.unlink(missing_ok=True)
        with open(
            fresh, "w", opener=lambda path, flags: os.open(path, flags, 0o600)
        ) as out:
            out.write(value)
        fresh.replace(self.path / name)


@contextmanager
def lock_folder(path: Path) -> Iterator[DataFolder]:
    """Lock a data folder, made if need be, against a second stack, until the block or the process ends.

    Raises:
        CommandRefused: another stack holds it, or it cannot be written to.
    """
    try:
        # Root's PostgreSQL runs under another account that must be able to pass through; what is inside is closed.
        path.mkdir(mode=0o700 if os.geteuid() else 0o755, parents=True, exist_ok=True)
        for inner in (path / "mails", path / "logs"):
            inner.mkdir(mode=0o700, exist_ok=True)
        lock = (path / "lock").open("a")
    except OSError as error:
        raise CommandRefused(
            f"the data folder {path} cannot be written to ({error.strerror}); choose another with --data"
        ) from None
    with lock:
        # A command that only looks whether a stack runs holds the lock for an instant, hence several tries.
        for _ in range(5):
            if _try_lock(lock):
                break
            time.sleep(0.1)
        else:
            raise CommandRefused(
                f"the data folder {path} is in use by another stack; stop that one, or choose another with --data"
            )
        yield DataFolder(path.resolve())


def running_stack(path: Path) -> dict[str, Any] | None:
    """Returns the contents of `stack.json` if a stack holds the folder now, else None.

    Raises:
        CommandRefused: its files are closed to this account.
    """
    try:
        with (path / "lock").open() as lock:
            if _try_lock(lock):
                return None
        found: dict[str, Any] = json.loads((path / "stack.json").read_text())
    except PermissionError:
        raise CommandRefused(
            f"the data folder {path} is closed to this account; run the command as whoever ran `binome up`"
        ) from None
    except (OSError, ValueError):
        return None
    return found


def _try_lock(lock: TextIO) -> bool:
    """Take the lock without waiting; it goes when the file is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
