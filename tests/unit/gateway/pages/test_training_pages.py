"""Pages before the first session: take part, the sign-off, the match."""

import pytest

from gateway.temporal import TemporalUnavailable, UpdateRejected
from schemas.links import Question
from tests.support.lives import MENTEE, MENTOR
from tests.unit.gateway.factories import (
    OPS,
    PAIR_ID,
    SUPERVISOR,
    House,
    matched,
    person,
)
from tests.unit.gateway.pages.pressing import GATE_OPEN, MONDAY_MORNING, fresh, press


async def test_volunteering_gives_windows_and_signs_the_charter(at_home: House) -> None:
    at_home.put(fresh())
    await press(at_home, at_home.link(Question.VOLUNTEER), **GATE_OPEN)
    assert at_home.signals() == [("volunteered", {"windows": True, "charter": True})]
    assert [(w.day, w.start, w.end) for w in at_home.store.people.windows[MENTOR]] == [
        (0, 540, 720)
    ]


async def test_declining_takes_one_press_and_no_reason(at_home: House) -> None:
    at_home.put(fresh())
    answer = await press(at_home, at_home.link(Question.VOLUNTEER), action="decline")
    assert (answer.status_code, at_home.signals()) == (303, [("declined", {})])


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"action": "volunteer", "charter": "yes"}, "at least one window"),
        ({"action": "volunteer", **MONDAY_MORNING}, "keep to the charter"),
        ({**GATE_OPEN, "from-1-0": "10:00"}, "both times"),
        ({**GATE_OPEN, "from-1-0": "10:00", "to-1-0": "09:00"}, "both times"),
        ({**GATE_OPEN, "from-1-0": "soon", "to-1-0": "09:00"}, "both times"),
    ],
)
async def test_a_form_with_something_missing_is_shown_again(
    at_home: House, form: dict[str, str], words: str
) -> None:
    at_home.put(fresh())
    answer = await press(at_home, at_home.link(Question.VOLUNTEER), **form)
    assert (answer.status_code, words in answer.text, at_home.signals()) == (
        422,
        True,
        [],
    )


async def test_typed_text_stays_in_the_form_that_is_shown_again(
    at_home: House,
) -> None:
    at_home.put(fresh())
    answer = await press(
        at_home,
        at_home.link(Question.VOLUNTEER),
        **{"from-3-0": "08:15", "to-3-0": "07:00"},
    )
    assert 'value="08:15"' in answer.text


async def test_a_double_click_is_one_event(at_home: House) -> None:
    at_home.put(matched())
    path = at_home.link(Question.AGREE, mentee=MENTEE)
    first, second = (
        await press(at_home, path, action="agree"),
        await press(at_home, path, action="agree"),
    )
    assert (first.status_code, second.status_code, len(at_home.signals())) == (
        303,
        303,
        1,
    )


async def test_the_same_answer_from_a_reminder_is_one_event(at_home: House) -> None:
    at_home.put(matched())
    for _ in range(2):
        await press(
            at_home, at_home.link(Question.AGREE, mentee=MENTEE), action="agree"
        )
    assert len(at_home.signals()) == 1


async def test_a_mentee_agrees_with_the_charter_only(at_home: House) -> None:
    at_home.put(matched())
    path = at_home.link(Question.AGREE, "mentee", MENTEE, mentee=MENTEE)
    assert (await press(at_home, path, action="agree")).status_code == 422
    await press(at_home, path, action="agree", charter="yes")
    assert at_home.signals() == [
        ("agreed", {"side": "mentee", "mentee": MENTEE, "charter": True})
    ]


async def test_refusing_a_match_asks_no_reason(at_home: House) -> None:
    at_home.put(matched())
    await press(at_home, at_home.link(Question.AGREE, mentee=MENTEE), action="refuse")
    assert at_home.signals() == [("refused", {"side": "mentor", "mentee": MENTEE})]


async def test_a_sign_off_is_a_decision_of_the_pair(at_home: House) -> None:
    at_home.put(fresh())
    path = at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR)
    answer = await press(at_home, path, ready="yes", rehearsed="yes")
    assert answer.status_code == 303
    assert at_home.workflows.updates == [(PAIR_ID, "sign_off", {"rehearsed": True})]


@pytest.mark.parametrize(
    "form", [{}, {"ready": ""}, {"ready": "no"}, {"rehearsed": "yes"}]
)
@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "Nothing is signed off yet"), ("fr", "Rien n’est validé")],
)
async def test_nobody_is_signed_off_without_pressing_the_button(
    at_home: House, form: dict[str, str], locale: str, words: str
) -> None:
    at_home.put(fresh())
    sofia = at_home.store.people.persons[SUPERVISOR]
    at_home.store.people.persons[SUPERVISOR] = sofia.model_copy(
        update={"locale": locale}
    )
    answer = await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR), **form
    )
    assert (answer.status_code, words in answer.text, at_home.workflows.updates) == (
        422,
        True,
        [],
    )


async def test_a_tick_stays_in_the_sign_off_that_is_shown_again(
    at_home: House,
) -> None:
    at_home.put(fresh())
    answer = await press(
        at_home,
        at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR),
        rehearsed="yes",
    )
    assert 'name="rehearsed" value="yes" checked' in answer.text


async def test_a_refused_sign_off_says_what_is_missing(at_home: House) -> None:
    at_home.put(fresh())
    at_home.workflows.failing = UpdateRejected("sign_off: still missing: module:ecoute")
    answer = await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR), ready="yes"
    )
    assert answer.status_code == 409
    assert "Takes part, Module “ecoute”, Module “oser-parler”" in answer.text


async def test_where_nobody_supervises_ops_sign_off(at_home: House) -> None:
    at_home.put(fresh())
    at_home.store.people.persons[MENTOR] = person(MENTOR, "Ana Ruiz")
    answer = await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", OPS), ready="yes"
    )
    assert answer.status_code == 303


async def test_while_temporal_is_unreachable_a_decision_can_be_tried_again(
    at_home: House,
) -> None:
    at_home.put(fresh())
    at_home.workflows.failing = TemporalUnavailable()
    answer = await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR), ready="yes"
    )
    assert (answer.status_code, "try again in a minute" in answer.text) == (503, True)


@pytest.mark.parametrize("form", [{}, {"action": ""}, {"action": "maybe"}])
async def test_nobody_agrees_without_pressing_a_button(
    at_home: House, form: dict[str, str]
) -> None:
    at_home.put(matched())
    answer = await at_home.browser.post(
        at_home.link(Question.AGREE, mentee=MENTEE), data=form
    )
    assert (answer.status_code, at_home.store.inbox.events) == (422, {})
