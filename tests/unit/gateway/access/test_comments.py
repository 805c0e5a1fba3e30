"""Confidential comments: asked for only where somebody reads them, and read by nobody else."""

import pytest

from schemas.links import Question
from schemas.records.access import AccountRole, Grant
from tests.support.lives import MENTOR
from tests.unit.gateway.factories import House, house
from tests.unit.gateway.pages.pressing import held, press

CONTACT = Grant(role=AccountRole.TRUSTED_CONTACT, programme="demo", region="comex")
WORDS = "a word in confidence"


async def written(made: House) -> None:
    """A mentor wrote a comment."""
    made.put(held())
    await press(made, made.link(Question.PULSE, session=1), score="4", comment=WORDS)


async def test_without_a_trusted_contact_no_comment_is_asked_for(
    at_home: House,
) -> None:
    at_home.put(held())
    shown = await at_home.browser.get(at_home.link(Question.PULSE, session=1))
    assert 'name="comment"' not in shown.text
    assert "comment" not in shown.text.lower()


async def test_the_page_names_who_reads_a_comment(at_home: House) -> None:
    at_home.put(held())
    await at_home.store.accounts.add("maud", "Maud Grave", [CONTACT])
    shown = await at_home.browser.get(at_home.link(Question.PULSE, session=1))
    assert 'name="comment"' in shown.text
    assert "Maud Grave" in shown.text


async def test_a_comment_that_nobody_would_read_is_not_kept(at_home: House) -> None:
    await written(at_home)
    assert [pulse[6] for pulse in at_home.store.answers.pulses] == [""]


async def test_a_trusted_contact_reads_it_and_that_is_recorded() -> None:
    async with house(grants=(CONTACT,)) as made:
        await written(made)
        shown = await made.browser.get("/comments")
        assert WORDS in shown.text
        assert MENTOR in {about for _, what, about in made.store.access_trail.lines}


@pytest.mark.parametrize(
    "grant",
    [
        Grant(role=AccountRole.ADMINISTRATOR),
        Grant(role=AccountRole.PROGRAMME_MANAGER),
        Grant(role=AccountRole.SUPERVISOR),
    ],
)
async def test_nobody_else_reads_it(grant: Grant) -> None:
    async with house(grants=(grant,)) as made:
        await made.store.accounts.add("maud", "Maud Grave", [CONTACT])
        await written(made)
        shown = await made.browser.get("/comments")
        assert (shown.status_code, WORDS in shown.text) == (403, False)


async def test_a_contact_of_another_region_reads_nothing_of_this_one() -> None:
    elsewhere = Grant(
        role=AccountRole.TRUSTED_CONTACT, programme="demo", region="ouest"
    )
    async with house(grants=(elsewhere,)) as made:
        await made.store.accounts.add("maud", "Maud Grave", [CONTACT])
        await written(made)
        assert WORDS not in (await made.browser.get("/comments")).text
