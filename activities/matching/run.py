"""One run of matching: from a pool to proposals and to those who are left, each with reasons. Pure."""

from datetime import UTC, datetime

from activities.matching.arrays import Bits
from activities.matching.assignment import assign
from activities.matching.candidates import Candidates
from activities.matching.left import why_left
from activities.matching.scoring import exclusions, explain, scores
from schemas.matching import Left, MatchRun, Pool, Proposal, Seat

_NEVER = datetime.max.replace(tzinfo=UTC)


def match_pool(pool: Pool) -> MatchRun:
    """Match as many mentees as possible, then as well as possible; the order of the pool changes nothing."""
    c = Candidates.of(pool)
    seats = sorted((seat for seat in pool.seats if seat.mentor in c.rows), key=_turn)
    rows = [c.rows[seat.mentor] for seat in seats]
    excluded, suits = exclusions(c), scores(c)
    matched = assign((excluded == 0)[rows], suits[rows], range(len(seats)))
    pairs = [(rows[seat], mentee) for seat, mentee in matched]
    proposals = tuple(
        Proposal(
            pair=seats[seat].pair,
            mentor=seats[seat].mentor,
            mentee=c.mentees[mentee].person,
            score=round(float(suits[rows[seat], mentee]), 4),
            reasons=reasons,
        )
        for (seat, mentee), reasons in zip(matched, explain(c, pairs), strict=True)
    )
    left = (*_mentors_left(c, seats, proposals, excluded), *_mentees_left(c, proposals, excluded))
    return MatchRun(proposals=proposals, left=left)


def _turn(seat: Seat) -> tuple[bool, datetime, str]:
    """First in line first, then who has waited longest, then by id."""
    return not seat.first_in_line, seat.since or _NEVER, seat.pair


def _mentees_left(c: Candidates, proposals: tuple[Proposal, ...], excluded: Bits) -> list[Left]:
    matched = {proposal.mentee for proposal in proposals}
    return [
        Left(person=person, side="mentee", reasons=why_left(excluded[:, column]))
        for person, column in c.columns.items()
        if person not in matched
    ]


def _mentors_left(c: Candidates, seats: list[Seat], proposals: tuple[Proposal, ...], excluded: Bits) -> list[Left]:
    """Mentors none of whose free seats was filled."""
    matched = {proposal.mentor for proposal in proposals}
    return [
        Left(person=person, side="mentor", reasons=why_left(excluded[c.rows[person]]))
        for person in sorted({seat.mentor for seat in seats} - matched)
    ]
