"""Runs, decisions, claims: nobody is coached twice, and nothing is announced that was not approved."""

import asyncio

import pytest

from activities.persistence.store import Store
from schemas.cohort import MatchDecision
from schemas.matches.matching import MatchingPool, MatchReason, UnmatchedPerson
from schemas.matches.review import DecisionRefused
from schemas.records.inbox import NewEvent
from schemas.stages import Outcome, Stage
from tests.support.world import (
    COMEX,
    ORGANISATION,
    World,
    plan,
    record,
)


async def pool(world: World) -> MatchingPool:
    return await world.store.pools.current(COMEX)


async def approve(world: World, *pairs: tuple[str, str]) -> None:
    """Propose and approve, in one run, mentors (seat 1) for mentees."""
    await world.store.matches.save_run(
        COMEX, [world.proposal(mentor, mentee) for mentor, mentee in pairs], []
    )
    await world.store.reviews.decide(COMEX, MatchDecision(all=True))


async def test_the_pool_has_ready_seats_and_waiting_mentees(world: World) -> None:
    await world.ready("ANNA")
    await world.ready("BRUNO", seat=2)
    found = await pool(world)
    assert [(seat.mentor, seat.number) for seat in found.seats] == sorted(
        [(world.ids["ANNA"], 1), (world.ids["BRUNO"], 2)]
    )
    assert world.named(found.mentees) == {"BOSS", "CFO"}


async def test_the_pool_knows_every_reporting_line(world: World) -> None:
    found = await pool(world)
    assert found.managers[world.ids["BRUNO"]] == (world.ids["LEAD"], world.ids["CFO"])
    assert found.managers[world.ids["LEAD"]] == (world.ids["CFO"],)


async def test_a_mentor_who_parted_is_first_in_line_and_never_gets_the_same_mentee(
    world: World,
) -> None:
    await world.matched("ANNA", "BOSS")
    await world.record(record(2, stage=Stage.MATCHING, refusal=world.ids["BOSS"]))
    found = await pool(world)
    assert [seat.first_in_line for seat in found.seats] == [True]
    assert (world.ids["ANNA"], world.ids["BOSS"]) in found.bans


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.ENDED_EARLY])
async def test_who_was_coached_to_an_end_waits_no_more(
    world: World, outcome: Outcome
) -> None:
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=outcome, mentee=world.ids["BOSS"])
    )
    assert world.named((await pool(world)).mentees) == {"CFO"}


async def test_whose_mentor_left_waits_again(world: World) -> None:
    await world.record(
        record(1, stage=Stage.CLOSED, outcome=Outcome.LEFT, mentee=world.ids["BOSS"])
    )
    assert world.named((await pool(world)).mentees) == {"BOSS", "CFO"}


async def test_a_paused_mentor_is_not_matched(world: World) -> None:
    await world.record(record(1, stage=Stage.MATCHING, paused=True))
    assert (await pool(world)).seats == ()


async def test_an_approved_match_is_out_of_the_pool(world: World) -> None:
    await world.ready("ANNA")
    await approve(world, ("ANNA", "BOSS"))
    found = await pool(world)
    assert found.seats == ()
    assert world.named(found.mentees) == {"CFO"}


async def test_a_run_shows_names_reasons_and_who_was_left(world: World) -> None:
    why = (MatchReason(rule="levels", value=1),)
    left = [UnmatchedPerson(person=world.ids["CFO"], side="mentee", reasons=why)]
    summary = await world.store.matches.save_run(
        COMEX, [world.proposal("ANNA", "BOSS")], left
    )
    review = await world.store.reviews.find(COMEX)
    assert (summary.run, summary.proposed, summary.unmatched_mentees) == (1, 1, 1)
    assert [(m.mentor_name, m.mentee_name) for m in review.matches] == [
        ("Name of ANNA", "Name of BOSS")
    ]
    assert [(one.name, one.reasons) for one in review.left] == [("Name of CFO", why)]


async def test_a_proposal_for_a_seat_that_is_gone_waits_for_nobody(
    world: World,
) -> None:
    await world.ready("ANNA")
    await world.store.matches.save_run(COMEX, [world.proposal("ANNA", "BOSS")], [])
    await world.record(record(2, stage=Stage.CLOSED, outcome=Outcome.LEFT))
    assert (await world.store.cohorts.counts(COMEX)).proposed == 0


async def test_a_new_run_replaces_what_nobody_decided_on(world: World) -> None:
    await world.ready("ANNA")
    await world.store.matches.save_run(COMEX, [world.proposal("ANNA", "BOSS")], [])
    await world.store.matches.save_run(COMEX, [world.proposal("ANNA", "CFO")], [])
    assert [m.mentee for m in (await world.store.reviews.find(COMEX)).matches] == [
        world.ids["CFO"]
    ]
    assert (await world.store.cohorts.counts(COMEX)).proposed == 1


async def test_an_approved_match_claims_its_seat(world: World) -> None:
    await world.ready("ANNA")
    await approve(world, ("ANNA", "BOSS"))
    claims = await world.store.matches.claim_approved(COMEX)
    assert [(claim.pair, claim.mentee) for claim in claims] == [
        (world.pair(), world.ids["BOSS"])
    ]
    assert (await world.store.cohorts.counts(COMEX)).claims == 1


