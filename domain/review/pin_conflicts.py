"""Pins that would stop the next run: they contradict each other or another decision."""

from collections import Counter
from collections.abc import Iterable

from domain.review.snapshot import DecisionPlan, ReviewSnapshot
from schemas.matches.review import DecisionRefused, MentorMentee
from schemas.wording.counted import counted


def check_pins(snapshot: ReviewSnapshot, plan: DecisionPlan) -> None:
    """Checks the pins that there would be.

    Raises:
        DecisionRefused: with the ids, and which pin or ban to take back.
    """
    pins = snapshot.pins - set(plan.unpin) | set(plan.pin)
    _check_bans(pins, snapshot, plan)
    _check_approved(pins, plan)
    _check_one_mentor_each(pins, plan)
    _check_seats(pins, snapshot, plan)


def _check_bans(
    pins: frozenset[MentorMentee], snapshot: ReviewSnapshot, plan: DecisionPlan
) -> None:
    kept_apart = {*plan.ban, *(match.people for match in plan.refuse)}
    if people := _first(pins & kept_apart):
        raise DecisionRefused(f"{people} are pinned; take the pin back first")
    if people := _first(set(plan.pin) & (snapshot.bans - set(plan.unban))):
        raise DecisionRefused(f"{people} are banned; take the ban back first")


def _check_approved(pins: frozenset[MentorMentee], plan: DecisionPlan) -> None:
    for match in plan.approve:
        other = _first(
            people
            for people in pins
            if people.mentee == match.people.mentee and people != match.people
        )
        if other:
            raise DecisionRefused(
                f"{other} are pinned, so {match.people} cannot be approved;"
                " take the pin back first"
            )


def _check_one_mentor_each(pins: frozenset[MentorMentee], plan: DecisionPlan) -> None:
    times_pinned = Counter(people.mentee for people in pins)
    for mentee in sorted({people.mentee for people in plan.pin}):
        if times_pinned[mentee] > 1:
            mentors = sorted(
                people.mentor for people in pins if people.mentee == mentee
            )
            raise DecisionRefused(
                f"mentee {mentee} would be pinned to {' and to '.join(mentors)};"
                " take back one of the pins"
            )


def _check_seats(
    pins: frozenset[MentorMentee], snapshot: ReviewSnapshot, plan: DecisionPlan
) -> None:
    """Refuse more pins of a mentor with waiting mentees than the mentor has seats."""
    approved = [match.people for match in plan.approve]
    waiting = snapshot.waiting - {people.mentee for people in approved}
    approved_by_mentor = Counter(people.mentor for people in approved)
    pinned: dict[str, list[str]] = {}
    for people in sorted(pins, key=str):
        if people.mentee in waiting and people.mentor in snapshot.seats:
            pinned.setdefault(people.mentor, []).append(people.mentee)
    for mentor, mentees in pinned.items():
        free = max(0, snapshot.seats[mentor] - approved_by_mentor[mentor])
        if free < len(mentees):
            raise DecisionRefused(
                f"mentor {mentor} would be pinned to {' and to '.join(mentees)},"
                f" with {counted(free, 'free seat')}; take back a pin"
            )


def _first(people: Iterable[MentorMentee]) -> MentorMentee | None:
    return min(people, key=str, default=None)
