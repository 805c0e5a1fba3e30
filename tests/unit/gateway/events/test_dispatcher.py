"""Stored events on their way to their pairs."""

from datetime import timedelta
from typing import Any

import pytest

from domain.inbox.delivery import LONGEST_WAIT, MOST_ATTEMPTS
from domain.pair.advance import advance
from domain.scheduling.early_search import found_early
from gateway.dispatcher import Dispatcher
from gateway.temporal import TemporalUnavailable
from schemas.events import SENT, SIGNALS, Held, Side
from schemas.records.inbox import EventState, NewEvent, StoredEvent
from tests.support.lives import MENTEE, MENTOR, PAIR
from tests.unit.gateway.factories import PAIR_ID, House, matched, trained
from tests.unit.gateway.fakes.messages import RECEIVED
from tests.unit.gateway.pages.pressing import over

NOW = RECEIVED + timedelta(minutes=1)
OTHER_PAIR = PAIR.model_copy(update={"seat": 2})


async def stored(house: House, kind: str, payload: dict[str, Any], **more: Any) -> None:
    fields: dict[str, Any] = {
        "key": "k",
        "source": "lms",
        "event_id": "1",
        "person": MENTOR,
        **more,
    }
    await house.store.inbox.store(
        [NewEvent(type=f"binome.{kind}.v1", kind=kind, payload=payload, **fields)]
    )


async def deliver(house: House, **later: int) -> StoredEvent:
    await house.gateway.dispatcher.once(NOW + timedelta(**later))
    return house.store.inbox.events["k"]


async def test_a_module_reaches_every_pair_in_which_the_person_is_mentor(
    at_home: House,
) -> None:
    at_home.store.pairs.live[MENTOR] = [(PAIR, Side.MENTOR), (OTHER_PAIR, Side.MENTEE)]
    await stored(at_home, "module_completed", {"module": "ecoute"})
    assert (await deliver(at_home)).state is EventState.DELIVERED
    assert at_home.workflows.signals == [
        (PAIR_ID, "module_completed", {"module": "ecoute"})
    ]


async def test_a_module_without_a_pair_is_kept_and_waits(at_home: House) -> None:
    await stored(at_home, "module_completed", {"module": "ecoute"})
    assert (await deliver(at_home)).state is EventState.WAITING
    assert at_home.store.people.completions == {(MENTOR, "ecoute")}


async def test_a_waiting_module_is_delivered_when_the_pair_is_there(
    at_home: House,
) -> None:
    await stored(at_home, "module_completed", {"module": "ecoute"})
    await deliver(at_home)
    at_home.put(trained())
    assert (await deliver(at_home, minutes=10)).state is EventState.DELIVERED


async def test_the_pause_of_a_person_is_signalled_to_their_pairs_on_either_side(
    at_home: House,
) -> None:
    at_home.store.pairs.live[MENTOR] = [(PAIR, Side.MENTOR), (OTHER_PAIR, Side.MENTEE)]
    await stored(at_home, "directives_changed", {})
    assert (await deliver(at_home)).state is EventState.DELIVERED
    signalled = [(pair, name) for pair, name, _ in at_home.workflows.signals]
    assert signalled == [
        (pair.workflow_id, "directives_changed") for pair in (PAIR, OTHER_PAIR)
    ]


async def test_the_pause_of_a_person_without_a_pair_needs_no_signal(
    at_home: House,
) -> None:
    await stored(at_home, "directives_changed", {})
    assert (await deliver(at_home)).state is EventState.DELIVERED


async def test_somebody_who_leaves_is_named_to_the_pair_only_as_a_mentee(
    at_home: House,
) -> None:
    at_home.put(matched())
    await stored(at_home, "person_left", {}, person=MENTEE)
    await deliver(at_home)
    assert at_home.workflows.signals == [
        (PAIR_ID, "person_left", {"side": "mentee", "mentee": MENTEE})
    ]


async def test_an_event_for_nobody_is_given_up_with_a_reason(at_home: House) -> None:
    await stored(at_home, "rehearsed", {})
    event = await deliver(at_home)
    assert (event.state, event.reason) == (EventState.UNDELIVERABLE, "no_live_pair")


async def test_an_event_for_a_closed_pair_is_given_up_with_a_reason(
    at_home: House,
) -> None:
    at_home.put(matched())
    at_home.store.close_pair(PAIR)
    at_home.workflows.missing = {PAIR_ID}
    await stored(at_home, "held", {"session": 1}, pair=PAIR_ID)
    event = await deliver(at_home)
    assert (event.state, event.reason) == (EventState.UNDELIVERABLE, "pair_closed")


async def test_a_concern_about_a_closed_pair_has_the_mentor_called_all_the_same(
    at_home: House,
) -> None:
    at_home.put(matched())
    at_home.store.close_pair(PAIR)
    at_home.workflows.missing = {PAIR_ID}
    await stored(at_home, "concern_raised", {"concern": "c"}, pair=PAIR_ID, person=None)
    assert (await deliver(at_home)).state is EventState.DELIVERED
    assert at_home.store.outbox.called == [(PAIR_ID, "k")]


