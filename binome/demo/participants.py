"""The participants of the demo, and what they are like. The same seed makes the same people."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from io import StringIO


class Trait(StrEnum):
    """A habit in which a participant differs from most."""

    DECLINES = "declines"
    """Does not want to be a mentor."""
    UNREADY = "unready"
    """Volunteers, and has no time for the training: waits for the next occasion, and is ready then."""
    SILENT = "silent"
    """Overlooks the first invitation, and answers the reminder."""
    REFUSES = "refuses"
    """Would rather not meet the first person proposed."""
    WORRIED = "worried"
    """Asks for help in the first pulse."""


@dataclass(frozen=True)
class Participant:
    """One person of the people file, and how they take part."""

    external_id: str
    email: str
    region: str
    roles: frozenset[str]
    locale: str = "fr"
    has_delegate: bool = False
    """Whether the delegate answers this person's invitations."""
    traits: frozenset[Trait] = frozenset()
    seats: int = 1


@dataclass
class Participants:
    """All participants of the demo. `lenders` are the regions whose mentors come first."""

    people: Iterable[Participant]
    lenders: Sequence[str]
    seed: int
    by_email: dict[str, Participant] = field(init=False)
    eager: tuple[str, ...] = field(init=False)
    """External ids of mentors who did all modules before anybody asked."""

    def __post_init__(self) -> None:
        people = list(self.people)
        # Whoever has two seats is asked twice at once, which would blur what the traits below show.
        one_seat = (
            p
            for p in people
            if "mentor" in p.roles and p.region in self.lenders and p.seats == 1
        )
        mentors = self._in_random_order("mentor", one_seat)
        mentees = self._in_random_order(
            "mentee", (p for p in people if "mentee" in p.roles and p.region == "comex")
        )
        others = self._in_random_order(
            "others", (p for p in people if "mentee" in p.roles and not p.has_delegate)
        )
        traits = [
            *zip(
                mentors,
                (
                    Trait.DECLINES,
                    Trait.DECLINES,
                    Trait.UNREADY,
                    Trait.WORRIED,
                    Trait.SILENT,
                ),
                strict=False,
            ),
            *((p, Trait.REFUSES) for p in mentees[:1]),
            *((p, Trait.SILENT) for p in others[:3]),
        ]
        self.eager = tuple(p.external_id for p in mentors[5:7])
        self.by_email = {
            p.email: replace(p, traits=frozenset(t for who, t in traits if who is p))
            for p in people
        }

    def chance(self, person: Participant, about: str) -> float:
        """Returns a number from 0 to below 1, the same for the same person and
        question.
        """
        drawn = sha256(f"{self.seed}:{person.external_id}:{about}".encode()).digest()
        return int.from_bytes(drawn[:6], "big") / 2**48

    def _in_random_order(
        self, about: str, people: Iterable[Participant]
    ) -> list[Participant]:
        return sorted(people, key=lambda person: self.chance(person, about))


def read_people(content: bytes) -> list[Participant]:
    """The people file, as far as it matters here; the import has checked it."""
    rows = csv.DictReader(StringIO(content.decode()))
    return [
        Participant(
            external_id=row["external_id"],
            email=row["email"],
            region=row["region"],
            roles=frozenset(row["roles"].split()),
            locale=row["locale"],
            has_delegate=bool(row["delegate"]),
            seats=int(row["seats"] or 1),
        )
        for row in rows
    ]
