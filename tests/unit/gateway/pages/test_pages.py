"""What holds for every participant's page."""

import pytest

from schemas.events import ConcernRaised
from schemas.links import Question
from schemas.pair_updates import EndPair
from schemas.stages import Outcome, Stage
from tests.support.lives import MENTEE, MENTOR, a_pair
from tests.unit.gateway.factories import (
    PAIR_ID,
    POLICY,
    SUPERVISOR,
    House,
    proposed,
)
from tests.unit.gateway.pages.pressing import fresh, held, press


async def test_looking_changes_nothing(at_home: House) -> None:
    at_home.put(proposed())
    for question in Question:
        await at_home.browser.get(at_home.link(question, session=1))
        await at_home.browser.get(at_home.link(question, session=1) + "?thanks=agreed")
    assert (
        at_home.signals(),
        at_home.workflows.updates,
        at_home.store.people.windows,
    ) == (
        [],
        [],
        {},
    )


OF_A_SUPERVISOR = {Question.SIGN_OFF, Question.CHECK_IN, Question.KEEP_OR_PART}


async def test_a_check_in_answers_its_request(at_home: House) -> None:
    at_home.put(held().on(ConcernRaised(concern="c1")))
    await press(
        at_home,
        at_home.link(Question.CHECK_IN, "supervisor", SUPERVISOR, check=1),
        well="no",
    )
    assert at_home.signals() == [("checked_in", {"check": 1, "well": False})]


async def test_what_a_mentor_wants_next_stays_in_postgresql(at_home: House) -> None:
    at_home.put(
        a_pair(POLICY).model_copy(
            update={"stage": Stage.CLOSED, "outcome": Outcome.COMPLETED}
        )
    )
    await press(at_home, at_home.link(Question.NEXT), offer="supervise", word="yes")
    assert (at_home.store.answers.offers, at_home.signals()) == (
        [(MENTOR, "supervise", True)],
        [],
    )


@pytest.mark.parametrize(
    "question", sorted(set(Question) - OF_A_SUPERVISOR - {Question.HELP})
)
async def test_every_page_of_a_mentor_says_where_help_is(
    at_home: House, question: Question
) -> None:
    at_home.put(held())
    answer = await at_home.browser.get(at_home.link(question, session=1, mentee=MENTEE))
    assert "I need help" in answer.text
    assert "Mail me my current links" in answer.text


async def test_the_current_links_are_mailed_once_an_hour(at_home: House) -> None:
    at_home.put(held())
    old = at_home.link(Question.ANSWER, "mentee", MENTEE, session=1)
    answers = [await press(at_home, f"{old}/links") for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    (((pair, who, _), notices),) = at_home.store.outbox.mailed.items()
    assert (pair, who) == (PAIR_ID, MENTEE)
    assert [(one.questions, one.session) for one in notices] == [
        ((Question.PULSE,), 1),
        ((Question.WINDOWS,), None),
    ]


async def test_a_page_with_nothing_open_mails_nothing(at_home: House) -> None:
    at_home.put(held().on(EndPair(reason="asked")))
    old = at_home.link(Question.ANSWER, "mentee", MENTEE, session=1)
    page = await at_home.browser.get(old)
    await press(at_home, f"{old}/links")
    assert "Nothing is asked of you" in page.text
    assert "Mail me" not in page.text and not at_home.store.outbox.mailed


async def test_a_link_of_an_earlier_generation_says_that_it_was_closed(
    at_home: House,
) -> None:
    at_home.put(held())
    ana = at_home.store.people.persons[MENTOR]
    at_home.store.people.persons[MENTOR] = ana.model_copy(update={"link_generation": 1})
    old = at_home.link(Question.PULSE, session=1)
    answer = await at_home.browser.get(old)
    assert (answer.status_code, "closed for your safety" in answer.text) == (404, True)
    assert (await press(at_home, old, score="5")).status_code == 404
    newer = at_home.link(Question.PULSE, session=1, generation=1)
    assert (await at_home.browser.get(newer)).status_code == 200


async def test_a_page_before_the_pair_began_asks_for_a_little_patience(
    at_home: House,
) -> None:
    at_home.put(fresh())
    detail = at_home.store.pairs.details[PAIR_ID]
    at_home.store.pairs.details[PAIR_ID] = detail.model_copy(update={"state": None})
    answer = await at_home.browser.get(at_home.link(Question.VOLUNTEER))
    assert "Not open yet" in answer.text


@pytest.mark.parametrize("cut", [1, 5, 20])
async def test_a_link_that_was_cut_says_so(at_home: House, cut: int) -> None:
    at_home.put(fresh())
    answer = await at_home.browser.get(at_home.link(Question.VOLUNTEER)[:-cut])
    assert (answer.status_code, "does not lead anywhere" in answer.text) == (404, True)


async def test_a_stranger_is_answered_in_the_browsers_language(at_home: House) -> None:
    answer = await at_home.browser.get(
        "/q/nonsense", headers={"accept-language": "fr-FR,fr;q=0.9"}
    )
    assert "Ce lien ne mène nulle part" in answer.text
