"""Somebody without rights, for what an ordinary user does where the tests are run by root."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from binome.stack.postgres import UNPRIVILEGED
from tests.support.stack import MYSELF, Account

PROJECT = Path(__file__).parents[3]
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
REACHED = (
    "import binome.commands.up; from binome.stack import postgres; "
    "print((postgres.binaries() / 'postgres').stat())"
)


@pytest.fixture(scope="session")
def ordinary(open_folder: Path) -> Account:
    """An account without rights: root's `nobody`, with a home and a Python of its own; else whoever runs the tests."""
    if os.geteuid():
        return MYSELF
    entry, home = pwd.getpwnam(UNPRIVILEGED), open_folder / "home"
    home.mkdir()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BINOME_", "TEMPORAL_"))
    }
    who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": home}
    account = Account(
        _python(open_folder / "venv"),
        {**who, "env": {**environment, "HOME": str(home)}},
    )
    account.give(home)
    reached = subprocess.run(
        [account.python, "-c", REACHED],
        capture_output=True,
        text=True,
        **account.process,
    )
    if reached.returncode:
        pytest.skip(
            f"{UNPRIVILEGED} cannot reach the project or its packages: {reached.stderr.strip()[-200:]}"
        )
    return account


def _python(folder: Path) -> str:
    """A Python of this release with our packages: ours is out of reach where its home is closed."""
    found = next(
        (
            path
            for path in (
                shutil.which(PYTHON, path="/usr/local/bin:/usr/bin"),
                sys.executable,
            )
            if path
        ),
        "",
    )
    made = subprocess.run(
        [found, "-m", "venv", "--without-pip", folder], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"no Python that everybody can run: {made.stderr.strip()[-200:]}")
    packages = folder / "lib" / PYTHON / "site-packages" / "binome.pth"
    packages.write_text(f"{sysconfig.get_path('purelib')}\n{PROJECT}\n")
    (folder / "bin/temporal").symlink_to(Path(sys.executable).parent / "temporal")
    return str(folder / "bin/python")
