"""The review of matches in PostgreSQL: pins, bans and swaps, two reviewers at once, and who decided what."""

import asyncio
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.matching.activities import MatchingActivities
from activities.persistence.store import Store
from schemas.cohort import MatchDecision
from schemas.matches.review import DecisionRefused, MentorMentee, Swap
from schemas.records.listings import MatchListing
from schemas.stages import Stage
from tests.support.world import COMEX, World, file, line, record

FREE = {"languages": "fr", "windows": "mon 09:00-12:00"}


@pytest.fixture
async def flat(world: World) -> World:
    """Two mentors and two mentees, of whom anybody may be matched; proposed are ANNA with BOSS and BRUNO with CFO."""
    roles = {"ANNA": "mentor", "BRUNO": "mentor", "BOSS": "mentee", "CFO": "mentee"}
    region = {"ANNA": "idf", "BRUNO": "idf", "BOSS": "comex", "CFO": "comex"}
    lines = [line(name, region[name], roles=roles[name], **FREE) for name in roles]
    found = await world.store.imports.apply(file(*lines))
    assert not found.problems
    for mentor in ("ANNA", "BRUNO"):
        await world.ready(mentor)
    await propose(world)
    return world


async def propose(world: World) -> None:
    await world.store.matches.save_run(
        COMEX,
        [world.proposal("ANNA", "BOSS"), world.proposal("BRUNO", "CFO", score=0.7)],
        [],
    )


def two(world: World, mentor: str, mentee: str) -> MentorMentee:
    return MentorMentee(mentor=world.ids[mentor], mentee=world.ids[mentee])


async def decide(world: World, **decision: Any) -> None:
    """As the cohort does: matching looks at the rules where people are put together."""
    asked = MatchDecision(**decision)
    if asked.asks_rules:
        await ActivityEnvironment().run(
            MatchingActivities(world.store).check_and_decide_matches, COMEX, asked
        )
    else:
        await world.store.reviews.decide(COMEX, asked)


async def matches(world: World) -> dict[tuple[str, str], MatchListing]:
    """By the organisation's ids of the two."""
    names = {person: name for name, person in world.ids.items()}
    return {
        (names[m.mentor], names[m.mentee]): m
        for m in (await world.store.reviews.find(COMEX)).matches
    }


async def decisions(world: World) -> dict[tuple[str, str], str]:
    return {both: match.decision for both, match in (await matches(world)).items()}


async def swap_of(world: World) -> tuple[Swap]:
    found = await matches(world)
    return (Swap(one=found["ANNA", "BOSS"].id, other=found["BRUNO", "CFO"].id),)


async def test_two_proposals_exchange_their_mentees_and_stay_so_in_another_run(
    flat: World,
) -> None:
    await decide(flat, swap=await swap_of(flat))
    assert await decisions(flat) == {
        ("ANNA", "CFO"): "proposed",
        ("BRUNO", "BOSS"): "proposed",
    }
    await decide(flat, rerun=True)
    await ActivityEnvironment().run(MatchingActivities(flat.store).match_cohort, COMEX)
    assert await decisions(flat) == {
        ("ANNA", "CFO"): "proposed",
        ("BRUNO", "BOSS"): "proposed",
    }


async def test_a_swap_is_swapped_back(flat: World) -> None:
    await decide(flat, swap=await swap_of(flat))
    found = await matches(flat)
    pins = (two(flat, "ANNA", "CFO"), two(flat, "BRUNO", "BOSS"))
    back = (Swap(one=found["ANNA", "CFO"].id, other=found["BRUNO", "BOSS"].id),)
    await decide(flat, swap=back, unpin=pins)
    assert await decisions(flat) == {
        ("ANNA", "BOSS"): "proposed",
        ("BRUNO", "CFO"): "proposed",
    }


