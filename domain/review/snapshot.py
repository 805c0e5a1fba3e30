"""The data on which a decision about matches is checked, and the changes it makes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.matches.review import MentorMentee

UNDECIDED = frozenset({"proposed", "replaced"})
"""Decisions of matches about which nobody has decided; a replaced one is matched again."""
APPROVED = frozenset({"approved", "claimed", "announced"})


class ReviewedMatch(NamedTuple):
    """A match of a run, and what was decided about it."""

    id: str
    run: int
    pair: str
    """Workflow id of the pair whose seat it fills."""
    people: MentorMentee
    decision: str


class DecisionEntry(NamedTuple):
    """One line of the record of decisions."""

    what: str
    """approved, refused, swapped, pinned, unpinned, banned, unbanned or rerun."""
    people: MentorMentee | None = None
    """None for a run that was asked for."""
    by: str = ""

    def __str__(self) -> str:
        about = f" ({self.people})" if self.people else ""
        return f"{self.what} by {self.by}{about}"


@dataclass(frozen=True)
class ReviewSnapshot:
    """The matches of a cohort at the moment when a decision comes."""

    run: int
    """Number of the newest run; 0: there was none."""
    matches: Mapping[str, ReviewedMatch]
    """By id: those of the newest run, and whatever else the decision names."""
    since: Sequence[DecisionEntry] = ()
    """What was decided after the revision that was reviewed."""
    pins: frozenset[MentorMentee] = frozenset()
    bans: frozenset[MentorMentee] = frozenset()
    """Two people whom ops banned; refusals by one of the two are not among them."""
    seats: Mapping[str, int] = field(default_factory=dict)
    """Free seats by mentor, without those of approved matches."""
    waiting: frozenset[str] = frozenset()
    """Mentees who wait for a match and may be matched."""
    mentors: frozenset[str] = frozenset()
    """Those whom the decision names and who have a seat in the cohort, free or not."""
    mentees: frozenset[str] = frozenset()
    """Those whom the decision names and who are enrolled in it."""

    def newest_matches(self) -> Iterator[ReviewedMatch]:
        """Yields what the newest run proposes and nobody decided about."""
        for match in self.matches.values():
            if match.run == self.run and match.decision == "proposed":
                yield match


@dataclass
class DecisionPlan:
    """All changes that an accepted decision writes to PostgreSQL."""

    approve: list[ReviewedMatch] = field(default_factory=list)
    refuse: list[ReviewedMatch] = field(default_factory=list)
    swap: list[tuple[ReviewedMatch, ReviewedMatch]] = field(default_factory=list)
    pin: list[MentorMentee] = field(default_factory=list)
    unpin: list[MentorMentee] = field(default_factory=list)
    ban: list[MentorMentee] = field(default_factory=list)
    unban: list[MentorMentee] = field(default_factory=list)
    rerun: bool = False

    def seat_decisions(self) -> list[tuple[str, ReviewedMatch]]:
        """Returns what is decided about seats for which a run proposed somebody."""
        return [
            *(("approved", match) for match in self.approve),
            *(("refused", match) for match in self.refuse),
            *(("swapped", match) for both in self.swap for match in both),
        ]

    def entries(self) -> list[DecisionEntry]:
        """Returns the lines of the record, in their order."""
        return [
            *(
                DecisionEntry(what, match.people)
                for what, match in self.seat_decisions()
            ),
            *(DecisionEntry("unpinned", people) for people in self.unpin),
            *(DecisionEntry("pinned", people) for people in self.pin),
            *(DecisionEntry("unbanned", people) for people in self.unban),
            *(DecisionEntry("banned", people) for people in self.ban),
            *([DecisionEntry("rerun")] if self.rerun and not self.refuse else []),
        ]


def exchanged(
    one: MentorMentee, other: MentorMentee
) -> tuple[MentorMentee, MentorMentee]:
    """Returns the same four people, each mentor with the other's mentee."""
    return (
        MentorMentee(mentor=one.mentor, mentee=other.mentee),
        MentorMentee(mentor=other.mentor, mentee=one.mentee),
    )
