"""Looks of the guard: who is found, what is held, who is told, and that one look is as good as two."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from activities.persistence.store import Store
from domain.matching.reporting_line_guard import too_close
from schemas.cohort import MatchDecision
from schemas.effects import RecordBatch
from schemas.guard import GuardResult
from schemas.ids import PairRef
from schemas.inbox import NewEvent
from schemas.matching import MatchProposal
from schemas.people import PersonUpdate
from schemas.stages import Awaited, Stage
from tests.support.world import (
    AT,
    COMEX,
    cohort_start,
    document,
    file,
    line,
    plan,
    record,
)

SIZE = 8


def people(close: Iterable[int] = (), middle: str = "") -> bytes:
    """Mentors, of whom those with these numbers report to their mentees, or to somebody in the middle."""
    mentees = [line(f"MENTEE{n}", roles="mentee") for n in range(SIZE)]
    mid = [line("MIDDLE", "idf", manager=middle)]
    above = {n: "MIDDLE" if middle else f"MENTEE{n}" for n in close}
    return file(
        *mentees,
        *mid,
        *(
            line(f"M{n}", "idf", roles="mentor", manager=above.get(n, ""))
            for n in range(SIZE)
        ),
    )


class Crowd:
    """A cohort whose pairs all have sessions."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ids: dict[str, str] = {}

    async def open(self) -> None:
        await self.store.imports.apply(people())
        self.ids = {
            p.external_id: p.person
            for p in await self.store.people.in_region(None, 100, 0)
        }
        await self.store.programmes.claim(document(), plan(), "programme:pilot")
        await self.store.cohorts.open(cohort_start(plan()))

    def pair(self, n: int) -> PairRef:
        return PairRef(
            programme="pilot", region="comex", mentor=self.ids[f"M{n}"], seat=1
        )

    async def stands(
        self,
        n: int,
        revision: int = 1,
        stage: Stage = Stage.SESSIONS,
        mentee: bool = True,
        frozen: bool = False,
    ) -> None:
        who = self.ids[f"MENTEE{n}"] if mentee else None
        said = record(revision, stage=stage, mentee=who)
        state = {
            "now": str(AT),
            "deadlines": {Awaited.DECISION_DUE: str(AT)} if frozen else {},
        }
        await self.store.records.record(
            RecordBatch(pair=self.pair(n), records=(said,), state=state)
        )

    async def leaves(self, who: str) -> None:
        left = {
            "kind": "person_left",
            "type": "binome.person_left.v1",
            "person": self.ids[who],
        }
        await self.store.inbox.store(
            [NewEvent(key=f"e-{who}", source="hr", event_id=who, **left)]
        )

    def proposal(self, n: int) -> MatchProposal:
        pair, mentor, mentee = (
            self.pair(n).workflow_id,
            self.ids[f"M{n}"],
            self.ids[f"MENTEE{n}"],
        )
        return MatchProposal(pair=pair, mentor=mentor, mentee=mentee, score=0.5)

    async def look(self, *close: int, middle: str = "") -> GuardResult:
        """After this change of people."""
        return await self.look_after(people(close, middle))

    async def look_after(self, changes: bytes) -> GuardResult:
        await self.store.imports.apply(changes)
        return await self.look_now()

    async def look_now(self) -> GuardResult:
        seen = await self.store.guard.snapshot(COMEX)
        return await self.store.guard.save(COMEX, seen, too_close(seen, lambda: None))

    async def told(self) -> list[tuple[int, str]]:
        """Who is told what, by the numbers of the pairs."""
        found = await self.store.guard.unsignalled(COMEX, 100)
        await self.store.guard.mark_signalled(found)
        return sorted(
            (n, f.status)
            for f in found
            for n in range(SIZE)
            if self.pair(n).workflow_id == f.pair
        )


@pytest.fixture
async def crowd(store: Store) -> Crowd:
    made = Crowd(store)
    await made.open()
    for n in range(SIZE):
        await made.stands(n)
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
    assert await crowd.told() == [(1, "too_close")]


