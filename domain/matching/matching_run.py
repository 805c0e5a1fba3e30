"""One run of matching: from a pool to proposals, to who is unmatched and what helps.

What happens between the rules and the proposals is explained in docs/solver.md.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from domain.matching.arrays import UNMATCHED, IndexArray
from domain.matching.candidates import Candidates
from domain.matching.pins import PINNED, seats_for_pins
from domain.matching.rule_gains import rule_gains
from domain.matching.scoring import CancellationCheckpoint, RuledPool, pair_reasons
from domain.matching.solver.assignment import assign
from domain.matching.unmatched import (
    Reasons,
    why_mentees_unmatched,
    why_mentors_unmatched,
)
from schemas.matches.matching import (
    FreeSeat,
    MatchingPool,
    MatchProposal,
    MatchReason,
    MatchRun,
    UnmatchedPerson,
)
from schemas.people import Person

_PROPOSAL = MatchProposal(
    pair="-", mentor="p" + "a" * 13, mentee="p" + "a" * 13, score=0
)
"""Copied with other values, which is faster than checking known ones."""
_LAST = datetime.max.replace(tzinfo=UTC)

MatchingPhase = Literal["rules", "assignment", "reasons", "gains"]


def never_stop() -> None:
    """A checkpoint that stops nothing."""


def match_pool(
    pool: MatchingPool,
    checkpoint: CancellationCheckpoint = never_stop,
    gains_checkpoint: CancellationCheckpoint = never_stop,
    on_phase: Callable[[MatchingPhase], None] = lambda _: None,
) -> MatchRun:
    """Matches as many mentees as possible, then as well as possible, then by turn; the
    order of the pool changes nothing.

    Args:
        checkpoint: called between blocks of work; what it raises ends the run.
        gains_checkpoint: the same while gains are counted; `CountingTimeUp` ends only
            that.
        on_phase: called with each phase as it begins, in the order of `MatchingPhase`.

    Raises:
        PinsContradict: not all pins of the pool can be matched.
    """
    seats = sorted(pool.seats, key=_turn)
    pinned = seats_for_pins(pool, seats)
    pinned_pairs = {seat.pair for seat, _ in pinned}
    seats = [seat for seat in seats if seat.pair not in pinned_pairs]
    on_phase("rules")
    ruled = _ruled_without(pool, pinned, seats)
    seat_mentors = [ruled.candidates.column_of[seat.mentor] for seat in seats]
    seat_of = _assign_seats(ruled, seat_mentors, checkpoint, on_phase)
    on_phase("reasons")
    # UNMATCHED is also the index of what is put behind the last seat
    mentor_of = np.array([*seat_mentors, UNMATCHED], np.intp)[seat_of]
    mentees = np.flatnonzero(seat_of != UNMATCHED)
    filled = [seats[seat] for seat in seat_of[mentees]]
    proposals = (*_propose_pinned(pool, pinned), *_propose(ruled, filled, mentees))
    unmatched = (
        *_unmatched_mentors(ruled, {match.mentor for match in proposals}, checkpoint),
        *_unmatched_mentees(ruled, mentor_of, checkpoint),
    )
    on_phase("gains")
    free = _seats_by_mentor(ruled, seats) - _seats_by_mentor(ruled, filled)
    gains = rule_gains(ruled, mentor_of, free, gains_checkpoint)
    return MatchRun(proposals=proposals, unmatched=unmatched, gains=gains)


def _turn(seat: FreeSeat) -> tuple[bool, datetime, str]:
    """Returns the sort key of turns: first in line, then longest wait, then id."""
    return not seat.first_in_line, seat.since or _LAST, seat.pair


def _ruled_without(
    pool: MatchingPool,
    pinned: Iterable[tuple[FreeSeat, str]],
    seats: Iterable[FreeSeat],
) -> RuledPool:
    """Leaves out who is pinned; of mentors only those of the seats take part."""
    gone = {mentee for _, mentee in pinned}
    return _ruled_among(
        pool,
        {person.person for person in pool.mentees} - gone,
        {seat.mentor for seat in seats},
    )


def _ruled_among(
    pool: MatchingPool, mentees: Collection[str], mentors: Collection[str]
) -> RuledPool:
    among = pool.having(
        mentees=tuple(person for person in pool.mentees if person.person in mentees),
        mentors=tuple(person for person in pool.mentors if person.person in mentors),
    )
    return RuledPool.of(Candidates.of(among))


def _assign_seats(
    ruled: RuledPool,
    seat_mentors: Sequence[int],
    checkpoint: CancellationCheckpoint,
    on_phase: Callable[[MatchingPhase], None],
) -> IndexArray:
    """Returns the number of each mentee's seat; UNMATCHED: none."""
    blocks = list(ruled.allowed_blocks(checkpoint))
    on_phase("assignment")
    seat_of = np.full(ruled.shape[0], UNMATCHED, np.intp)
    for seat, mentee in assign(blocks, ruled.shape, seat_mentors, checkpoint):
        seat_of[mentee] = seat
    return seat_of


