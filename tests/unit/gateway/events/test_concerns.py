"""A concern comes to its pair apart from the pulse that raised it, so that nobody reads in a history whose it was."""

from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest

from domain.calls import LONGEST_DELAY
from gateway.pulses import concern
from schemas.events import CheckedIn, ConcernRaised
from schemas.links import Question
from schemas.pair import PairState
from schemas.records.inbox import EventState
from schemas.time.clock import Clock
from tests.support.lives import MENTEE, MENTOR, MONDAY, Life
from tests.unit.gateway.factories import PAIR_ID, House
from tests.unit.gateway.pages.pressing import held, last_held, over, press

SIDES = [("mentor", MENTOR), ("mentee", MENTEE)]


async def delays(house: House, pace: float) -> list[timedelta]:
    """How long some concerns wait, wall time."""
    house.store.programmes.one_clock = Clock(
        programme_epoch=MONDAY, wall_epoch=MONDAY, pace=pace
    )
    before = datetime.now(UTC)
    made = [
        await concern(house.gateway, "page", PAIR_ID, str(seed)) for seed in range(50)
    ]
    return [event.next_try - before for event in made if event.next_try]


async def test_a_concern_is_delivered_at_a_random_moment_of_the_next_hour(
    at_home: House,
) -> None:
    found = await delays(at_home, 1)
    assert len(set(found)) == 50
    assert all(
        timedelta(0) <= wait <= LONGEST_DELAY + timedelta(minutes=1) for wait in found
    )


async def test_the_hour_is_one_of_the_programme(at_home: House) -> None:
    assert max(await delays(at_home, 3600)) < timedelta(minutes=1)


@pytest.mark.parametrize(("role", "who"), SIDES)
@pytest.mark.parametrize("score", ["1", "5"])
async def test_a_pair_is_signalled_a_last_pulse_at_once_and_nothing_else(
    at_home: House, role: str, who: str, score: str
) -> None:
    at_home.put(last_held())
    await press(
        at_home, at_home.link(Question.PULSE, role, who, session=1), score=score
    )
    await at_home.gateway.dispatcher.once(datetime.now(UTC))
    assert at_home.workflows.signals == [
        (PAIR_ID, "pulse_received", {"session": 1, "pulse": ANY})
    ]


async def test_a_pulse_that_ends_nothing_is_kept_and_its_pair_is_not_signalled(
    at_home: House,
) -> None:
    at_home.put(held())
    await press(at_home, at_home.link(Question.PULSE, session=1), score="4")
    await at_home.gateway.dispatcher.once(datetime.now(UTC))
    assert at_home.workflows.signals == []
    states = [event.state for event in at_home.store.inbox.events.values()]
    assert states == [EventState.DELIVERED]


@pytest.mark.parametrize(("role", "who"), SIDES)
async def test_a_call_for_help_reaches_the_supervisor_within_the_hour(
    at_home: House, role: str, who: str
) -> None:
    at_home.put(last_held())
    await press(
        at_home,
        at_home.link(Question.PULSE, role, who, session=1),
        score="5",
        help="yes",
    )
    await at_home.gateway.dispatcher.once(datetime.now(UTC) + LONGEST_DELAY)
    assert {kind for _, kind, _ in at_home.workflows.signals} == {
        "pulse_received",
        "concern_raised",
    }


def drawing(life: Life, share: float) -> PairState:
    """The pair, where so many calls are drawn by lot."""
    policy = life.state.policy
    feedback = policy.feedback.model_copy(update={"drawn_calls": share})
    return life.state.model_copy(
        update={"policy": policy.model_copy(update={"feedback": feedback})}
    )


async def ask_for_help(house: House) -> None:
    answer = await press(house, house.link(Question.HELP), call="yes")
    assert answer.status_code == 303


async def test_help_asked_again_and_again_is_one_call_until_somebody_called(
    at_home: House,
) -> None:
    at_home.put(held())
    for _ in range(3):
        await ask_for_help(at_home)
    assert [kind for kind, _ in at_home.signals()] == ["concern_raised"]
    asked = held().on(ConcernRaised(concern="c1"))
    at_home.put(asked)
    await ask_for_help(at_home)
    assert len(at_home.signals()) == 1
    at_home.put(asked.on(CheckedIn(check=1)))
    await ask_for_help(at_home)
    assert len(at_home.signals()) == 2


@pytest.mark.parametrize("form", [{}, {"call": ""}, {"call": "no"}])
@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "Nobody is called yet"), ("fr", "Personne n’a encore été prié")],
)
async def test_nobody_is_called_without_pressing_the_button(
    at_home: House, form: dict[str, str], locale: str, words: str
) -> None:
    at_home.put(held())
    at_home.store.people.persons[MENTOR] = at_home.store.people.persons[
        MENTOR
    ].model_copy(update={"locale": locale})
    answer = await press(at_home, at_home.link(Question.HELP), **form)
    assert (answer.status_code, words in answer.text, at_home.signals()) == (
        422,
        True,
        [],
    )


@pytest.mark.parametrize(("share", "called"), [(0.0, False), (1.0, True)])
async def test_a_call_is_drawn_for_a_later_day_after_any_other_answer(
    at_home: House, share: float, called: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mentor who asks for help far from any pulse would else be the one who was called."""
    monkeypatch.setattr("domain.calls.OTHER_ANSWERS_SHARE", 1)
    at_home.put(drawing(over(), share))
    path = at_home.link(Question.HELD, session=1)
    for _ in range(2):  # sent again it draws nothing else
        await press(at_home, path, held="yes")
    events = at_home.store.inbox.events.values()
    found = [event for event in events if event.kind == "concern_raised"]
    assert len(found) == int(called)
    for event in found:
        assert event.next_try is not None and event.person is None
        assert event.next_try - datetime.now(UTC) <= timedelta(weeks=4)


@pytest.mark.parametrize(("share", "called"), [(0.0, False), (1.0, True)])
async def test_a_call_is_drawn_after_a_pulse_that_asks_for_none(
    at_home: House, share: float, called: bool
) -> None:
    at_home.put(drawing(held(), share))
    await press(at_home, at_home.link(Question.PULSE, session=1), score="5")
    assert ("concern_raised" in dict(at_home.signals())) is called
