"""The review of a run with many matches comes page by page."""

import pytest

from activities.persistence.matching import reviews
from schemas.cohort import MatchDecision
from schemas.matches.matching import UnmatchedPerson
from schemas.records.listings import ReviewPage
from tests.support.world import COMEX, World


@pytest.fixture
async def two_proposed(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two matches, and two people without one; a page holds one of each."""
    monkeypatch.setattr(reviews, "LIST_PAGE", 1)
    for mentor in ("ANNA", "BRUNO"):
        await world.ready(mentor)
    left = [
        UnmatchedPerson(person=world.ids[name], side="mentee")
        for name in ("CFO", "BOSS")
    ]
    both = [
        world.proposal("BRUNO", "CFO"),
        world.proposal("ANNA", "BOSS", score=0.6),
    ]
    await world.store.matches.save_run(COMEX, both, left)
    return world


async def test_the_best_come_first_and_each_once(two_proposed: World) -> None:
    first = await two_proposed.store.reviews.find(COMEX)
    second = await two_proposed.store.reviews.find(COMEX, first.next)
    pages = (first, second)
    assert [m.score for page in pages for m in page.matches] == [0.6, 0.5]
    assert [page.proposed for page in pages] == [2, 2]
    ids = two_proposed.ids
    left = [one.person for page in pages for one in page.left]
    assert left == [ids["BOSS"], ids["CFO"]]
    assert second.next == ReviewPage()


async def test_a_page_goes_on_after_a_match_that_was_decided_meanwhile(
    two_proposed: World,
) -> None:
    first = await two_proposed.store.reviews.find(COMEX)
    decision = MatchDecision(run=first.run, approve=(first.matches[0].id,))
    await two_proposed.store.reviews.decide(COMEX, decision)
    second = await two_proposed.store.reviews.find(COMEX, first.next)
    assert [m.decision for m in second.matches] == ["proposed", "approved"]
