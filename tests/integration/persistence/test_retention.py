"""What has been kept long enough goes, and nothing else does."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.retention.activities import RetentionActivities
from schemas.records.retention import RetentionPolicy, RetentionReport
from tests.integration.persistence.people.filled import filled
from tests.support.world import World

LONG = timedelta(days=365)


async def retained(world: World, **days: int) -> RetentionReport:
    """One run; whatever is not named is kept long."""
    spans = {name: timedelta(days=count) for name, count in days.items()}
    policy = RetentionPolicy(
        **{
            **dict.fromkeys(
                ("archive_after", "keep_archive", "keep_words", "keep_leavers"), LONG
            ),
            **spans,
        }
    )
    activities = RetentionActivities(world.store, policy, lambda _: "digest")
    report: RetentionReport = await ActivityEnvironment().run(activities.retain)
    return report


@pytest.fixture
async def aged(world: World, database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """ANNA wrote and left a hundred days ago; her pair closed then."""
    await filled(world, database_url)
    connection = await asyncpg.connect(database_url)
    back = "now() - interval '100 days'"
    await connection.execute(f"update pulses set received_at = {back}")
    await connection.execute(
        f"update pairs set closed_at = {back} where closed_at > '2000-01-01'"
    )
    await connection.execute(
        f"update people set left_at = {back} where external_id = 'ANNA'"
    )
    yield connection
    await connection.close()


async def value(connection: asyncpg.Connection, query: str) -> Any:
    return await connection.fetchval(query)


async def test_nothing_goes_before_its_time(
    world: World, aged: asyncpg.Connection
) -> None:
    assert await retained(world) == RetentionReport(months_dropped=3)
    assert await value(aged, "select name from people where external_id = 'ANNA'")


async def test_words_and_released_marks_are_emptied(
    world: World, aged: asyncpg.Connection
) -> None:
    report = await retained(world, keep_words=90)
    left = await aged.fetch("select score, idea, comment from pulses order by session")
    assert report.pulses_emptied == 2
    assert [tuple(row) for row in left[:1]] == [(None, None, None)]
    assert left[1]["score"] is not None, "it is in no release yet"


async def test_who_left_long_ago_is_erased(
    world: World, aged: asyncpg.Connection
) -> None:
    assert (await retained(world, keep_leavers=90)).people_erased == 1
    assert not await value(
        aged, "select count(*) from people where external_id = 'ANNA'"
    )
    by = await value(aged, "select requested_by from erasures")
    assert by == "retention"
    assert (await retained(world, keep_leavers=90)).people_erased == 0


async def test_a_pair_that_closed_long_ago_is_archived_and_its_keys_stay(
    world: World, aged: asyncpg.Connection
) -> None:
    await aged.execute("update outbox set state = 'sent', finished_at = now()")
    assert (await retained(world, archive_after=90)).pairs_archived == 1
    assert await value(aged, "select count(*) from archived_ledger") > 0
    assert await retained(world, archive_after=90) == RetentionReport()


async def test_an_erasure_that_was_cut_short_is_finished(
    world: World, aged: asyncpg.Connection
) -> None:
    await world.store.erasures.begin(world.ids["ANNA"], "digest", "dpo")
    assert (await retained(world)).people_erased == 1


async def test_one_whose_pair_lives_waits(world: World) -> None:
    await world.ready()
    await world.store.erasures.begin(world.ids["ANNA"], "digest", "dpo")
    report = await retained(world)
    assert (report.people_erased, report.people_waiting) == (0, 1)


async def test_who_read_what_is_forgotten_with_the_archive(
    world: World, aged: asyncpg.Connection
) -> None:
    await aged.execute(
        "insert into access_log (actor, what, about, at) values ('a', 'read', 'p', now() - interval '100 days')"
    )
    assert (await retained(world, keep_archive=90)).readings_forgotten == 1
    assert await value(aged, "select count(*) from access_log where actor <> 'a'") == 1
