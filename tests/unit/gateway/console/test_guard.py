"""A frozen pair on pages, and a change of people that is held on the console."""

from datetime import UTC, datetime

import pytest

from gateway.console.code_texts import LEDGER_LINES
from schemas.guard import ApartAgain, TooClose
from schemas.links import Question
from schemas.pair_updates import RematchPair
from schemas.records.status import ProgrammeStatus, RegionStatus
from tests.support.lives import MENTEE, MENTOR, Life
from tests.unit.gateway.factories import PAIR_ID, SUPERVISOR, House, proposed
from tests.unit.gateway.pages.pressing import press

COHORT = "/cohorts/cohort:demo:comex:1"


def frozen() -> Life:
    return proposed().on(TooClose(mentee=MENTEE, check=7))


def asked(at_home: House) -> str:
    return at_home.link(
        Question.KEEP_OR_PART, "supervisor", SUPERVISOR, check=7, mentee=MENTEE
    )


def held(at_home: House, pairs: int) -> None:
    region = RegionStatus(
        region="comex", wave=1, status="open", pairs=8, guard_held=pairs
    )
    now = datetime(2027, 1, 11, 9, tzinfo=UTC)
    at_home.store.status.statuses["demo"] = ProgrammeStatus(
        programme="demo", status="running", now=now, pace=1, regions=(region,)
    )


DECISIONS = [("keep", "keep", "kept"), ("part", "rematch", "parted")]


@pytest.mark.parametrize(("button", "update", "done"), DECISIONS)
async def test_the_supervisor_decides_with_a_button(
    at_home: House, button: str, update: str, done: str
) -> None:
    at_home.put(frozen())
    answer = await at_home.browser.post(asked(at_home), data={"decision": button})
    assert (
        answer.status_code,
        f"?thanks={done}." in answer.headers["location"],
    ) == (303, True)
    assert at_home.workflows.updates == [(PAIR_ID, update, {"reason": "supervisor"})]


@pytest.mark.parametrize("form", [{}, {"decision": "promote"}])
async def test_nothing_is_decided_without_a_choice(
    at_home: House, form: dict[str, str]
) -> None:
    at_home.put(frozen())
    assert (await at_home.browser.post(asked(at_home), data=form)).status_code == 422
    assert at_home.workflows.updates == []


OVER = [[ApartAgain(mentee=MENTEE, check=8)], [RematchPair(reason="asked")]]


@pytest.mark.parametrize("then", OVER)
async def test_the_question_closes_when_there_is_nothing_more_to_decide(
    at_home: House, then: list[object]
) -> None:
    at_home.put(frozen().on(*then))  # type: ignore[arg-type]
    answer = await at_home.browser.post(asked(at_home), data={"decision": "keep"})
    assert (
        answer.status_code,
        "Already answered" in answer.text,
        at_home.workflows.updates,
    ) == (409, True, [])


async def test_a_supervisor_with_an_older_link_is_mailed_the_question(
    at_home: House,
) -> None:
    at_home.put(frozen())
    page = await at_home.browser.get(
        at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR)
    )
    assert "Mail me my current links" in page.text
    await press(
        at_home, at_home.link(Question.SIGN_OFF, "supervisor", SUPERVISOR) + "/links"
    )
    (mailed,) = at_home.store.outbox.mailed.values()
    assert [notice.questions for notice in mailed] == [(Question.KEEP_OR_PART,)]


@pytest.mark.parametrize(("role", "person"), [("mentor", MENTOR), ("mentee", MENTEE)])
async def test_the_two_read_nothing_of_a_reason_and_are_asked_nothing(
    at_home: House, role: str, person: str
) -> None:
    at_home.put(frozen())
    for question in (Question.ANSWER, Question.WINDOWS, Question.AGREE):
        page = await at_home.browser.get(
            at_home.link(question, role, person, session=1, mentee=MENTEE)
        )
        words = page.text.lower()
        assert not [
            word
            for word in ("line", "close", "reorg", "frozen", "promot")
            if f" {word}" in words
        ]
        assert "go on" not in words


async def test_the_cohorts_page_shows_a_change_of_people_that_is_held(
    at_home: House,
) -> None:
    held(at_home, 5)
    page = (await at_home.browser.get(COHORT)).text
    assert "It would freeze 5 pairs of 8, since" in page
    held(at_home, 0)
    assert "freeze" not in (await at_home.browser.get(COHORT)).text


@pytest.mark.parametrize(
    ("action", "reason"), [("accept", "reorganised"), ("dismiss", "wrong_feed")]
)
async def test_ops_accept_or_dismiss_a_change_of_people(
    at_home: House, action: str, reason: str
) -> None:
    held(at_home, 5)
    answer = await at_home.browser.post(f"{COHORT}/guard", data={"action": action})
    assert answer.headers["location"] == f"{COHORT}?done={action}"
    assert at_home.workflows.updates == [
        ("cohort:demo:comex:1", f"{action}_people_change", {"reason": reason})
    ]


async def test_a_frozen_pair_says_so_to_ops_and_offers_both_decisions(
    at_home: House,
) -> None:
    at_home.put(frozen())
    page = (await at_home.browser.get(f"/pairs/{PAIR_ID}")).text
    assert ">They go on<" in page and ">They part<" in page
    at_home.put(proposed())
    assert ">They go on<" not in (await at_home.browser.get(f"/pairs/{PAIR_ID}")).text


@pytest.mark.parametrize(
    ("action", "update", "reason"),
    [("keep", "keep", "agreed"), ("part", "rematch", "reorganised")],
)
async def test_ops_may_decide_about_a_frozen_pair(
    at_home: House, action: str, update: str, reason: str
) -> None:
    at_home.put(frozen())
    answer = await at_home.browser.post(
        f"/pairs/{PAIR_ID}/guard", data={"action": action}
    )
    assert answer.headers["location"].endswith(f"?done={action}")
    assert at_home.workflows.updates == [(PAIR_ID, update, {"reason": reason})]


async def test_any_other_decision_about_it_is_refused(at_home: House) -> None:
    assert (
        await at_home.browser.post(f"{COHORT}/guard", data={"action": "freeze"})
    ).status_code == 422


def test_the_story_of_a_freeze_has_words() -> None:
    life = frozen().on(ApartAgain(mentee=MENTEE, check=8))
    assert {line.what for record in life.state.outbox for line in record.lines} <= set(
        LEDGER_LINES
    )
