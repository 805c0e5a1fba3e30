"""A delegate has the mentee's agenda, and nothing else."""

import pytest

from schemas.links import Question
from tests.support.lives import MENTEE
from tests.unit.gateway.factories import (
    DELEGATE,
    House,
    proposed,
)
from tests.unit.gateway.pages.pressing import MONDAY_MORNING, held, press


async def test_a_delegate_answers_for_the_mentee(at_home: House) -> None:
    at_home.put(proposed())
    await press(
        at_home,
        at_home.link(Question.ANSWER, "delegate", DELEGATE, session=1),
        answer="yes",
        sequence="0",
    )
    assert at_home.signals()[0][1]["side"] == "mentee"


@pytest.mark.parametrize(
    "question", sorted(set(Question) - {Question.ANSWER, Question.WINDOWS})
)
async def test_a_delegate_has_no_page_but_the_agenda(
    at_home: House, question: Question
) -> None:
    at_home.put(held())
    answer = await at_home.browser.get(
        at_home.link(question, "delegate", DELEGATE, session=1, check=1)
    )
    assert answer.status_code == 404


async def test_a_delegate_keeps_the_windows_of_the_mentee(at_home: House) -> None:
    at_home.put(proposed())
    await press(
        at_home, at_home.link(Question.WINDOWS, "delegate", DELEGATE), **MONDAY_MORNING
    )
    assert list(at_home.store.people.windows) == [MENTEE]


@pytest.mark.parametrize(
    "name, shown",
    [("Élise Roy", "agenda d’Élise Roy"), ("Marc Delorme", "agenda de Marc Delorme")],
)
async def test_a_delegate_reads_in_french_whose_agenda_it_is(
    at_home: House, name: str, shown: str
) -> None:
    at_home.put(proposed())
    persons = at_home.store.people.persons
    persons[MENTEE] = persons[MENTEE].model_copy(update={"name": name})
    persons[DELEGATE] = persons[DELEGATE].model_copy(update={"locale": "fr"})
    page = (
        await at_home.browser.get(
            at_home.link(Question.ANSWER, "delegate", DELEGATE, session=1)
        )
    ).text
    assert shown in page


async def test_a_former_delegate_gets_a_friendly_page(
    at_home: House,
) -> None:
    at_home.put(proposed())
    at_home.store.people.persons[MENTEE] = at_home.store.people.persons[
        MENTEE
    ].model_copy(update={"delegate": None})
    path = at_home.link(Question.ANSWER, "delegate", DELEGATE, session=1)
    answer = await press(at_home, path, answer="yes", sequence="0")
    assert (
        answer.status_code,
        "Somebody else has taken over" in answer.text,
        at_home.signals(),
    ) == (409, True, [])
