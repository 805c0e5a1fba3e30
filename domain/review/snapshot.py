"""How matches stand when a decision about them comes, and what is to be written of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.review import Two

OPEN = frozenset({"proposed", "replaced"})
"""Nobody decided about it; one that was replaced is being matched again."""
APPROVED = frozenset({"approved", "claimed", "announced"})


class Known(NamedTuple):
    """A match as it stands."""

    match: str
    run: int
    pair: str
    two: Two
    decision: str


class Line(NamedTuple):
    """One line of what was decided; `two` is None of a run that was asked for."""

    what: str
    two: Two | None = None
    by: str = ""

    def __str__(self) -> str:
        about = f" ({self.two})" if self.two else ""
        return f"{self.what} by {self.by}{about}"


@dataclass(frozen=True)
class Standing:
    """How matches stand when a decision comes."""

    run: int
    matches: Mapping[str, Known]
    """Of the newest run, and whatever else the decision names."""
    since: Sequence[Line] = ()
    """What was decided after the revision that was reviewed."""
    pins: frozenset[Two] = frozenset()
    bans: frozenset[Two] = frozenset()
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
class Settled:
    """What is to be written."""

    approve: list[Known] = field(default_factory=list)
    refuse: list[Known] = field(default_factory=list)
    swap: list[tuple[Known, Known]] = field(default_factory=list)
    pin: list[Two] = field(default_factory=list)
    unpin: list[Two] = field(default_factory=list)
    ban: list[Two] = field(default_factory=list)
    unban: list[Two] = field(default_factory=list)
    rerun: bool = False

    def about_pairs(self) -> list[tuple[str, Known]]:
        """What was decided about seats that a run had given away."""
        return [
            *(("approved", match) for match in self.approve),
            *(("refused", match) for match in self.refuse),
            *(("swapped", match) for both in self.swap for match in both),
        ]

    def lines(self) -> list[Line]:
        """In the order in which they are told."""
        return [
            *(Line(what, match.two) for what, match in self.about_pairs()),
            *(Line("unpinned", two) for two in self.unpin),
            *(Line("pinned", two) for two in self.pin),
            *(Line("unbanned", two) for two in self.unban),
            *(Line("banned", two) for two in self.ban),
            *([Line("rerun")] if self.rerun and not self.refuse else []),
        ]