async def test_a_swap_that_breaks_a_rule_is_refused_with_the_rule_and_writes_nothing(
    world: World,
) -> None:
    for mentor in ("ANNA", "BRUNO"):
        await world.ready(mentor)
    await propose(world)
    with pytest.raises(
        ApplicationError, match="must not be matched: too few levels"
    ) as refused:
        await decide(world, swap=await swap_of(world))
    review = await world.store.reviews.find(COMEX)
    assert (refused.value.type, review.revision, review.pins) == (
        "DecisionRefused",
        0,
        (),
    )
    assert await decisions(world) == {
        ("ANNA", "BOSS"): "proposed",
        ("BRUNO", "CFO"): "proposed",
    }


async def test_a_pin_of_who_was_never_imported_is_refused(flat: World) -> None:
    with pytest.raises(ApplicationError, match="nobody was imported as paaaaaaaaaaaaa"):
        await decide(
            flat, pin=(MentorMentee(mentor="p" + "a" * 13, mentee=flat.ids["BOSS"]),)
        )


async def test_pins_and_bans_reach_matching_and_are_taken_back(flat: World) -> None:
    pinned, apart = two(flat, "ANNA", "CFO"), two(flat, "BRUNO", "CFO")
    await decide(flat, pin=(pinned,), ban=(apart,))
    pool = await flat.store.pools.current(COMEX)
    assert [*pool.pins, *pool.bans] == [
        (pinned.mentor, pinned.mentee),
        (apart.mentor, apart.mentee),
    ]
    await decide(flat, unpin=(pinned,), unban=(apart,))
    pool = await flat.store.pools.current(COMEX)
    assert (pool.pins, pool.bans) == (frozenset(), frozenset())


async def test_what_one_of_the_two_refused_is_not_taken_back_by_ops(
    flat: World,
) -> None:
    await flat.record(record(2, stage=Stage.MATCHING, refusal=flat.ids["BOSS"]))
    await decide(flat, unban=(two(flat, "ANNA", "BOSS"),))
    assert (flat.ids["ANNA"], flat.ids["BOSS"]) in (
        await flat.store.pools.current(COMEX)
    ).bans


async def test_a_pin_is_over_once_one_of_the_two_refuses_and_stops_no_run(
    flat: World,
) -> None:
    await decide(flat, pin=(two(flat, "ANNA", "BOSS"),))
    await flat.record(record(2, stage=Stage.MATCHING, refusal=flat.ids["BOSS"]))
    await ActivityEnvironment().run(MatchingActivities(flat.store).match_cohort, COMEX)
    assert set(await decisions(flat)) == {("ANNA", "CFO"), ("BRUNO", "BOSS")}
    assert [pin.over for pin in (await flat.store.reviews.find(COMEX)).pins] == [True]


async def test_two_reviewers_at_once_who_decide_about_different_matches_both_succeed(
    flat: World,
) -> None:
    found = await matches(flat)
    seen = {"run": 1, "revision": 0, "by": "console"}
    await asyncio.gather(
        decide(flat, approve=(found["ANNA", "BOSS"].id,), **seen),
        decide(flat, refuse=(found["BRUNO", "CFO"].id,), **seen),
    )
    assert await decisions(flat) == {
        ("ANNA", "BOSS"): "approved",
        ("BRUNO", "CFO"): "refused",
    }


async def test_an_approval_that_comes_after_another_reviewer_had_the_rest_matched_again_holds(
    flat: World,
) -> None:
    found = await matches(flat)
    await decide(flat, rerun=True, run=1, revision=0)
    await propose(flat)
    await decide(flat, approve=(found["ANNA", "BOSS"].id,), run=1, revision=0)
    assert (await decisions(flat))["ANNA", "BOSS"] == "approved"


async def test_of_two_reviewers_who_disagree_at_once_the_second_gets_an_error(
    flat: World,
) -> None:
    match = (await matches(flat))["ANNA", "BOSS"].id
    seen = {"run": 1, "revision": 0, "by": "console"}
    answers = await asyncio.gather(
        decide(flat, approve=(match,), **seen),
        decide(flat, refuse=(match,), **seen),
        return_exceptions=True,
    )
    (refused,) = [answer for answer in answers if answer is not None]
    assert (
        isinstance(refused, DecisionRefused)
        and "in the meantime" in str(refused)
        and "by console" in str(refused)
    )


