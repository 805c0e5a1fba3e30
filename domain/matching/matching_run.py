"""One run of matching: from a pool to proposals, to those who are left and to what would help them. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from domain.matching.arrays import Index
from domain.matching.assignment import assign
from domain.matching.candidates import Candidates
from domain.matching.pins import PINNED, settle
from domain.matching.rule_gains import gains
from domain.matching.scoring import Ruled, Step, explain
from domain.matching.unmatched import why_mentees, why_mentors
from schemas.matching import (
    FreeSeat,
    MatchingPool,
    MatchProposal,
    MatchReason,
    MatchRun,
    UnmatchedPerson,
)

_PROPOSAL = MatchProposal(
    pair="-", mentor="p" + "a" * 13, mentee="p" + "a" * 13, score=0
)
_NEVER = datetime.max.replace(tzinfo=UTC)


Phase = Literal["rules", "assignment", "reasons", "gains"]


def on() -> None:
    """A step that stops nothing."""


def unseen(_: Phase) -> None:
    """Nobody looks how far it is."""


def match_pool(
    pool: MatchingPool,
    step: Step = on,
    counting: Step = on,
    begun: Callable[[Phase], None] = unseen,
) -> MatchRun:
    """Match as many mentees as possible, then as well as possible; the order of the pool changes nothing.

    Args:
        step: called between blocks of work; what it raises ends the run.
        counting: the same while gains are counted; `TooLong` ends only that.
        begun: told of each phase as it begins, in the order of `Phase`.

    Raises:
        PinsContradict: the pins of the pool cannot all stand.
    """
    seats = sorted(pool.seats, key=_turn)
    pinned = settle(pool, seats)
    taken, gone = {seat.pair for seat, _ in pinned}, {mentee for _, mentee in pinned}
    seats = [seat for seat in seats if seat.pair not in taken]
    begun("rules")
    ruled = Ruled.of(
        Candidates.of(
            _among(
                pool, [p.person for p in pool.mentees if p.person not in gone], seats
            )
        )
    )
    c, seat_of = ruled.c, _matched(ruled, seats, step, begun)
    begun("reasons")
    mentor_of = np.array(
        [c.columns[seats[seat].mentor] if seat >= 0 else -1 for seat in seat_of],
        np.intp,
    )
    matched = np.flatnonzero(mentor_of >= 0)
    proposals = (
        *_pinned(pool, pinned),
        *_proposals(
            ruled, [seats[seat_of[at]] for at in matched], matched, mentor_of[matched]
        ),
    )
    left = (
        *_left_mentors(ruled, {proposal.mentor for proposal in proposals}, step),
        *_left("mentee", ruled, np.flatnonzero(mentor_of < 0), step),
    )
    begun("gains")
    return MatchRun(
        proposals=proposals,
        unmatched=left,
        gains=gains(ruled, mentor_of, _free(c, seats, mentor_of), counting),
    )


def _turn(seat: FreeSeat) -> tuple[bool, datetime, str]:
    """First in line first, then who has waited longest, then by id."""
    return not seat.first_in_line, seat.since or _NEVER, seat.pair


def _among(
    pool: MatchingPool, mentees: Iterable[str], seats: Iterable[FreeSeat]
) -> MatchingPool:
    """The pool with only these mentees, and the mentors of these seats."""
    these, those = set(mentees), {seat.mentor for seat in seats}
    return pool.having(
        mentees=tuple(person for person in pool.mentees if person.person in these),
        mentors=tuple(person for person in pool.mentors if person.person in those),
    )


def _matched(
    ruled: Ruled, seats: Sequence[FreeSeat], step: Step, begun: Callable[[Phase], None]
) -> Index:
    """The seat of each mentee; -1: none."""
    c = ruled.c
    seat_of = np.full(c.shape[0], -1, np.intp)
    blocks = list(ruled.blocks(step))
    begun("assignment")
    for seat, mentee in assign(
        blocks, c.shape, [c.columns[seat.mentor] for seat in seats], step
    ):
        seat_of[mentee] = seat
    return seat_of


def _proposals(
    ruled: Ruled,
    seats: Sequence[FreeSeat],
    mentees: Index,
    mentors: Index,
    first: tuple[MatchReason, ...] = (),
) -> list[MatchProposal]:
    scores = (
        np.clip(sum(ruled.shares(mentees, mentors), np.zeros(len(mentees))), 0, 1)
        .round(4)
        .tolist()
    )
    people = [ruled.c.mentees[at].person for at in mentees.tolist()]
    found = zip(seats, people, scores, explain(ruled, mentees, mentors), strict=True)
    proposals = [
        _PROPOSAL.having(
            pair=seat.pair,
            mentor=seat.mentor,
            mentee=mentee,
            score=score,
            reasons=(*first, *reasons),
        )
        for seat, mentee, score, reasons in found
    ]
    return sorted(proposals, key=lambda proposal: proposal.pair)


def _pinned(
    pool: MatchingPool, pinned: Sequence[tuple[FreeSeat, str]]
) -> list[MatchProposal]:
    if not pinned:
        return []
    ruled = Ruled.of(
        Candidates.of(
            _among(pool, [mentee for _, mentee in pinned], [seat for seat, _ in pinned])
        )
    )
    mentees = np.array([ruled.c.rows[mentee] for _, mentee in pinned], np.intp)
    mentors = np.array([ruled.c.columns[seat.mentor] for seat, _ in pinned], np.intp)
    return _proposals(
        ruled,
        [seat for seat, _ in pinned],
        mentees,
        mentors,
        (MatchReason(rule=PINNED),),
    )


def _left_mentors(ruled: Ruled, matched: set[str], step: Step) -> list[UnmatchedPerson]:
    """Mentors none of whose free seats was filled."""
    left = [place for person, place in ruled.c.columns.items() if person not in matched]
    return _left("mentor", ruled, np.array(left, np.intp), step)


def _left(side: str, ruled: Ruled, places: Index, step: Step) -> list[UnmatchedPerson]:
    people, why = (
        (ruled.c.mentees, why_mentees)
        if side == "mentee"
        else (ruled.c.mentors, why_mentors)
    )
    reasons = why(ruled, places, step)
    found = zip(places.tolist(), reasons, strict=True)
    return [
        UnmatchedPerson(person=people[at].person, side=side, reasons=why)
        for at, why in found
    ]


def _free(c: Candidates, seats: Iterable[FreeSeat], mentor_of: Index) -> Index:
    """How many seats of each mentor are left."""
    have = np.bincount(
        np.array([c.columns[seat.mentor] for seat in seats], np.intp),
        minlength=c.shape[1],
    )
    return have - np.bincount(mentor_of[mentor_of >= 0], minlength=c.shape[1])
