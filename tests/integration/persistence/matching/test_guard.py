"""Checks of the guard: which pairs are found, held and signalled, and that a repeat changes nothing."""

from datetime import UTC, datetime

import pytest

from activities.persistence.store import Store
from domain.matching.reporting_line_guard import too_close
from schemas.cohort import MatchDecision
from schemas.people import PersonUpdate
from schemas.records.inbox import NewEvent
from schemas.stages import Stage
from tests.integration.persistence.matching.crowd import SIZE, Crowd, people
from tests.support.world import (
    COMEX,
    file,
    line,
)


@pytest.fixture
async def crowd(store: Store) -> Crowd:
    made = Crowd(store)
    await made.open()
    for n in range(SIZE):
        await made.put_pair(n)
    return made


async def test_a_cohort_looks_only_after_reporting_lines_changed(crowd: Crowd) -> None:
    before = await crowd.store.cohorts.counts(COMEX)
    await crowd.store.imports.apply(people([1]))
    after, due = await crowd.store.cohorts.counts(COMEX), await crowd.store.guard.due()
    await crowd.look(1)
    assert (before.guard_due, after.guard_due, due) == (
        False,
        True,
        [COMEX.workflow_id],
    )
    assert (
        (await crowd.store.cohorts.counts(COMEX)).guard_due,
        await crowd.store.guard.due(),
    ) == (False, [])


async def test_a_change_of_anything_else_is_no_reason_to_look(crowd: Crowd) -> None:
    await crowd.store.imports.apply(
        file(line("M1", "idf", roles="mentor", site="Lyon", function="Sales"))
    )
    assert not (await crowd.store.cohorts.counts(COMEX)).guard_due


async def test_an_event_about_a_manager_counts_from_the_day_on_which_it_takes_effect(
    crowd: Crowd,
) -> None:
    eve, day = (datetime(2027, 5, n, 9, tzinfo=UTC) for n in (3, 4))
    changed = PersonUpdate(
        key="e1",
        external_id="M1",
        source="hr",
        cells={"manager": "MENTEE1"},
        effective=day.date(),
    )
    event = NewEvent(
        key="e1", source="hr", event_id="e1", type="t", kind="person_updated"
    )
    await crowd.store.people_updates.apply([changed], [event], eve)
    await crowd.store.people_updates.apply_due(eve)
    assert await crowd.store.guard.due() == []
    await crowd.store.people_updates.apply_due(day)
    assert await crowd.store.guard.due() == [COMEX.workflow_id]
    await crowd.look_now()
    assert await crowd.signal() == [(1, "too_close")]


async def test_a_manager_and_their_report_are_found_and_signalled_once(
    crowd: Crowd,
) -> None:
    found = await crowd.look(1)
    assert (
        found.pairs,
        found.held,
        (await crowd.store.cohorts.counts(COMEX)).guard_to_notify,
    ) == (SIZE, 0, 1)
    assert (await crowd.signal(), await crowd.signal()) == ([(1, "too_close")], [])
    await crowd.look(1, 2)
    assert await crowd.signal() == [(2, "too_close")]


async def test_people_of_one_line_with_too_few_levels_between_are_found(
    crowd: Crowd,
) -> None:
    await crowd.look(3, middle="MENTEE3")
    assert await crowd.signal() == [(3, "too_close")]


async def test_a_pair_apart_again_is_signalled_if_it_was_signalled_before(
    crowd: Crowd,
) -> None:
    await crowd.look(1)
    await crowd.signal()
    await crowd.look(2)
    await crowd.look()
    assert (await crowd.signal(), await crowd.signal()) == ([(1, "apart_again")], [])


async def test_a_pair_close_again_before_the_contrary_was_signalled_gets_no_signal(
    crowd: Crowd,
) -> None:
    await crowd.look(1)
    await crowd.signal()
    await crowd.look()
    await crowd.look(1)
    assert await crowd.signal() == []


async def test_a_look_that_is_saved_twice_changes_nothing_the_second_time(
    crowd: Crowd,
) -> None:
    await crowd.store.imports.apply(people([1, 2, 3]))
    seen = await crowd.store.guard.snapshot(COMEX)
    close = too_close(seen, lambda: None)
    once = await crowd.store.guard.save(COMEX, seen, close)
    assert await crowd.store.guard.save(COMEX, seen, close) == once


async def test_whoever_parted_or_held_every_session_is_not_found(crowd: Crowd) -> None:
    await crowd.put_pair(1, 2, Stage.MATCHING, mentee=False)
    await crowd.put_pair(2, 2, Stage.FEEDBACK)
    assert (await crowd.look(1, 2)).pairs == SIZE - 2
    assert await crowd.signal() == []


async def test_a_pair_is_not_signalled_about_somebody_who_left(crowd: Crowd) -> None:
    await crowd.look(1)
    await crowd.signal()
    await crowd.leaves("MENTEE1")
    await crowd.leaves("MENTEE2")
    mentors = [
        line("M1", "idf", roles="mentor"),
        line("M2", "idf", roles="mentor", manager="MENTEE2"),
    ]
    await crowd.look_after(file(*mentors))
    assert await crowd.signal() == []


async def test_a_finding_about_two_who_part_is_forgotten(crowd: Crowd) -> None:
    await crowd.look(1, 2, 3)
    await crowd.put_pair(1, 2, Stage.MATCHING, mentee=False)
    assert (await crowd.look(1, 2, 3)).held == 0
    assert await crowd.signal() == [(2, "too_close"), (3, "too_close")]


async def test_an_unannounced_match_lapses_when_its_two_are_too_close(
    crowd: Crowd,
) -> None:
    for n in (1, 2):
        await crowd.put_pair(n, 2, Stage.MATCHING, mentee=False)
    await crowd.store.matches.save_run(
        COMEX, [crowd.proposal(1), crowd.proposal(2)], []
    )
    assert (await crowd.look(1)).lapsed == 1
    review = await crowd.store.reviews.find(COMEX)
    assert {m.mentor: m.decision for m in review.matches} == {
        crowd.ids["M1"]: "lapsed",
        crowd.ids["M2"]: "proposed",
    }


async def test_a_pair_is_signalled_only_after_its_match_is_announced(
    crowd: Crowd,
) -> None:
    await crowd.put_pair(1, 2, Stage.MATCHING, mentee=False)
    await crowd.store.matches.save_run(COMEX, [crowd.proposal(1)], [])
    await crowd.store.reviews.decide(COMEX, MatchDecision(all=True))
    (claim,) = await crowd.store.matches.claim_approved(COMEX)
    await crowd.look(1)
    assert (
        await crowd.signal(),
        (await crowd.store.cohorts.counts(COMEX)).guard_to_notify,
    ) == (
        [],
        0,
    )
    await crowd.store.matches.mark_announced(COMEX, [claim.match])
    assert await crowd.signal() == [(1, "too_close")]