def _propose_pinned(
    pool: MatchingPool, pinned: Sequence[tuple[FreeSeat, str]]
) -> list[MatchProposal]:
    if not pinned:
        return []
    ruled = _ruled_among(
        pool,
        {mentee for _, mentee in pinned},
        {seat.mentor for seat, _ in pinned},
    )
    row_of = ruled.candidates.row_of
    mentees = np.array([row_of[mentee] for _, mentee in pinned], np.intp)
    return _propose(
        ruled, [seat for seat, _ in pinned], mentees, (MatchReason(rule=PINNED),)
    )


def _propose(
    ruled: RuledPool,
    seats: Sequence[FreeSeat],
    mentees: IndexArray,
    first_reasons: tuple[MatchReason, ...] = (),
) -> list[MatchProposal]:
    column_of = ruled.candidates.column_of
    mentors = np.array([column_of[seat.mentor] for seat in seats], np.intp)
    people = [ruled.candidates.mentees[row].person for row in mentees.tolist()]
    scores = ruled.scores(mentees, mentors)
    of_pairs = pair_reasons(ruled, mentees, mentors)
    proposals = [
        _PROPOSAL.having(
            pair=seat.pair,
            mentor=seat.mentor,
            mentee=mentee,
            score=score,
            reasons=(*first_reasons, *reasons),
        )
        for seat, mentee, score, reasons in zip(
            seats, people, scores, of_pairs, strict=True
        )
    ]
    return sorted(proposals, key=lambda proposal: proposal.pair)


def _unmatched_mentors(
    ruled: RuledPool, matched: set[str], checkpoint: CancellationCheckpoint
) -> list[UnmatchedPerson]:
    """Mentors none of whose free seats was filled."""
    columns = ruled.candidates.column_of.items()
    places = np.array([at for person, at in columns if person not in matched], np.intp)
    return _unmatched(
        "mentor",
        ruled.candidates.mentors,
        places,
        why_mentors_unmatched(ruled, places, checkpoint),
    )


def _unmatched_mentees(
    ruled: RuledPool, mentor_of: IndexArray, checkpoint: CancellationCheckpoint
) -> list[UnmatchedPerson]:
    places = np.flatnonzero(mentor_of == UNMATCHED)
    return _unmatched(
        "mentee",
        ruled.candidates.mentees,
        places,
        why_mentees_unmatched(ruled, places, checkpoint),
    )


def _unmatched(
    side: Literal["mentor", "mentee"],
    people: Sequence[Person],
    places: IndexArray,
    reasons: Iterable[Reasons],
) -> list[UnmatchedPerson]:
    return [
        UnmatchedPerson(person=people[place].person, side=side, reasons=found)
        for place, found in zip(places.tolist(), reasons, strict=True)
    ]


def _seats_by_mentor(ruled: RuledPool, seats: Iterable[FreeSeat]) -> IndexArray:
    column_of = ruled.candidates.column_of
    mentors = np.array([column_of[seat.mentor] for seat in seats], np.intp)
    return np.bincount(mentors, minlength=ruled.shape[1])