async def test_a_claim_is_returned_until_it_is_marked_as_announced(
    world: World,
) -> None:
    await world.ready("ANNA")
    await approve(world, ("ANNA", "BOSS"))
    claims = await world.store.matches.claim_approved(COMEX)
    assert await world.store.matches.claim_approved(COMEX) == claims
    await world.store.matches.mark_announced(COMEX, [claim.match for claim in claims])
    assert await world.store.matches.claim_approved(COMEX) == []


async def test_a_mentee_is_claimed_once_whatever_was_approved(world: World) -> None:
    for mentor in ("ANNA", "BRUNO"):
        await world.ready(mentor)
        await approve(world, (mentor, "BOSS"))
    results = await asyncio.gather(
        world.store.matches.claim_approved(COMEX),
        world.store.matches.claim_approved(COMEX),
    )
    assert {len(claims) for claims in results} == {1}
    assert (await world.store.cohorts.counts(COMEX)).claims == 1


async def test_a_match_whose_seat_closed_meanwhile_lapses(world: World) -> None:
    await world.ready("ANNA")
    await approve(world, ("ANNA", "BOSS"))
    await world.record(record(2, stage=Stage.CLOSED, outcome=Outcome.UNMATCHED))
    assert await world.store.matches.claim_approved(COMEX) == []
    assert (await world.store.cohorts.counts(COMEX)).approved == 0


async def test_a_record_from_before_the_announcement_keeps_the_claim(
    world: World,
) -> None:
    await world.ready("ANNA")
    await approve(world, ("ANNA", "BOSS"))
    await world.store.matches.claim_approved(COMEX)
    await world.record(record(2, stage=Stage.MATCHING))
    assert (await world.store.cohorts.counts(COMEX)).claims == 1


@pytest.mark.parametrize(
    "batches", [[[2], [3]], [[2, 3]]], ids=["in two batches", "in one batch"]
)
async def test_a_claim_that_was_refused_is_free_again(
    world: World, batches: list[list[int]]
) -> None:
    await world.ready("ANNA")
    await approve(world, ("ANNA", "BOSS"))
    await world.store.matches.claim_approved(COMEX)
    boss = world.ids["BOSS"]
    records = {
        2: record(2, stage=Stage.MATCHING, mentee=boss),
        3: record(3, stage=Stage.MATCHING, refusal=boss),
    }
    for batch in batches:
        await world.record(*(records[revision] for revision in batch))
    counts = await world.store.cohorts.counts(COMEX)
    assert (counts.claims, counts.ready_mentors, counts.waiting_mentees) == (0, 1, 2)


async def test_a_claim_of_a_pair_that_closes_is_free_again(world: World) -> None:
    await world.ready("ANNA")
    await approve(world, ("ANNA", "BOSS"))
    await world.store.matches.claim_approved(COMEX)
    await world.record(record(2, stage=Stage.CLOSED, outcome=Outcome.LEFT))
    assert (await world.store.cohorts.counts(COMEX)).waiting_mentees == 2


async def test_refusing_a_match_bans_it_and_matches_the_rest_again(
    world: World,
) -> None:
    proposals = [world.proposal("ANNA", "BOSS"), world.proposal("BRUNO", "CFO")]
    await world.store.matches.save_run(COMEX, proposals, [])
    refused = next(
        m.id
        for m in (await world.store.reviews.find(COMEX)).matches
        if m.mentee == world.ids["BOSS"]
    )
    await world.store.reviews.decide(COMEX, MatchDecision(refuse=(refused,)))
    assert (world.ids["ANNA"], world.ids["BOSS"]) in (await pool(world)).bans
    assert (await world.store.cohorts.counts(COMEX)).proposed == 0


async def test_all_but_one_are_approved(world: World) -> None:
    proposals = [world.proposal("ANNA", "BOSS"), world.proposal("BRUNO", "CFO")]
    await world.store.matches.save_run(COMEX, proposals, [])
    refused = next(
        m.id
        for m in (await world.store.reviews.find(COMEX)).matches
        if m.mentee == world.ids["BOSS"]
    )
    for _ in range(2):  # the same decision again changes nothing
        await world.store.reviews.decide(
            COMEX, MatchDecision(all=True, refuse=(refused,))
        )
    decisions = {
        m.mentee: m.decision for m in (await world.store.reviews.find(COMEX)).matches
    }
    assert decisions == {world.ids["BOSS"]: "refused", world.ids["CFO"]: "approved"}


async def test_a_decision_about_an_older_run_is_refused(world: World) -> None:
    for _ in range(2):
        await world.store.matches.save_run(COMEX, [world.proposal("ANNA", "BOSS")], [])
    with pytest.raises(DecisionRefused, match="run 2 has replaced"):
        await world.store.reviews.decide(COMEX, MatchDecision(all=True, run=1))


async def test_who_left_is_in_no_pool(world: World) -> None:
    await world.ready("ANNA")
    for name in ("ANNA", "BOSS"):
        left = NewEvent(
            key=name,
            source="hr",
            event_id=name,
            type="t",
            kind="person_left",
            person=world.ids[name],
        )
        await world.store.inbox.store([left])
    found = await pool(world)
    assert found.seats == ()
    assert world.named(found.mentees) == {"CFO"}


async def test_a_planned_pool_holds_who_would_be_enrolled(store: Store) -> None:
    await store.imports.apply(ORGANISATION)
    found = await store.pools.planned(plan().cohorts[0])
    names = {
        person.person: person.external_id for person in await store.people.in_region()
    }
    assert {names[mentor.person] for mentor in found.mentors} == {"ANNA", "BRUNO"}
    assert {names[mentee.person] for mentee in found.mentees} == {"BOSS", "CFO"}
    assert found.managers
