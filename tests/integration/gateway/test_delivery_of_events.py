"""Events from HTTP through PostgreSQL to workflows, and what becomes of them when a part is not there."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import Client

from activities.persistence.store import Store
from gateway.dispatcher import Dispatcher
from gateway.temporal import WorkflowClient
from schemas.records.outbox import OutboxRow
from schemas.stages import Outcome, Stage
from tests.integration.gateway.conftest import Listen, Listening, Site
from tests.integration.gateway.states import held, save
from tests.support.world import record


async def deliver(site: Site, **later: int) -> None:
    await site.gateway.dispatcher.once(datetime.now(UTC) + timedelta(**later))


async def due(store: Store) -> list[OutboxRow]:
    return await store.outbox.lease_due("mail", 100, 60)


async def test_a_completion_reaches_the_pair_of_the_mentor(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    sent = await site.send("module_completed", "ANNA", module="listening")
    await deliver(site)
    assert await pair.query(Listening.received) == [
        ("module_completed", {"module": "listening"})
    ]
    assert (await site.fate(sent))["state"] == "delivered"


async def test_a_module_is_signalled_to_both_seats_of_a_mentor(
    site: Site, listen: Listen
) -> None:
    pairs = [
        await listen(site.world.pair("BRUNO", seat).workflow_id) for seat in (1, 2)
    ]
    await site.send("module_completed", "BRUNO", module="listening")
    await deliver(site)
    assert [len(await pair.query(Listening.received)) for pair in pairs] == [1, 1]


async def test_an_event_for_a_pair_that_is_not_started_waits_for_it(
    site: Site, listen: Listen
) -> None:
    sent = await site.send("module_completed", "ANNA", module="listening")
    await deliver(site)
    assert (await site.fate(sent))["reason"] == "pair_not_started"
    await listen(site.world.pair().workflow_id)
    await deliver(site, minutes=1)
    assert (await site.fate(sent))["state"] == "delivered"


async def test_a_completion_before_the_start_is_kept_for_it(site: Site) -> None:
    sent = await site.send("module_completed", "COACH", module="listening")
    await deliver(site)
    assert (await site.fate(sent))["state"] == "waiting"


async def test_what_arrives_after_the_end_is_given_up_and_can_be_sent_again(
    site: Site, listen: Listen
) -> None:
    await site.world.matched()
    sent = await site.send("held", "ANNA", session=1)
    await site.world.record(record(2, stage=Stage.CLOSED, outcome=Outcome.COMPLETED))
    await deliver(site)
    assert (await site.fate(sent))["reason"] == "pair_closed"
    key = sent.json()["link"].rsplit("/", 1)[1]
    await site.browser.post("/refused/resend", data={"key": key})
    assert (await site.fate(sent))["state"] == "stored"


async def test_a_mentee_on_leave_pauses_every_pair_of_theirs(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await site.world.matched()
    sent = await site.send("person_paused", "BOSS")
    await deliver(site)
    assert await pair.query(Listening.received) == [("directives_changed", {})]
    assert (await site.fate(sent))["state"] == "delivered"
    assert [d.scope for d in await site.world.store.pauses.in_force()] == [
        f"person:{site.world.ids['BOSS']}"
    ]


async def test_the_mentee_who_leaves_is_named_to_the_pair(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await site.world.matched()
    await site.send("person_left", "BOSS")
    await deliver(site)
    expected = {"side": "mentee", "mentee": site.world.ids["BOSS"]}
    assert await pair.query(Listening.received) == [("person_left", expected)]


async def test_an_unknown_module_is_refused_with_those_that_are_known(
    site: Site,
) -> None:
    answer = await site.send("module_completed", "ANNA", module="juggling")
    assert (answer.status_code, "known: listening" in answer.text) == (422, True)


async def test_a_pulse_stays_in_postgresql_but_for_the_fact(
    site: Site, listen: Listen
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    await save(site, held(site))
    await site.send("pulse_received", "BOSS", session=1, score=1, comment="a secret")
    await deliver(site, hours=1)
    signals_received = await pair.query(Listening.received)
    assert [name for name, _ in signals_received] == ["concern_raised"]
    assert "secret" not in str(signals_received) and "score" not in str(
        signals_received
    )


async def test_a_concern_that_comes_after_the_end_has_the_mentor_called_all_the_same(
    site: Site, store: Store
) -> None:
    state = held(site)
    await save(site, state)
    await site.send("pulse_received", "BOSS", session=1, score=1)
    await site.world.record(
        record(
            state.revision + 1,
            stage=Stage.CLOSED,
            outcome=Outcome.COMPLETED,
            mentee=site.world.ids["BOSS"],
        )
    )
    for _ in range(2):  # a crash between the two steps repeats the first
        await deliver(site, hours=1)
    asked = [
        (row.notice.template, row.person.external_id, row.mentor and row.mentor.name)
        for row in await due(store)
        if row.notice.template in ("call_mentor", "concern_waiting")
    ]
    assert sorted(asked) == [
        ("call_mentor", "COACH", "Name of ANNA"),
        ("concern_waiting", "OPS", "Name of ANNA"),
    ]


async def test_while_temporal_is_unreachable_events_stay_and_go_on_later(
    site: Site, listen: Listen, store: Store
) -> None:
    pair = await listen(site.world.pair().workflow_id)
    sent = await site.send("module_completed", "ANNA", module="listening")
    unreachable = Dispatcher(
        store, WorkflowClient(await Client.connect("127.0.0.1:1", lazy=True))
    )
    await unreachable.once(datetime.now(UTC))
    assert (await site.fate(sent))["reason"] == "temporal_unavailable"
    await deliver(site, minutes=1)
    assert len(await pair.query(Listening.received)) == 1


@pytest.mark.parametrize(
    ("since", "least"), [(timedelta(minutes=1), 60), (timedelta(minutes=-1), 0)]
)
async def test_a_delivery_is_measured_from_receipt_to_end_and_never_below_nothing(
    site: Site, listen: Listen, store: Store, since: timedelta, least: float
) -> None:
    """An event may have come after its turn began."""
    await listen(site.world.pair().workflow_id)
    await site.send("module_completed", "ANNA", module="listening")
    seconds: list[float] = []
    dispatcher = Dispatcher(store, WorkflowClient(site.client), seconds.append)
    await dispatcher.once(datetime.now(UTC) + since)
    assert [least <= each <= least + 60 for each in seconds] == [True]


async def test_the_gateway_delivers_by_itself(site: Site, listen: Listen) -> None:
    pair = await listen(site.world.pair().workflow_id)
    running = asyncio.create_task(site.gateway.dispatcher.run())
    await site.send("module_completed", "ANNA", module="listening")
    signals_received = await pair.execute_update(Listening.until, 1)
    running.cancel()
    assert signals_received == [("module_completed", {"module": "listening"})]


async def test_ready_means_that_postgresql_and_temporal_answer(site: Site) -> None:
    answer = await site.browser.get("/readyz")
    assert {k: answer.json()[k] for k in ("postgres", "temporal")} == {
        "postgres": "up",
        "temporal": "up",
    }
