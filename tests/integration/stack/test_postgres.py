"""With the real PostgreSQL."""

import os
import signal
import socket
import tempfile
from pathlib import Path

import asyncpg
import pytest

from binome.errors import PostgresFailed
from binome.stack import postgres as launcher
from binome.stack.ports import free_port
from binome.stack.postgres import Cluster
from tests.support.postgres_server import serving


async def _number(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_the_server_answers(postgres: Cluster) -> None:
    assert await _number(postgres.url("postgres"), "select 1") == 1


async def test_two_tests_never_share_a_database(empty_database_url: str) -> None:
    assert (
        await _number(
            empty_database_url,
            "select count(*) from pg_tables where schemaname = 'public'",
        )
        == 0
    )


async def test_a_server_started_again_has_its_data(open_folder: Path) -> None:
    cluster = Cluster(open_folder / "again", free_port(), durable=False)
    with serving(cluster, open_folder / "again.log"):
        cluster.create_database("kept")
    with serving(cluster, open_folder / "again.log"):
        assert await _number(cluster.url("kept"), "select 1") == 1


async def test_a_database_that_exists_is_left_alone(postgres: Cluster) -> None:
    postgres.create_database("twice")
    postgres.create_database("twice")
    assert await _number(postgres.url("twice"), "select 1") == 1


@pytest.fixture
def closed_folder(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below one that only root may enter; what root shares lies beside it."""
    if os.geteuid():
        pytest.skip(
            "an ordinary user's PostgreSQL runs as that user, and reaches what they reach"
        )
    monkeypatch.setattr(launcher, "SHARED_FOLDER", open_folder / "shared")
    return Path(tempfile.mkdtemp(dir=open_folder))


async def test_root_s_server_has_its_data_where_its_account_can_reach_it(
    closed_folder: Path,
) -> None:
    cluster = Cluster(closed_folder / "data", free_port(), durable=False)
    with serving(cluster, closed_folder / "log"):
        assert await _number(cluster.url("postgres"), "select 1") == 1
    assert cluster.data.resolve().parent == launcher.SHARED_FOLDER


async def test_programs_that_the_account_cannot_reach_are_copied(
    closed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "_open_to_all", lambda _: False)
    cluster = Cluster(closed_folder / "data", free_port(), durable=False)
    with serving(cluster, closed_folder / "log"):
        assert await _number(cluster.url("postgres"), "select 1") == 1
    assert launcher.SHARED_FOLDER in launcher.binaries().parents


async def test_a_server_that_was_killed_is_started_again_with_its_data(
    open_folder: Path,
) -> None:
    cluster = Cluster(open_folder / "killed", free_port(), durable=False)
    with serving(cluster, open_folder / "killed.log"):
        cluster.create_database("kept")
        os.kill(
            int((cluster.data / "postmaster.pid").read_text().split()[0]),
            signal.SIGKILL,
        )
    with serving(cluster, open_folder / "killed.log"):
        assert await _number(cluster.url("kept"), "select 1") == 1


async def test_a_lock_file_of_another_process_s_number_is_no_obstacle(
    open_folder: Path,
) -> None:
    cluster = Cluster(open_folder / "stale", free_port(), durable=False)
    cluster.prepare()
    (cluster.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{cluster.data}\n0\n1\n\n127.0.0.1\n\nready\n"
    )
    with serving(cluster, open_folder / "stale.log"):
        assert await _number(cluster.url("postgres"), "select 1") == 1


def test_a_server_that_cannot_start_is_reported_with_its_last_lines(
    open_folder: Path,
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        cluster = Cluster(
            open_folder / "hindered", listener.getsockname()[1], durable=False
        )
        with (
            pytest.raises(PostgresFailed, match="did not start"),
            serving(cluster, open_folder / "hindered.log"),
        ):
            pytest.fail("it started")
