"""docker-compose.yml with two workers, two gateways and Temporal's roles apart, each killed again and again.

Nothing is lost or twice.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import cycle

import pytest
from temporalio.client import Client

from binome.builds import WHOLE, Build, known_builds
from schemas.ids import TASK_QUEUE
from tests.chaos.test_faults import (
    PATIENT,
    SLOW,
    all_sent,
    found,
    test_every_invite_is_held_withdrawn_or_replaced,
    test_every_notice_that_was_sent_is_in_one_mail,
    test_every_transition_is_on_record_once,
    test_failures_hold_nothing_personal,
    test_no_agreement_is_lost,
    test_no_event_is_left_undelivered,
    test_no_notice_is_queued_twice,
    test_no_pulse_is_lost,
    test_no_session_that_was_called_held_is_lost,
    test_the_programme_went_on_to_its_end,
    test_what_happens_once_is_sent_once,
)
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.composed import Composed
from tests.support.cluster.deployment import Deployment, deployed
from tests.support.rehearsal.own_sql import AWAY, Database, database
from tests.support.rehearsal.post import Mail, mails
from tests.support.rehearsal.programme import LOOK, Played, play
from tests.unit.repository.test_compose_file import of_parts

__all__ = [
    "found",
    "test_every_invite_is_held_withdrawn_or_replaced",
    "test_every_notice_that_was_sent_is_in_one_mail",
    "test_every_transition_is_on_record_once",
    "test_failures_hold_nothing_personal",
    "test_no_agreement_is_lost",
    "test_no_event_is_left_undelivered",
    "test_no_notice_is_queued_twice",
    "test_no_pulse_is_lost",
    "test_no_session_that_was_called_held_is_lost",
    "test_the_programme_went_on_to_its_end",
    "test_what_happens_once_is_sent_once",
]
"""What holds after any faults is said once, in tests/chaos/."""
PARTS = (
    "worker-1", "temporal-history-1", "gateway-1", "temporal-matching-1", "worker-2",
    "temporal-frontend-1", "gateway-2", "postgres", "temporal-worker-1",
)  # fmt: skip
NEXT = {"BINOME_DEPLOYMENT_NAME": "binome", "BINOME_BUILD_ID": "0.2.0"}
"""What .env has while an upgrade goes worker by worker."""
LINES_BETWEEN = 10
"""What the ledger gains between two kills: the programme has gone on by itself."""


class Storm:
    """Kills one part after the other, as long as the programme goes on."""

    def __init__(self, deployment: Deployment) -> None:
        self._processes = deployment.composed.processes
        self.kills: Counter[str] = Counter()

    async def happen(self, played: Played) -> None:
        url = str(played.stack["database_url"])
        for part in cycle(PARTS):
            await _gone_on(url)
            self._processes[part].kill()
            self.kills[part] += 1


async def _gone_on(url: str) -> None:
    """Wait until the ledger has gained lines, whatever is away meanwhile.

    Near the programme's end it gains too few: `play` ends this wait, and knows how long
    a programme may take.
    """
    before = await _lines(url)
    while await _lines(url) < before + LINES_BETWEEN:
        await asyncio.sleep(LOOK)


async def _lines(url: str) -> int:
    """Lines of the ledger; as many as ever while PostgreSQL is away."""
    try:
        async with database(url) as found:
            return int(await found.value("select count(*) from ledger"))
    except AWAY:
        return 0


@dataclass(frozen=True)
class CameThrough:
    """A programme that came through."""

    played: Played
    storm: Storm
    post: list[Mail]
    composed: Composed


@pytest.fixture(scope="module")
async def survived(server: ServerFolder) -> AsyncIterator[CameThrough]:
    async with deployed(server) as deployment:
        storm = Storm(deployment)
        played = await play(deployment, storm.happen, absent=SLOW, **PATIENT)
        await all_sent(str(played.stack["database_url"]))
        yield CameThrough(
            played, storm, mails(deployment.folder / "mails"), deployment.composed
        )


async def test_each_part_was_killed(survived: CameThrough) -> None:
    assert set(survived.storm.kills) == set(PARTS)


async def test_a_mail_that_went_out_twice_is_one_mail(survived: CameThrough) -> None:
    times = Counter(mail.message_id for mail in survived.post)
    repeated = [mail for mail in survived.post if times[mail.message_id] > 1]
    different = {(m.message_id, m.to, m.subject, m.invites) for m in repeated}
    assert len(different) == len({mail.message_id for mail in repeated})


async def test_two_of_each_open_no_more_connections_than_are_planned_for(
    found: Database,
) -> None:
    ours = await found.value(
        "select count(*) from pg_stat_activity where usename like 'binome%'"
    )
    assert 4 <= ours <= of_parts(workers=2, gateways=2)


async def test_workers_of_another_build_take_over(survived: CameThrough) -> None:
    """As docs/upgrading.md says for Docker compose; last, since the old ones have nothing to do then."""
    composed = survived.composed
    composed.start_as("next-worker-1", "next-worker", NEXT)
    use = ["binome", "builds", "use", NEXT["BINOME_BUILD_ID"]]
    assert await composed.execute("next-worker", use, NEXT) == 0
    client = await Client.connect(composed.places.temporal_address)
    builds = await known_builds(client, NEXT["BINOME_DEPLOYMENT_NAME"])
    assert builds == [Build(NEXT["BINOME_BUILD_ID"], WHOLE, None)]
    reconciled = await client.execute_workflow(
        "ReconcilerWorkflow", id="reconcile-once", task_queue=TASK_QUEUE
    )
    assert reconciled["failed"] == 0