async def test_what_was_approved_while_a_run_was_computed_is_not_proposed_to_others(
    flat: World,
) -> None:
    match = (await matches(flat))["ANNA", "BOSS"].id
    await decide(flat, rerun=True)
    await decide(flat, approve=(match,), run=1)
    late = [
        flat.proposal("ANNA", "CFO"),
        flat.proposal("BRUNO", "BOSS"),
        flat.proposal("BRUNO", "CFO", seat=2),
    ]
    assert (await flat.store.matches.save_run(COMEX, late, [])).proposed == 1
    assert await decisions(flat) == {
        ("ANNA", "BOSS"): "approved",
        ("BRUNO", "CFO"): "proposed",
    }


async def test_every_decision_is_on_the_ledger_of_its_pair_with_who_and_when(
    flat: World,
) -> None:
    await decide(
        flat, approve=((await matches(flat))["ANNA", "BOSS"].id,), by="console"
    )
    await decide(flat, ban=(two(flat, "BRUNO", "CFO"),), by="command")
    review = await flat.store.reviews.find(COMEX)
    assert [(d.revision, d.what, d.by) for d in review.decided] == [
        (2, "refused", "command"),
        (1, "approved", "console"),
    ]
    assert review.revision == 2 and [ban.by for ban in review.bans] == ["command"]
    ledgers = [
        await flat.store.pairs.ledger(flat.pair(mentor).workflow_id)
        for mentor in ("ANNA", "BRUNO")
    ]
    assert [(lines[-1].what, lines[-1].by) for lines in ledgers] == [
        ("match_approved", "console"),
        ("match_refused", "command"),
    ]


async def test_the_same_decision_again_is_no_second_one(flat: World) -> None:
    decision = {"swap": await swap_of(flat), "run": 1, "revision": 0}
    for _ in range(2):
        await decide(flat, **decision)
    assert (await flat.store.reviews.find(COMEX)).revision == 1


async def test_the_review_says_what_changed_since_the_last_run(flat: World) -> None:
    await flat.store.matches.save_run(COMEX, [flat.proposal("BRUNO", "BOSS")], [])
    found = (await flat.store.reviews.find(COMEX)).changes
    assert [(c.kind, c.mentee_name, c.mentor_name, c.mentor_before) for c in found] == [
        ("partner", "Name of BOSS", "Name of BRUNO", "Name of ANNA"),
        ("gone", "Name of CFO", None, "Name of BRUNO"),
    ]


async def test_the_review_names_who_may_be_put_together(world: World) -> None:
    found = (await world.store.reviews.find(COMEX)).free
    assert [(one.side, one.name) for one in found] == [
        ("mentor", "Name of ANNA"),
        ("mentor", "Name of BRUNO"),
        ("mentee", "Name of BOSS"),
        ("mentee", "Name of CFO"),
    ]


async def test_namesakes_who_may_be_put_together_have_their_ids_beside_them(
    world: World,
) -> None:
    await world.store.imports.apply(
        file(line("BRUNO", "idf", roles="mentor", manager="LEAD", name="Name of ANNA"))
    )
    names = [one.name for one in (await world.store.reviews.find(COMEX)).free]
    assert names == [
        "Name of ANNA (ANNA)",
        "Name of ANNA (BRUNO)",
        "Name of BOSS",
        "Name of CFO",
    ]


async def test_a_reopened_store_knows_what_was_decided(
    flat: World, database_url: str
) -> None:
    await decide(flat, pin=(two(flat, "ANNA", "BOSS"),))
    store = await Store.open(database_url)
    assert [pin.mentor for pin in (await store.reviews.find(COMEX)).pins] == [
        flat.ids["ANNA"]
    ]
    await store.close()
