"""Two matches that ops swap: each seat gets the other's mentee."""

from collections.abc import Iterable, Mapping, Sequence

from domain.review.snapshot import ReviewedMatch, exchanged
from schemas.cohort import MatchDecision
from schemas.matches.matching import MatchProposal
from schemas.matches.review import CheckedMatch, MentorMentee


def swapped_people(
    decision: MatchDecision, known: Mapping[str, MentorMentee]
) -> tuple[MentorMentee, ...]:
    """Returns who would be together.

    A match that is not known is left out here, and refused with the whole decision.
    """
    both = [
        (known[swap.one], known[swap.other])
        for swap in decision.swap
        if swap.one in known and swap.other in known
    ]
    return tuple(people for one, other in both for people in exchanged(one, other))


def swapped_proposals(
    swaps: Iterable[tuple[ReviewedMatch, ReviewedMatch]],
    checked_matches: Sequence[CheckedMatch],
) -> list[MatchProposal]:
    """Returns each seat with the other's mentee, as the rules score it; it is reviewed
    like any other.
    """
    checked = {match.people: match for match in checked_matches}
    return [
        MatchProposal(
            pair=seat.pair,
            mentor=people.mentor,
            mentee=people.mentee,
            score=checked[people].score,
            reasons=checked[people].reasons,
        )
        for one, other in swaps
        for seat, people in zip(
            (one, other), exchanged(one.people, other.people), strict=True
        )
    ]
