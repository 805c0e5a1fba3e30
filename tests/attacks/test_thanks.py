"""Row 13: `?said=` thanks for nothing."""

import pytest

from schemas.links import Question
from tests.support.lives import MENTEE
from tests.unit.gateway.factories import House, matched


async def answered(house: House) -> tuple[str, str]:
    """Answer a question; returns the path of the page and what stands behind it for the thanks."""
    house.put(matched())
    path = house.link(Question.HELP)
    answer = await house.browser.post(path, data={"call": "yes"})
    return path, answer.headers["location"].partition("?thanks=")[2]


@pytest.mark.parametrize(
    "thanks", ["help", "agreed", "held", "title", "help.", "help.x", "é.x"]
)
async def test_nobody_is_thanked_for_what_they_did_not_answer(
    at_home: House, thanks: str
) -> None:
    at_home.put(matched())
    answer = await at_home.browser.get(
        at_home.link(Question.HELP), params={"thanks": thanks}
    )
    assert (answer.status_code, "<form" in answer.text) == (200, True)


async def test_whoever_answered_is_thanked(at_home: House) -> None:
    path, thanks = await answered(at_home)
    answer = await at_home.browser.get(path, params={"thanks": thanks})
    assert (answer.status_code, "<form" in answer.text) == (200, False)


async def test_thanks_of_one_link_are_not_those_of_another(at_home: House) -> None:
    _, thanks = await answered(at_home)
    other = at_home.link(Question.AGREE, mentee=MENTEE)
    answer = await at_home.browser.get(other, params={"thanks": thanks})
    assert "<form" in answer.text