async def test_a_concern_that_a_closed_pair_takes_before_its_run_ends_has_the_mentor_called(
    at_home: House,
) -> None:
    at_home.put(matched())
    at_home.store.close_pair(PAIR)
    await stored(at_home, "concern_raised", {"concern": "c"}, pair=PAIR_ID, person=None)
    assert (await deliver(at_home)).state is EventState.DELIVERED
    assert at_home.store.outbox.called == [(PAIR_ID, "k")]


async def test_a_concern_of_a_live_pair_is_left_to_the_pair(at_home: House) -> None:
    at_home.put(matched())
    await stored(at_home, "concern_raised", {"concern": "c"}, pair=PAIR_ID, person=None)
    assert (await deliver(at_home)).state is EventState.DELIVERED
    assert at_home.store.outbox.called == []


async def test_a_pair_that_is_being_started_is_tried_again(at_home: House) -> None:
    at_home.put(trained())
    at_home.workflows.missing = {PAIR_ID}
    await stored(at_home, "module_completed", {"module": "ecoute"})
    assert (await deliver(at_home)).reason == "pair_not_started"
    at_home.workflows.missing = set()
    assert (await deliver(at_home, seconds=20)).state is EventState.DELIVERED


async def test_a_run_that_never_appears_is_given_up(at_home: House) -> None:
    at_home.put(trained())
    at_home.workflows.missing = {PAIR_ID}
    await stored(at_home, "module_completed", {"module": "ecoute"})
    at_home.store.inbox.events["k"] = at_home.store.inbox.events["k"].model_copy(
        update={"attempts": MOST_ATTEMPTS}
    )
    assert (await deliver(at_home)).reason == "run_not_found"


async def test_while_temporal_is_unreachable_nothing_is_given_up(
    at_home: House,
) -> None:
    at_home.put(trained())
    at_home.workflows.failing = TemporalUnavailable()
    await stored(at_home, "module_completed", {"module": "ecoute"})
    at_home.store.inbox.events["k"] = at_home.store.inbox.events["k"].model_copy(
        update={"attempts": 100_000}
    )
    event = await deliver(at_home)
    assert (event.state, event.next_try) == (EventState.STORED, NOW + LONGEST_WAIT)


async def test_back_off_is_honoured(at_home: House) -> None:
    at_home.put(trained())
    at_home.workflows.failing = TemporalUnavailable()
    await stored(at_home, "module_completed", {"module": "ecoute"})
    await deliver(at_home)
    at_home.workflows.failing = None
    assert (await deliver(at_home)).state is EventState.STORED
    assert (await deliver(at_home, seconds=2)).state is EventState.DELIVERED


async def test_after_a_crash_only_pairs_that_have_it_not_yet_get_it(
    at_home: House,
) -> None:
    at_home.put(trained())
    at_home.workflows.missing = {OTHER_PAIR.workflow_id}
    at_home.store.pairs.details[OTHER_PAIR.workflow_id] = at_home.store.pairs.details[
        PAIR_ID
    ]
    at_home.store.pairs.live[MENTOR] = [(PAIR, Side.MENTOR), (OTHER_PAIR, Side.MENTOR)]
    await stored(at_home, "module_completed", {"module": "ecoute"})
    await deliver(at_home)
    at_home.workflows.missing = set()
    restarted = Dispatcher(at_home.store, at_home.gateway.workflows)
    await restarted.once(NOW + timedelta(minutes=1))
    assert [to for to, _, _ in at_home.workflows.signals] == [
        PAIR_ID,
        OTHER_PAIR.workflow_id,
    ]


@pytest.mark.parametrize("kind", ["windows_given", "person_left"])
async def test_what_postgresql_keeps_anyway_needs_no_pair(
    at_home: House, kind: str
) -> None:
    await stored(at_home, kind, {})
    assert (await deliver(at_home)).state is EventState.DELIVERED


@pytest.mark.parametrize("kind", ["windows_given", "charter_signed", "person_left"])
async def test_a_signal_holds_the_side_that_it_is_about(
    at_home: House, kind: str
) -> None:
    at_home.put(matched())
    await stored(at_home, kind, {})
    await deliver(at_home)
    _, name, payload = at_home.workflows.signals[0]
    assert name in {signal.kind for signal in SIGNALS}
    assert SENT[name].model_validate(payload).side is Side.MENTOR  # type: ignore[union-attr]


async def report_held(house: House) -> Held:
    """What the pair is signalled when its mentor reports the first session."""
    life = over()
    house.put(life)
    await stored(house, "held", {"session": 1}, pair=PAIR_ID)
    await house.gateway.dispatcher.once(life.now)
    [(_, kind, payload)] = house.workflows.signals
    assert kind == "held"
    return Held.model_validate(payload)


async def test_a_report_brings_its_pair_times_for_the_next_session(
    at_home: House,
) -> None:
    signal = await report_held(at_home)
    detail = at_home.store.pairs.details[PAIR_ID]
    assert detail.state is not None and signal.slots is not None
    after = advance(detail.state, signal, signal.slots.at).state
    assert found_early(after, signal) is not None


async def test_a_report_goes_out_without_times_where_agendas_cannot_be_read(
    at_home: House,
) -> None:
    at_home.store.agendas.free = None
    assert (await report_held(at_home)).slots is None