async def test_a_manager_and_their_report_are_found_and_told_once(crowd: Crowd) -> None:
    found = await crowd.look(1)
    assert (
        found.pairs,
        found.held,
        (await crowd.store.cohorts.counts(COMEX)).guard_to_notify,
    ) == (SIZE, 0, 1)
    assert (await crowd.told(), await crowd.told()) == ([(1, "too_close")], [])
    await crowd.look(1, 2)
    assert await crowd.told() == [(2, "too_close")]


async def test_people_of_one_line_with_too_few_levels_between_are_found(
    crowd: Crowd,
) -> None:
    await crowd.look(3, middle="MENTEE3")
    assert await crowd.told() == [(3, "too_close")]


async def test_those_who_are_apart_again_hear_it_if_they_had_heard_the_other(
    crowd: Crowd,
) -> None:
    await crowd.look(1)
    await crowd.told()
    await crowd.look(2)
    await crowd.look()
    assert (await crowd.told(), await crowd.told()) == ([(1, "apart_again")], [])


async def test_who_is_close_again_before_they_heard_the_contrary_hears_nothing(
    crowd: Crowd,
) -> None:
    await crowd.look(1)
    await crowd.told()
    await crowd.look()
    await crowd.look(1)
    assert await crowd.told() == []


async def test_a_change_that_would_freeze_many_is_held_and_told_after_its_release(
    crowd: Crowd,
) -> None:
    found = await crowd.look(1, 2, 3)
    counts = await crowd.store.cohorts.counts(COMEX)
    assert (found.held, found.hold, counts.guard_held, counts.guard_to_notify) == (
        3,
        1,
        3,
        0,
    )
    assert (
        await crowd.store.guard.decide(COMEX, release=True, reason="reorganised") == 3
    )
    assert await crowd.told() == [(n, "too_close") for n in (1, 2, 3)]


async def test_a_dismissed_change_is_not_asked_about_again_until_it_was_mended(
    crowd: Crowd,
) -> None:
    await crowd.look(1, 2, 3)
    await crowd.store.guard.decide(COMEX, release=False, reason="wrong_feed")
    assert ((await crowd.look(1, 2, 3, 4)).held, await crowd.told()) == (
        0,
        [(4, "too_close")],
    )
    assert ((await crowd.look()).held, await crowd.told()) == (0, [(4, "apart_again")])
    assert (
        (await crowd.look(1, 2, 3)).held,
        (await crowd.store.cohorts.counts(COMEX)).guard_held,
    ) == (3, 3)


async def test_ops_are_asked_once_about_a_change_that_grows_and_no_more_when_it_shrinks(
    crowd: Crowd,
) -> None:
    found = [
        await crowd.look(1, 2, 3),
        await crowd.look(1, 2, 3, 4),
        await crowd.look(1),
    ]
    assert [(f.held, f.hold) for f in found] == [(3, 1), (4, 1), (0, 1)]
    assert await crowd.told() == [(1, "too_close")]
    assert (await crowd.look(1, 2, 3, 4)).hold == 2


async def test_changes_that_come_bit_by_bit_are_held_as_one_would_be(
    crowd: Crowd,
) -> None:
    for n in (1, 2):
        assert (await crowd.look(*range(1, n + 1))).held == 0
        await crowd.told()
        await crowd.stands(n, 2, frozen=True)
    assert ((await crowd.look(1, 2, 3)).held, await crowd.told()) == (1, [])


async def test_changes_in_a_row_are_held_before_their_pairs_have_heard_of_them(
    crowd: Crowd,
) -> None:
    looks = [await crowd.look(*range(1, n + 1)) for n in (1, 2, 3)]
    assert ([look.held for look in looks], await crowd.told()) == (
        [0, 0, 1],
        [(1, "too_close"), (2, "too_close")],
    )


