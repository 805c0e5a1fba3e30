"""Two answers that exclude each other, from one link or from two, in the same moment: the first one stored counts."""

import asyncio
from typing import Any

import pytest

from schemas.links import Question
from schemas.records.inbox import EventState, StoredEvent
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import matched, proposed, save, start_of
from tests.integration.gateway.test_pages_for_real import path

YES, NO = {"answer": "yes", "sequence": "0"}, {"answer": "no", "sequence": "0"}
ACCEPTED, DECLINED = "cette heure est acceptée", "cette heure est déclinée"


async def stored(site: Site) -> list[StoredEvent]:
    return await site.world.store.inbox.in_states([EventState.STORED], 10)


@pytest.mark.parametrize(
    ("first", "second", "counts"), [(YES, NO, ACCEPTED), (NO, YES, DECLINED)]
)
async def test_the_second_one_sees_the_first_answer(
    site: Site, first: dict[str, str], second: dict[str, str], counts: str
) -> None:
    await save(site, proposed(site))
    where = path(site, Question.ANSWER, "mentee", "BOSS", session=1)
    thanks, late = (
        await site.browser.post(where, data=first),
        await site.browser.post(where, data=second),
    )
    assert (thanks.status_code, late.status_code, counts in late.text) == (
        303,
        409,
        True,
    )
    assert [event.payload["answer"] for event in await stored(site)] == [
        first["answer"]
    ]


@pytest.mark.parametrize("order", [(YES, NO), (NO, YES)])
async def test_of_two_in_the_same_moment_exactly_one_counts(
    site: Site, order: tuple[dict[str, str], ...]
) -> None:
    await save(site, proposed(site))
    where = path(site, Question.ANSWER, "mentee", "BOSS", session=1)
    answers = await asyncio.gather(
        *(site.browser.post(where, data=form) for form in order * 4)
    )
    (event,) = await stored(site)
    thanked = [
        form["answer"]
        for form, answer in zip(order * 4, answers, strict=True)
        if answer.status_code == 303
    ]
    refused = [answer.text for answer in answers if answer.status_code == 409]
    assert thanked == [event.payload["answer"]] * 4
    assert all(
        (ACCEPTED if event.payload["answer"] == "yes" else DECLINED) in text
        for text in refused
    )


async def test_a_delegate_and_their_executive_answer_one_question(site: Site) -> None:
    await save(site, proposed(site))
    own, delegates = (
        path(site, Question.ANSWER, *who, session=1)
        for who in (("mentee", "BOSS"), ("delegate", "ASSISTANT"))
    )
    assert (await site.browser.post(delegates, data=YES)).status_code == 303
    assert (await site.browser.post(own, data=NO)).status_code == 409
    assert (await site.browser.post(own, data=YES)).status_code == 303
    assert len(await stored(site)) == 1


async def test_the_same_answer_twice_is_thanked_for_twice(site: Site) -> None:
    await save(site, proposed(site))
    where = path(site, Question.ANSWER, "mentee", "BOSS", session=1)
    assert [
        (await site.browser.post(where, data=YES)).status_code for _ in range(2)
    ] == [303, 303]
    assert len(await stored(site)) == 1


OPPOSITES: list[tuple[Any, Question, str, str, dict[str, str], dict[str, str]]] = [
    (
        matched,
        Question.AGREE,
        "mentor",
        "ANNA",
        {"action": "agree"},
        {"action": "refuse"},
    ),
    (
        matched,
        Question.AGREE,
        "mentor",
        "ANNA",
        {"action": "refuse"},
        {"action": "agree"},
    ),
    (
        start_of,
        Question.VOLUNTEER,
        "mentor",
        "ANNA",
        {"action": "decline"},
        {"charter": "yes", "from-1-0": "09:00", "to-1-0": "11:00"},
    ),
]


@pytest.mark.parametrize(
    ("state", "question", "role", "who", "first", "second"), OPPOSITES
)
async def test_other_questions_are_closed_by_their_first_answer_too(
    site: Site,
    state: Any,
    question: Question,
    role: str,
    who: str,
    first: dict[str, str],
    second: dict[str, str],
) -> None:
    await save(site, state(site))
    about = {"mentee": site.world.ids["BOSS"]} if question is Question.AGREE else {}
    where = path(site, question, role, who, **about)
    thanks, late = (
        await site.browser.post(where, data=first),
        await site.browser.post(where, data=second),
    )
    assert (
        thanks.status_code,
        late.status_code,
        "La première réponse compte" in late.text,
    ) == (303, 409, True)
    assert len(await stored(site)) == 1
