"""Matching over PostgreSQL: from people and pairs to a run that is kept for review."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import ActivityEnvironment

from activities.matching.activities import MatchingActivities
from activities.persistence.store import Store
from schemas.cohort import MatchDecision
from tests.integration.persistence.factories import COMEX, World, plan


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """ANNA and BRUNO report to LEAD, to the CFO, to the BOSS; BRUNO has a dotted line to the CFO and two seats."""
    store = await Store.open(database_url)
    yield await World.make(store)
    await store.close()


async def _match(world: World) -> tuple[int, int, int]:
    found = await ActivityEnvironment().run(MatchingActivities(world.store).match, COMEX)
    return found.proposed, found.unmatched_mentors, found.unmatched_mentees


async def test_who_is_ready_is_matched_under_the_rules(world: World) -> None:
    await world.ready("ANNA")
    await world.ready("BRUNO")
    assert await _match(world) == (1, 1, 1)
    review = await world.store.matches(COMEX)
    (match,) = review.matches
    assert (match.mentor_name, match.mentee_name) == ("Name of ANNA", "Name of BOSS")
    left = {one.name: [reason.rule for reason in one.reasons] for one in review.left}
    assert left == {"Name of BRUNO": ["too_few_levels"], "Name of CFO": ["too_few_levels"]}


async def test_a_refused_match_is_not_proposed_again(world: World) -> None:
    await world.ready("ANNA")
    await _match(world)
    (match,) = (await world.store.matches(COMEX)).matches
    await world.store.decide(COMEX, MatchDecision(refuse=(match.id,)))
    assert (await _match(world))[0] == 0
    left = {one.name: [reason.rule for reason in one.reasons] for one in (await world.store.matches(COMEX)).left}
    assert left["Name of BOSS"] == ["refused_before"]


async def test_a_check_names_who_has_no_possible_mentor_before_anybody_is_enrolled(world: World) -> None:
    cohort = plan(programme="another").cohorts[0]
    found = await ActivityEnvironment().run(MatchingActivities(world.store).unmatched, cohort)
    assert found.reasons == {world.ids["CFO"]: ("too_few_levels",)}
