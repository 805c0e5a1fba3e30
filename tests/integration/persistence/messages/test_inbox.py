"""Events are kept once, tried until they are done, and say what became of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.persistence.messages.inbox import LEASE
from activities.persistence.store import Store
from domain.inbox.reuse import EventIdReused
from schemas.events import Side
from schemas.records.inbox import EventState, NewEvent
from schemas.stages import Outcome, Stage
from tests.support.world import COMEX, ORGANISATION, World, record

NOW = datetime.now(UTC)


def event(key: str, **fields: Any) -> NewEvent:
    given = {
        "key": key,
        "source": "lms",
        "event_id": key,
        "type": "binome.module_completed.v1",
        **fields,
    }
    return NewEvent.model_validate({"kind": "module_completed", **given})


async def test_an_event_is_kept_once(store: Store) -> None:
    assert await store.inbox.store([event("a"), event("b")]) == 2
    assert (
        await store.inbox.store([event("b", payload={"module": "other"}), event("c")])
        == 1
    )
    kept = await store.inbox.find("b")
    assert kept is not None and kept.payload == {}


async def test_a_key_of_another_fact_keeps_out_all_that_come_with_it(
    store: Store,
) -> None:
    await store.inbox.store([event("a", fact="1")])
    with pytest.raises(EventIdReused) as reused:
        await store.inbox.store([event("b", fact="2"), event("a", fact="3")])
    assert [(new.key, first.fact) for new, first in reused.value.reused] == [("a", "1")]
    assert await store.inbox.find("b") is None


async def test_of_two_facts_in_the_same_moment_one_is_refused(store: Store) -> None:
    results = await asyncio.gather(
        *(store.inbox.store([event("a", fact=str(n))]) for n in range(4)),
        return_exceptions=True,
    )
    refused = [isinstance(each, EventIdReused) for each in results]
    assert sorted(refused) == [False, True, True, True]


async def test_what_is_archived_is_known_by_its_key(store: Store) -> None:
    await store.inbox.store([event("a", fact="1")])
    await store.inbox.mark("a", EventState.DELIVERED)
    await store.archive.move(datetime.now(UTC) + timedelta(days=1))
    kept = await store.inbox.kept(["a", "b"])
    assert {key: each.fact for key, each in kept.items()} == {"a": "1"}


async def test_a_completion_for_one_programme_waits_for_a_pair_of_it(
    world: World,
) -> None:
    anna = world.ids["ANNA"]
    for key, programme in (("a", "pilot"), ("b", "another")):
        await world.store.inbox.store([event(key, person=anna, programmes=[programme])])
        await world.store.inbox.mark(key, EventState.WAITING, reason="no_pair_yet")
    await world.store.inbox.try_waiting()
    assert [e.key for e in await world.store.inbox.lease_due(10, NOW)] == ["a"]


async def test_an_event_comes_back_as_it_was(store: Store) -> None:
    given = event(
        "a", payload={"module": "listening"}, person="paaaaaaaaaaaaa", occurred_at=NOW
    )
    await store.inbox.store([given])
    kept = await store.inbox.find("a")
    assert kept is not None and given.model_dump().items() <= kept.model_dump().items()


async def test_undelivered_events_come_in_order_and_in_their_time(store: Store) -> None:
    await store.inbox.store([event("later"), event("b"), event("a"), event("done")])
    await store.inbox.mark(
        "later", EventState.STORED, next_try=NOW + timedelta(minutes=5)
    )
    await store.inbox.mark("done", EventState.DELIVERED, reached=["pair:1"])
    assert [e.key for e in await store.inbox.lease_due(10, NOW)] == ["b", "a"]


async def test_one_gateway_at_a_time_has_an_event_until_it_marks_it_or_dies(
    store: Store,
) -> None:
    await store.inbox.store([event("a"), event("b")])
    leases = [await store.inbox.lease_due(1, NOW) for _ in range(3)]
    assert [[e.key for e in lease] for lease in leases] == [["a"], ["b"], []]
    await store.inbox.mark("a", EventState.DELIVERED)
    after = await store.inbox.lease_due(10, NOW + LEASE)
    assert [e.key for e in after] == ["b"]


async def test_a_completion_waits_for_a_live_pair(store: Store) -> None:
    await store.inbox.store([event("a", person="paaaaaaaaaaaaa")])
    await store.inbox.mark("a", EventState.WAITING, reason="no_pair_yet")
    await store.inbox.try_waiting()
    assert await store.inbox.lease_due(10, NOW) == []


async def test_a_completion_is_tried_when_a_pair_lives(world: World) -> None:
    await world.store.inbox.store([event("a", person=world.ids["ANNA"])])
    await world.store.inbox.mark("a", EventState.WAITING, reason="no_pair_yet")
    await world.store.inbox.try_waiting()
    assert [e.key for e in await world.store.inbox.lease_due(10, NOW)] == ["a"]


async def test_a_completion_is_tried_once_a_cohort_enrols_its_mentor(
    store: Store,
) -> None:
    await store.imports.apply(ORGANISATION)
    anna = next(p.person for p in await store.people.in_region("idf", 9) if p.windows)
    await store.inbox.store([event("a", person=anna)])
    await store.inbox.mark("a", EventState.WAITING, reason="no_pair_yet")
    await World.make(store)
    assert [e.key for e in await store.inbox.lease_due(10, NOW)] == ["a"]


async def test_what_was_given_up_can_be_sent_again(store: Store) -> None:
    await store.inbox.store([event("a")])
    await store.inbox.mark("a", EventState.UNDELIVERABLE, reason="no_live_pair")
    assert await store.inbox.resend("a")
    assert not await store.inbox.resend("a")
    assert [e.attempts for e in await store.inbox.lease_due(10, NOW)] == [0]


async def test_events_are_counted_and_listed_by_state(store: Store) -> None:
    await store.inbox.store([event("a"), event("b")])
    await store.inbox.mark("b", EventState.UNDELIVERABLE, reason="no_live_pair")
    assert await store.inbox.counts() == {"stored": 1, "undeliverable": 1}
    assert [
        e.key for e in await store.inbox.in_states([EventState.UNDELIVERABLE], 10)
    ] == ["b"]


async def test_live_pairs_include_the_side(world: World) -> None:
    await world.matched("ANNA", "BOSS")
    assert await world.store.pairs.live_of(world.ids["ANNA"]) == [
        (world.pair(), Side.MENTOR)
    ]
    assert await world.store.pairs.live_of(world.ids["BOSS"]) == [
        (world.pair(), Side.MENTEE)
    ]


async def test_a_closed_pair_gets_no_signal(world: World) -> None:
    await world.record(
        record(
            1, stage=Stage.CLOSED, outcome=Outcome.COMPLETED, mentee=world.ids["BOSS"]
        )
    )
    assert await world.store.pairs.live_of(world.ids["BOSS"]) == []


async def test_the_first_pulse_of_a_side_counts(world: World) -> None:
    anna = world.ids["ANNA"]
    assert await world.store.answers.save_pulse(
        world.pair(), 1, Side.MENTOR, anna, 4, "idea", "words", False
    )
    assert not await world.store.answers.save_pulse(
        world.pair(), 1, Side.MENTOR, anna, 1, "", "", True
    )


async def test_an_equal_pulse_sent_again_counts_as_the_first(
    world: World,
) -> None:
    anna = world.ids["ANNA"]
    results = [
        await world.store.answers.save_pulse(
            world.pair(), 1, Side.MENTOR, anna, 4, "\0idea", "", False
        )
        for _ in "12"
    ]
    assert results == [True, True]


async def test_a_comment_may_hold_any_character(world: World) -> None:
    assert await world.store.answers.save_pulse(
        world.pair(), 1, Side.MENTOR, world.ids["ANNA"], 4, "\0", "a\0b\n’", False
    )


async def test_modules_are_those_of_any_policy(world: World) -> None:
    assert await world.store.programmes.modules() == {"listening"}


async def test_own_windows_outlive_an_import(world: World) -> None:
    from schemas.time.calendar import Window
    from tests.support.world import ORGANISATION

    own = Window(day=4, start=600, end=720)
    await world.store.people.set_windows(world.ids["ANNA"], [own])
    await world.store.imports.apply(ORGANISATION)
    anna = await world.store.people.find(world.ids["ANNA"])
    assert anna is not None and anna.windows == (own,)


async def test_a_cohort_without_review_is_run_zero(world: World) -> None:
    assert (await world.store.reviews.find(COMEX)).run == 0
