"""Words of the pages: the same in every language, and every page can be shown in each."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from gateway.pages.thanks import signed_thanks
from gateway.pages.words import LOCALES, PAGE_TEXTS
from schemas.events import ConcernRaised, Held, InvitationAnswer, InvitationAnswered
from schemas.guard import TooClose
from schemas.links import Question
from schemas.stages import Outcome, Stage
from tests.support.lives import MENTEE, MENTOR, Life, a_pair
from tests.unit.gateway.factories import POLICY, SUPERVISOR, House, matched, proposed

FIELDS = re.compile(r"\{(?:de_)?(\w+)\}")


def over() -> Life:
    return (
        proposed()
        .on(InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES))
        .wait(timedelta(days=10))
    )


def closed() -> Life:
    return Life(
        a_pair(POLICY).model_copy(
            update={"stage": Stage.CLOSED, "outcome": Outcome.COMPLETED}
        )
    )


OPEN: list[tuple[Any, Question, str, str, dict[str, Any]]] = [
    (lambda: Life(a_pair(POLICY)), Question.VOLUNTEER, "mentor", MENTOR, {}),
    (lambda: Life(a_pair(POLICY)), Question.WINDOWS, "mentor", MENTOR, {}),
    (lambda: Life(a_pair(POLICY)), Question.MODULES, "mentor", MENTOR, {}),
    (lambda: Life(a_pair(POLICY)), Question.CHARTER, "mentor", MENTOR, {}),
    (lambda: Life(a_pair(POLICY)), Question.SIGN_OFF, "supervisor", SUPERVISOR, {}),
    (lambda: Life(a_pair(POLICY)), Question.HELP, "mentor", MENTOR, {}),
    (matched, Question.AGREE, "mentor", MENTOR, {"mentee": MENTEE}),
    (matched, Question.AGREE, "mentee", MENTEE, {"mentee": MENTEE}),
    (proposed, Question.ANSWER, "mentor", MENTOR, {"session": 1}),
    (proposed, Question.ANSWER, "mentee", MENTEE, {"session": 1}),
    (over, Question.HELD, "mentor", MENTOR, {"session": 1}),
    (
        lambda: over().on(Held(session=1)),
        Question.PULSE,
        "mentee",
        MENTEE,
        {"session": 1},
    ),
    (
        lambda: over().on(Held(session=1), ConcernRaised(concern="c")),
        Question.CHECK_IN,
        "supervisor",
        SUPERVISOR,
        {"check": 1},
    ),
    (
        lambda: proposed().on(TooClose(mentee=MENTEE)),
        Question.KEEP_OR_PART,
        "supervisor",
        SUPERVISOR,
        {},
    ),
    (closed, Question.NEXT, "mentor", MENTOR, {}),
]


def test_every_language_has_the_same_words_with_the_same_fields() -> None:
    fields = {
        locale: {
            key: set(FIELDS.findall(text)) for key, text in PAGE_TEXTS[locale].items()
        }
        for locale in LOCALES
    }
    assert fields["en"] == fields["fr"]


def test_no_french_heading_breaks_after_a_hyphen_on_a_phone() -> None:
    headings = {
        key: text
        for key, text in PAGE_TEXTS["fr"].items()
        if ".title" in key or key == "volunteer.windows"
    }
    assert [key for key, text in headings.items() if "-" in text] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("life", "question", "role", "who", "about"), OPEN)
async def test_every_question_is_asked_in_every_language(
    at_home: House,
    locale: str,
    life: Any,
    question: Question,
    role: str,
    who: str,
    about: dict[str, Any],
) -> None:
    now = life()
    at_home.put(now.state, now.now)
    at_home.store.people.persons[who] = at_home.store.people.persons[who].model_copy(
        update={"locale": locale}
    )
    answer = await at_home.browser.get(at_home.link(question, role, who, **about))
    assert (answer.status_code, f'<html lang="{locale}">' in answer.text) == (200, True)
    assert (
        "<h1>" in answer.text and 'method="post"' in answer.text
    ) or question is Question.MODULES


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "code",
    [
        key.removeprefix("thanks.")
        for key in PAGE_TEXTS["en"]
        if key.startswith("thanks.")
    ],
)
async def test_every_answer_is_thanked_for_in_every_language(
    at_home: House, locale: str, code: str
) -> None:
    at_home.put(proposed())
    at_home.store.people.persons[MENTOR] = at_home.store.people.persons[
        MENTOR
    ].model_copy(update={"locale": locale})
    path = at_home.link(Question.VOLUNTEER)
    thanks = signed_thanks(
        at_home.gateway.options.link_keys, path.removeprefix("/q/"), code
    )
    answer = await at_home.browser.get(f"{path}?thanks={thanks}")
    assert PAGE_TEXTS[locale][f"thanks.{code}"] in unescape(answer.text)
