"""A PostgreSQL of a benchmark's own, gone with it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from binome.stack.ports import free_port
from binome.stack.postgres import Cluster
from tests.support.postgres_server import serving


@contextmanager
def bench_postgres(*, durable: bool = True) -> Iterator[tuple[Path, Cluster]]:
    """Serve a new one, and give its folder, for other files too; `durable=False`: without
    fsync.
    """
    with tempfile.TemporaryDirectory(prefix="binome-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # root's PostgreSQL account has to reach it
        cluster = Cluster(folder / "data", free_port(), durable=durable)
        with serving(cluster, folder / "postgres.log"):
            yield folder, cluster


@contextmanager
def bench_database(*, durable: bool = True) -> Iterator[str]:
    """Give the address of an empty database on such a server."""
    with bench_postgres(durable=durable) as (_, cluster):
        cluster.create_database("bench")
        yield cluster.url("bench")
