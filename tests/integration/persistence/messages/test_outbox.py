"""Notices are leased by one at a time, delivered or said not to be, and woken for at once."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from activities.persistence.messages.outbox import FIELDS_OF_A_FINISHED
from activities.persistence.store import Store
from domain.notices.supersession import is_superseded
from schemas.effects import Record
from schemas.notices import Invite, Notice, Recipient, Template
from schemas.stages import Stage
from tests.support.rehearsal.own_sql import database
from tests.support.waiting import LONGEST_WAIT_SECONDS
from tests.support.world import AT, World, notice, record

YEAR = timedelta(days=365)


async def queue(world: World, *to: Recipient) -> None:
    notices = tuple(notice(recipient) for recipient in to)
    await world.record(
        record(1, stage=Stage.SESSIONS, mentee=world.ids["BOSS"], notices=notices)
    )


async def test_a_row_has_all_that_a_mail_needs(world: World) -> None:
    await queue(world, Recipient.DELEGATE)
    (row,) = await world.store.outbox.lease_due("mail", 10, 60)
    assert (row.scope, row.created) == (
        world.pair().workflow_id,
        AT + timedelta(hours=1),
    )
    assert (row.person.external_id, row.notice.template) == (
        "ASSISTANT",
        Template.READY,
    )
    assert row.mentor is not None and row.mentor.name == "Name of ANNA"
    assert row.mentee is not None and row.mentee.email == "boss@example.org"
    assert row.calendar == world.plan.cohorts[0].calendar


async def test_a_call_that_no_transition_asked_for_is_leased_too(world: World) -> None:
    await world.record(record(1))
    await world.store.outbox.queue_call_notices(
        world.pair().workflow_id, "a-random-key"
    )
    due = await world.store.outbox.lease_due("mail", 10, 60)
    assert {row.notice.template for row in due} >= {Template.CALL_MENTOR}


async def test_a_leased_row_is_nobody_elses(world: World) -> None:
    await queue(world, Recipient.MENTOR, Recipient.MENTEE)
    first, second = await asyncio.gather(
        world.store.outbox.lease_due("mail", 1, 60),
        world.store.outbox.lease_due("mail", 1, 60),
    )
    assert len({row.id for row in (*first, *second)}) == 2
    assert await world.store.outbox.lease_due("mail", 10, 60) == []


async def test_another_channel_is_left_alone(world: World) -> None:
    await queue(world, Recipient.MENTOR)
    assert await world.store.outbox.lease_due("sms", 10, 60) == []


async def test_a_lease_that_ran_out_comes_again(
    world: World, database_url: str
) -> None:
    await queue(world, Recipient.MENTOR)
    await world.store.outbox.lease_due("mail", 10, 60)
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "update outbox set leased_until = now() - interval '1 second'"
    )
    await connection.close()
    assert len(await world.store.outbox.lease_due("mail", 10, 60)) == 1


@pytest.mark.parametrize("end", ["sent", "dropped", "failed", "unconfirmed"])
async def test_a_row_that_is_done_is_counted_and_never_comes_again(
    world: World, end: str
) -> None:
    await queue(world, Recipient.MENTOR)
    ids = [row.id for row in await world.store.outbox.lease_due("mail", 10, 60)]
    match end:
        case "dropped":
            await world.store.outbox.mark_dropped(ids, "too_late")
        case "failed":
            await world.store.outbox.mark_failed(ids, "too_late")
        case "unconfirmed":
            await world.store.outbox.mark_unconfirmed(ids, "unconfirmed")
        case _:
            await world.store.outbox.mark_sent(ids)
    await world.store.outbox.postpone({ids[0]: datetime.now(UTC)}, count_attempt=True)
    assert await world.store.outbox.lease_due("mail", 10, 60) == []
    assert await world.store.outbox.counts("pilot") == {end: 1}


async def test_of_a_finished_notice_is_kept_what_it_was_about(
    world: World, database_url: str
) -> None:
    await queue(world, Recipient.MENTOR)
    (row,) = await world.store.outbox.lease_due("mail", 10, 60)
    await world.store.outbox.mark_sent([row.id])
    async with database(database_url) as connection:
        (found,) = await connection.rows("select body, mentor, mentee from outbox")
    assert json.loads(found["body"]).keys() <= FIELDS_OF_A_FINISHED
    assert (found["mentor"], found["mentee"]) == (None, None)


async def test_a_postponed_row_waits_until_its_time(world: World) -> None:
    await queue(world, Recipient.MENTOR, Recipient.MENTEE)
    mentor, mentee = sorted(
        await world.store.outbox.lease_due("mail", 10, 60),
        key=lambda row: row.person.external_id,
    )
    now = datetime.now(UTC)
    await world.store.outbox.postpone(
        {mentor.id: now + timedelta(hours=1), mentee.id: now - timedelta(hours=1)},
        count_attempt=True,
    )
    (again,) = await world.store.outbox.lease_due("mail", 10, 60)
    assert (again.id, again.attempts) == (mentee.id, 1)


async def test_the_first_message_id_is_kept(world: World) -> None:
    await queue(world, Recipient.MENTOR)
    (row,) = await world.store.outbox.lease_due("mail", 10, 60)
    await world.store.outbox.begin_sending({row.id: "<first@example.org>"})
    await world.store.outbox.begin_sending({row.id: "<second@example.org>"})
    await world.store.outbox.postpone(
        {row.id: datetime.now(UTC) - timedelta(hours=1)}, count_attempt=True
    )
    assert [
        again.message_id for again in await world.store.outbox.lease_due("mail", 10, 60)
    ] == ["<first@example.org>"]


async def test_queueing_wakes_who_waits(world: World) -> None:
    await world.store.outbox.wait_for_due(
        "mail", 5
    )  # the first wait returns at once: something may be there already
    waiting = asyncio.create_task(
        world.store.outbox.wait_for_due("mail", 2 * LONGEST_WAIT_SECONDS)
    )
    await queue(world, Recipient.MENTOR)
    await asyncio.wait_for(waiting, LONGEST_WAIT_SECONDS)


async def test_waiting_ends_by_itself(store: Store) -> None:
    for _ in range(2):
        await asyncio.wait_for(
            store.outbox.wait_for_due("mail", 0.01), LONGEST_WAIT_SECONDS
        )


async def test_an_empty_outbox_is_waited_for_and_never_polled_without_a_pause(
    store: Store,
) -> None:
    await store.outbox.wait_for_due(
        "mail", 5
    )  # the first wait returns at once: something may be there already
    waiting = asyncio.create_task(
        store.outbox.wait_for_due("mail", 2 * LONGEST_WAIT_SECONDS)
    )
    done, _ = await asyncio.wait({waiting}, timeout=1)
    waiting.cancel()
    assert not done


def ahead(world: World, sequence: int = 0) -> Record:
    """A session is agreed, and its reminder queued for the moment before it."""
    invite = Invite(uid="u", sequence=sequence, start=AT, minutes=60)
    reminder = Notice(
        template=Template.SESSION_REMINDER,
        to=Recipient.MENTOR,
        session=1,
        invite=invite,
        not_before=AT - YEAR,
    )
    row = {"stage": Stage.SESSIONS, "mentee": world.ids["BOSS"]}
    return record(1, notices=(reminder,), sessions=[(1, 1, "agreed")], **row)


async def test_a_notice_queued_ahead_waits_for_its_programme_time(world: World) -> None:
    later = notice(Recipient.MENTOR).model_copy(update={"not_before": AT + 100 * YEAR})
    await world.record(record(1, notices=(later,)))
    assert await world.store.outbox.lease_due("mail", 10, 60) == []


async def test_who_waits_wakes_for_a_notice_queued_ahead(store: Store) -> None:
    world = await World.make(store, rehearsal={"pace": 1_000_000})
    now = world.plan.clock.programme(datetime.now(UTC))
    later = notice(Recipient.MENTOR).model_copy(
        update={"not_before": now + timedelta(days=10)}
    )
    await world.record(record(1, notices=(later,)))
    while not await world.store.outbox.lease_due("mail", 10, 60):
        await asyncio.wait_for(
            world.store.outbox.wait_for_due("mail", 2 * LONGEST_WAIT_SECONDS),
            LONGEST_WAIT_SECONDS,
        )


async def test_a_reminder_of_an_unchanged_session_is_of_use(world: World) -> None:
    await world.record(ahead(world))
    assert [
        is_superseded(row) for row in await world.store.outbox.lease_due("mail", 10, 60)
    ] == [False]


@pytest.mark.parametrize("status", ["withdrawn", "held", "finding", "proposed"])
async def test_a_reminder_of_a_session_that_changed_is_superseded(
    world: World, status: str
) -> None:
    changed = record(
        2, stage=Stage.SESSIONS, mentee=world.ids["BOSS"], sessions=[(1, 1, status)]
    )
    await world.record(ahead(world), changed)
    assert [
        is_superseded(row) for row in await world.store.outbox.lease_due("mail", 10, 60)
    ] == [True]


async def test_a_reminder_of_an_earlier_invite_is_superseded(world: World) -> None:
    await world.record(ahead(world, sequence=7))
    assert [
        is_superseded(row) for row in await world.store.outbox.lease_due("mail", 10, 60)
    ] == [True]


async def pause_before_a_reminder(world: World) -> None:
    """Its pair has two sessions agreed, and is paused before the first."""
    boss = world.ids["BOSS"]
    paused = record(2, stage=Stage.SESSIONS, mentee=boss, paused=True)
    await world.record(ahead(world), paused)
    assert await world.lease_ready() == []


async def test_a_reminder_waits_out_a_pause(world: World) -> None:
    await pause_before_a_reminder(world)
    await world.record(record(3, stage=Stage.SESSIONS, mentee=world.ids["BOSS"]))
    assert len(await world.lease_ready()) == 1


async def test_what_awaits_a_resume_is_not_leased_again_while_nothing_changes(
    world: World,
) -> None:
    await pause_before_a_reminder(world)
    await world.record(record(1, stage=Stage.SESSIONS), mentor="BRUNO")
    assert await world.store.outbox.lease_due("mail", 10, 60) == []
    assert await world.store.outbox.counts() == {"queued": 1}


async def test_what_awaits_a_resume_is_looked_at_again_in_a_while(world: World) -> None:
    await world.record(ahead(world))
    (row,) = await world.store.outbox.lease_due("mail", 10, 60)
    await world.store.outbox.mark_awaiting_resume([row.id])
    assert await world.store.outbox.lease_due("mail", 10, 60) == []
    await world.store.outbox.release_resumed()
    (again,) = await world.store.outbox.lease_due("mail", 10, 60)
    assert again.id == row.id
