"""How matches stand when a decision about them comes, and what is to be written of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.review import MentorMentee

OPEN = frozenset({"proposed", "replaced"})
"""Nobody decided about it; one that was replaced is being matched again."""
APPROVED = frozenset({"approved", "claimed", "announced"})


class ReviewedMatch(NamedTuple):
    """A match as it stands."""

    match: str
    run: int
    pair: str
    people: MentorMentee
    decision: str


class DecisionEntry(NamedTuple):
    """One line of what was decided; `people` is None for a run that was asked for."""

    what: str
    people: MentorMentee | None = None
    by: str = ""

    def __str__(self) -> str:
        about = f" ({self.people})" if self.people else ""
        return f"{self.what} by {self.by}{about}"


@dataclass(frozen=True)
class ReviewSnapshot:
    """How matches stand when a decision comes."""

    run: int
    matches: Mapping[str, ReviewedMatch]
    """Of the newest run, and whatever else the decision names."""
    since: Sequence[DecisionEntry] = ()
    """What was decided after the revision that was reviewed."""
    pins: frozenset[MentorMentee] = frozenset()
    bans: frozenset[MentorMentee] = frozenset()
    """Of ops."""
    seats: Mapping[str, int] = field(default_factory=dict)
    """Free seats by mentor, without those of approved matches."""
    waiting: frozenset[str] = frozenset()
    """Mentees who may be matched."""
    mentors: frozenset[str] = frozenset()
    """Who has a seat in the cohort, free or not, of those whom the decision names."""
    mentees: frozenset[str] = frozenset()
    """Who is enrolled in it, of those."""


@dataclass
class DecisionPlan:
    """What is to be written."""

    approve: list[ReviewedMatch] = field(default_factory=list)
    refuse: list[ReviewedMatch] = field(default_factory=list)
    swap: list[tuple[ReviewedMatch, ReviewedMatch]] = field(default_factory=list)
    pin: list[MentorMentee] = field(default_factory=list)
    unpin: list[MentorMentee] = field(default_factory=list)
    ban: list[MentorMentee] = field(default_factory=list)
    unban: list[MentorMentee] = field(default_factory=list)
    rerun: bool = False

    def seat_decisions(self) -> list[tuple[str, ReviewedMatch]]:
        """What was decided about seats that a run had given away."""
        return [
            *(("approved", match) for match in self.approve),
            *(("refused", match) for match in self.refuse),
            *(("swapped", match) for both in self.swap for match in both),
        ]

    def entries(self) -> list[DecisionEntry]:
        """In the order in which they are told."""
        return [
            *(
                DecisionEntry(what, match.people)
                for what, match in self.seat_decisions()
            ),
            *(DecisionEntry("unpinned", two) for two in self.unpin),
            *(DecisionEntry("pinned", two) for two in self.pin),
            *(DecisionEntry("unbanned", two) for two in self.unban),
            *(DecisionEntry("banned", two) for two in self.ban),
            *([DecisionEntry("rerun")] if self.rerun and not self.refuse else []),
        ]
