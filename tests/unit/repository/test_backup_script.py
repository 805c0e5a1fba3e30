"""deploy/backup/: the newest copies are kept, and one that is not whole is none."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WHOLE = 'mkdir "$3" && touch "$3/base.tar.gz"'
CUT_SHORT = 'mkdir "$3" && exit 1'


class Backups:
    """A folder of backups, and a `pg_basebackup` that does what a test says."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._home = folder / "backups", folder
        (folder / "backup_password").write_text("x")
        for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
            (self.folder / day).mkdir(parents=True)

    def run(self, words: str, copying: str = WHOLE) -> int:
        program = self._home / "pg_basebackup"
        program.write_text(f"#!/bin/sh\n{copying}\n")
        program.chmod(0o755)
        environment = {
            "PATH": f"{self._home}:{os.environ['PATH']}", "BACKUPS": str(self.folder),
            "PGHOST": "x", "PGUSER": "backup", "SECRETS": str(self._home),
            "BACKUP_DAYS": "2", "PGDATA": str(self._home / "data"),
        }  # fmt: skip
        command = ["sh", *f"{ROOT}/deploy/backup/{words}".split()]
        return subprocess.run(command, env=environment, check=False).returncode

    def days(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


def today() -> str:
    """Returns the date in UTC. Asked after a run: midnight may come before it."""
    return datetime.now(UTC).strftime("%Y-%m-%d")


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path)


def test_the_newest_are_kept(backups: Backups) -> None:
    assert backups.run("backup.sh now") == 0
    assert backups.days() == ["2026-01-03", today()]


def test_one_that_is_cut_short_is_none_and_removes_none(backups: Backups) -> None:
    before = backups.days()
    assert backups.run("backup.sh now", CUT_SHORT) == 1
    assert backups.days() == [*before, "unfinished"]
    assert backups.run("backup.sh now") == 0
    assert backups.days() == ["2026-01-03", today()]


def test_it_is_healthy_while_there_is_one_of_a_day_ago(backups: Backups) -> None:
    for path in backups.folder.iterdir():
        os.utime(path, (0, 0))
    assert backups.run("backup.sh check") == 1
    backups.run("backup.sh now")
    assert backups.run("backup.sh check") == 0


def test_nothing_is_restored_over_data(backups: Backups, tmp_path: Path) -> None:
    backups.run("backup.sh now")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/PG_VERSION").touch()
    assert backups.run(f"restore.sh {today()}") == 2
    assert backups.run("restore.sh 2020-01-01") == 2
