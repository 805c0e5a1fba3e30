"""The worker as a process: what it waits for at its start, and how it stops."""

import asyncio
from typing import Any, cast

import pytest
from temporalio.worker import Worker

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.store import Store
from workers import waiting
from workers.build import at_work, running_workers
from workers.settings import SettingsInvalid, load_settings

GOOD = {"database_url": "postgresql://u:p@db/binome", "secret": "s" * 32}


class StoppingWorker:
    """Stops once as many as there are were asked to, as one does whose grace is long."""

    def __init__(self, all_asked: asyncio.Barrier) -> None:
        self.all_asked = all_asked
        self.stopped = False

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *_: object) -> None:
        assert self.stopped

    async def shutdown(self) -> None:
        async with asyncio.timeout(10):
            await self.all_asked.wait()
        self.stopped = True


async def test_workers_stop_together_so_that_one_grace_is_all_it_takes() -> None:
    all_asked = asyncio.Barrier(3)
    workers = [StoppingWorker(all_asked) for _ in range(3)]
    async with at_work(cast(list[Worker], workers)):
        pass
    assert all(worker.stopped for worker in workers)


async def test_a_worker_waits_for_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    async def no_answer(*_: object, **__: object) -> Store:
        tries.append(1)
        raise DatabaseUnavailable("PostgreSQL does not answer (OSError)")

    monkeypatch.setattr(Store, "open", no_answer)
    monkeypatch.setattr(waiting, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(waiting, "MOST_TRIES", 3)
    with pytest.raises(DatabaseUnavailable):
        async with running_workers(load_settings(**GOOD), cast(Any, None)):
            pass
    assert len(tries) == 3


@pytest.mark.parametrize(
    "limit", [{"workflow_tasks": 1}, {"light_activities": 0}, {"matching_runs": 100}]
)
def test_a_limit_with_which_nothing_would_go_on_is_refused(
    limit: dict[str, Any],
) -> None:
    with pytest.raises(SettingsInvalid, match=next(iter(limit)).upper()):
        load_settings(**GOOD, **limit)
