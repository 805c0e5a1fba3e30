"""Matching over PostgreSQL: from people and pairs to a run that is kept for review."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.matching.activities import MatchingActivities
from activities.matching.own_process import ChildSetUp
from activities.persistence.store import Store
from gateway.texts.reason_texts import reason_text
from schemas.cohort import MatchDecision
from schemas.matches.matching import RuleGain
from schemas.matches.review import MentorMentee
from tests.support.world import COMEX, World, file, line, plan
from workers.build import MATCHING_CONNECTIONS
from workers.logging import configure_logging


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """ANNA and BRUNO report to LEAD, to the CFO, to the BOSS; BRUNO has a dotted line
    to the CFO and two seats.
    """
    store = await Store.open(database_url)
    yield await World.make(store)
    await store.close()


async def _match(world: World) -> tuple[int, int, int]:
    found = await ActivityEnvironment().run(
        MatchingActivities(world.store).match_cohort, COMEX
    )
    return found.proposed, found.unmatched_mentors, found.unmatched_mentees


async def test_who_is_ready_is_matched_under_the_rules(world: World) -> None:
    await world.ready("ANNA")
    await world.ready("BRUNO")
    assert await _match(world) == (1, 1, 1)
    review = await world.store.reviews.find(COMEX)
    (match,) = review.matches
    assert (match.mentor_name, match.mentee_name) == ("Name of ANNA", "Name of BOSS")
    left = {one.name: [reason.rule for reason in one.reasons] for one in review.left}
    assert left == {
        "Name of BRUNO": ["too_few_levels"],
        "Name of CFO": ["too_few_levels"],
    }


async def test_a_large_organisation_is_matched_in_a_process_of_its_own(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.matching.activities.MOST_IN_THREAD", 1)
    child = ChildSetUp(
        partial(Store.open, database_url, MATCHING_CONNECTIONS), configure_logging
    )
    await world.ready("ANNA")
    found = await ActivityEnvironment().run(
        MatchingActivities(world.store, child).match_cohort, COMEX
    )
    assert found.proposed == 1
    assert len((await world.store.reviews.find(COMEX)).matches) == 1


async def test_a_refused_match_is_not_proposed_again(world: World) -> None:
    await world.ready("ANNA")
    await _match(world)
    (match,) = (await world.store.reviews.find(COMEX)).matches
    await world.store.reviews.decide(COMEX, MatchDecision(refuse=(match.id,)))
    assert (await _match(world))[0] == 0
    left = {
        one.name: [reason.rule for reason in one.reasons]
        for one in (await world.store.reviews.find(COMEX)).left
    }
    assert left["Name of BOSS"] == ["refused_before"]


async def test_levels_in_a_file_count_and_are_shown_with_the_match(
    world: World,
) -> None:
    boss = line(
        "BOSS", roles="mentee", delegate="ASSISTANT", wants="ai_tools:3 climate sea:2"
    )
    anna = {
        "manager": "LEAD",
        "supervisor": "COACH",
        "windows": "mon 09:00-12:00",
        "offers": "ai_tools:1 climate:3",
    }
    await world.store.imports.apply(
        file(boss, line("ANNA", "idf", roles="mentor", **anna))
    )
    await world.ready("ANNA")
    await _match(world)
    (match,) = (await world.store.reviews.find(COMEX)).matches
    (topics,) = [reason for reason in match.reasons if reason.rule == "topics"]
    assert reason_text(topics) == (
        "topics wanted and offered: ai tools (knows it, more is wanted), climate (could teach it)"
    )


async def _decide(world: World, **decision: Any) -> None:
    await ActivityEnvironment().run(
        MatchingActivities(world.store).check_and_decide_matches,
        COMEX,
        MatchDecision(**decision),
    )


async def test_a_pin_of_ops_is_matched_and_can_be_taken_back(world: World) -> None:
    await world.ready("BRUNO")
    two = (MentorMentee(mentor=world.ids["BRUNO"], mentee=world.ids["BOSS"]),)
    for _ in range(2):
        await _decide(world, pin=two)
    assert (await _match(world))[0] == 1
    await world.store.reviews.decide(COMEX, MatchDecision(unpin=two))
    assert (await _match(world))[0] == 0


async def test_a_pin_that_a_change_of_people_broke_stops_the_run_which_writes_nothing(
    world: World,
) -> None:
    await world.ready("ANNA")
    await _match(world)
    await _decide(
        world, pin=(MentorMentee(mentor=world.ids["ANNA"], mentee=world.ids["BOSS"]),)
    )
    await world.store.imports.apply(
        file(line("ANNA", "idf", roles="mentor", manager="BOSS"))
    )
    with pytest.raises(
        ApplicationError,
        match=f"{world.ids['BOSS']} are pinned, but manager_and_report",
    ):
        await _match(world)
    review = await world.store.reviews.find(COMEX)
    assert (review.run, [match.decision for match in review.matches]) == (
        1,
        ["proposed"],
    )


async def test_what_loosening_a_rule_would_gain_is_shown_with_the_run(
    world: World,
) -> None:
    await world.ready("BRUNO")
    assert (await _match(world))[0] == 0
    review = await world.store.reviews.find(COMEX)
    assert review.gains == (RuleGain(rule="too_few_levels", more_people=1),)


ASKED = (
    "person",
    "function",
    "site",
    "locale",
    "zone",
    "supervisor",
    "manager",
    "languages",
    "offers",
    "wants",
    "windows",
)


async def test_people_are_read_as_they_were_imported_without_their_names_and_addresses(
    world: World,
) -> None:
    await world.ready("ANNA")
    (anna,) = (await world.store.pools.current(COMEX)).mentors
    known = await world.store.people.find(world.ids["ANNA"])
    assert [getattr(anna, name) for name in ASKED] == [
        getattr(known, name) for name in ASKED
    ]
    assert known and not {known.name, known.email, known.external_id} & {
        anna.name,
        anna.email,
        anna.external_id,
    }


async def test_a_check_names_who_has_no_possible_mentor_before_anybody_is_enrolled(
    world: World,
) -> None:
    cohort = plan(programme="another").cohorts[0]
    found = await ActivityEnvironment().run(
        MatchingActivities(world.store).find_mentees_without_mentor, cohort
    )
    assert found.reasons == {world.ids["CFO"]: ("too_few_levels",)}