async def test_pairs_that_go_on_again_do_not_count_towards_the_next_change(
    crowd: Crowd,
) -> None:
    for n in (1, 2):
        await crowd.look(*range(1, n + 1))
        await crowd.told()
        await crowd.stands(n, 2, frozen=True)
        await crowd.stands(n, 3)
    assert ((await crowd.look(1, 2, 3)).held, await crowd.told()) == (
        0,
        [(3, "too_close")],
    )


async def test_after_a_release_the_next_change_counts_by_itself(crowd: Crowd) -> None:
    await crowd.look(1, 2, 3)
    await crowd.store.guard.decide(COMEX, release=True, reason="reorganised")
    await crowd.told()
    for n in (1, 2, 3):
        await crowd.stands(n, 2, frozen=True)
    assert ((await crowd.look(1, 2, 3, 4)).held, await crowd.told()) == (
        0,
        [(4, "too_close")],
    )


async def test_a_look_that_is_saved_twice_changes_nothing_the_second_time(
    crowd: Crowd,
) -> None:
    await crowd.store.imports.apply(people([1, 2, 3]))
    seen = await crowd.store.guard.snapshot(COMEX)
    close = too_close(seen, lambda: None)
    once = await crowd.store.guard.save(COMEX, seen, close)
    assert await crowd.store.guard.save(COMEX, seen, close) == once


async def test_whoever_parted_or_held_every_session_is_not_found(crowd: Crowd) -> None:
    await crowd.stands(1, 2, Stage.MATCHING, mentee=False)
    await crowd.stands(2, 2, Stage.FEEDBACK)
    assert (await crowd.look(1, 2)).pairs == SIZE - 2
    assert await crowd.told() == []


async def test_of_somebody_who_left_the_pair_hears_by_that_alone(crowd: Crowd) -> None:
    await crowd.look(1)
    await crowd.told()
    await crowd.leaves("MENTEE1")
    await crowd.leaves("MENTEE2")
    mentors = [
        line("M1", "idf", roles="mentor"),
        line("M2", "idf", roles="mentor", manager="MENTEE2"),
    ]
    await crowd.look_after(file(*mentors))
    assert await crowd.told() == []


async def test_a_finding_about_two_who_part_is_forgotten(crowd: Crowd) -> None:
    await crowd.look(1, 2, 3)
    await crowd.stands(1, 2, Stage.MATCHING, mentee=False)
    assert (await crowd.look(1, 2, 3)).held == 0
    assert await crowd.told() == [(2, "too_close"), (3, "too_close")]


async def test_a_match_that_nobody_heard_of_lapses_when_its_two_are_too_close(
    crowd: Crowd,
) -> None:
    for n in (1, 2):
        await crowd.stands(n, 2, Stage.MATCHING, mentee=False)
    await crowd.store.matches.save_run(
        COMEX, [crowd.proposal(1), crowd.proposal(2)], []
    )
    assert (await crowd.look(1)).lapsed == 1
    review = await crowd.store.reviews.find(COMEX)
    assert {m.mentor: m.decision for m in review.matches} == {
        crowd.ids["M1"]: "lapsed",
        crowd.ids["M2"]: "proposed",
    }


async def test_a_pair_that_has_not_heard_of_its_match_is_told_after_it_has(
    crowd: Crowd,
) -> None:
    await crowd.stands(1, 2, Stage.MATCHING, mentee=False)
    await crowd.store.matches.save_run(COMEX, [crowd.proposal(1)], [])
    await crowd.store.reviews.decide(COMEX, MatchDecision(all=True))
    (claim,) = await crowd.store.matches.claim_approved(COMEX)
    await crowd.look(1)
    assert (
        await crowd.told(),
        (await crowd.store.cohorts.counts(COMEX)).guard_to_notify,
    ) == (
        [],
        0,
    )
    await crowd.store.matches.mark_announced(COMEX, [claim.match])
    assert await crowd.told() == [(1, "too_close")]
