"""What a decision about matches comes to, given how they stand: all of it, or a refusal in words. Pure.

Words hold ids and codes: a refusal stands in the history of the cohort. The console puts names in their place.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from domain.review.snapshot import (
    APPROVED,
    OPEN,
    DecisionEntry,
    DecisionPlan,
    ReviewedMatch,
    ReviewSnapshot,
)
from schemas.cohort import MatchDecision
from schemas.counted import counted
from schemas.review import CheckedMatch, DecisionRefused, MentorMentee

TOLD = 3
"""So many of several are named in a refusal."""


def plan_decision(
    decision: MatchDecision,
    stands: ReviewSnapshot,
    checked_matches: Iterable[CheckedMatch] = (),
) -> DecisionPlan:
    """What to write; the same decision again comes to nothing.

    Raises:
        DecisionRefused: it says two things of one, names what is not there, breaks a rule or contradicts a pin, or
            somebody decided otherwise about the same since it was reviewed.
    """
    if not decision.decides:
        raise DecisionRefused("nothing is decided; say all, or name matches or people")
    if not stands.run and not _about_people(decision):
        raise DecisionRefused(
            "nothing was proposed yet; wait for the first run of matching"
        )
    _check_run(decision, stands)
    _check_said_once(decision)
    approve = [_found(match, stands) for match in dict.fromkeys(decision.approve)]
    refuse = [_found(match, stands) for match in dict.fromkeys(decision.refuse)]
    swaps = [
        (_found(swap.one, stands), _found(swap.other, stands)) for swap in decision.swap
    ]
    _check_meanwhile(decision, stands, [*_meant(decision, approve, refuse, swaps)])
    settled = DecisionPlan(
        rerun=decision.rerun, swap=[both for both in swaps if _to_swap(*both)]
    )
    if decision.all:
        named = {
            known.match
            for known in (
                *approve,
                *refuse,
                *(one for both in settled.swap for one in both),
            )
        }
        approve += [
            k
            for k in stands.matches.values()
            if _newest(k, stands) and k.match not in named
        ]
    settled.approve = [known for known in approve if _to_do(known, APPROVED)]
    settled.refuse = [known for known in refuse if _to_do(known, {"refused"})]
    _people(decision, stands, settled)
    _check_rules([*settled.pin, *_after(settled.swap)], checked_matches)
    _check_pins(stands, settled)
    _check_all(decision, stands, settled)
    return settled


def _about_people(decision: MatchDecision) -> bool:
    return bool(decision.pin or decision.unpin or decision.ban or decision.unban)


def _newest(known: ReviewedMatch, stands: ReviewSnapshot) -> bool:
    return known.run == stands.run and known.decision == "proposed"


def _check_run(decision: MatchDecision, stands: ReviewSnapshot) -> None:
    """All, and a new run, are about what one saw; a match by its id may still stand in the newest run."""
    if decision.run in (0, stands.run) or (
        decision.run < stands.run and not (decision.all or decision.rerun)
    ):
        return
    raise DecisionRefused(
        f"run {stands.run} has replaced the one that was reviewed; look at it and decide again{_told(stands.since)}"
    )


def _check_said_once(decision: MatchDecision) -> None:
    swapped = [match for swap in decision.swap for match in (swap.one, swap.other)]
    both = set(decision.approve) & set(decision.refuse)
    both |= set(swapped) & {*decision.approve, *decision.refuse} | {
        m for m, n in Counter(swapped).items() if n > 1
    }
    if both:
        raise DecisionRefused(
            f"{len(both)} of the matches are both approved and refused, or swapped too; choose one"
        )
    for one, other in (
        (decision.pin, decision.unpin),
        (decision.ban, decision.unban),
        (decision.pin, decision.ban),
    ):
        if two := next(iter(set(one) & set(other)), None):
            raise DecisionRefused(
                f"{two} are named twice, with opposite decisions; choose one"
            )


def _found(match: str, stands: ReviewSnapshot) -> ReviewedMatch:
    """The match that is meant: of an older run, the same two in the newest one."""
    known = stands.matches.get(match)
    if known is None:
        raise DecisionRefused(
            f"some of the matches are not in run {stands.run}; take the ids from the review page"
        )
    if known.run == stands.run or known.decision in APPROVED:
        return known
    same = [
        k
        for k in stands.matches.values()
        if k.run == stands.run and k.people == known.people
    ]
    if not same:
        raise DecisionRefused(
            f"run {stands.run} has replaced the one that was reviewed, and does not propose {known.people} any more; "
            f"look at it and decide again{_told(stands.since)}"
        )
    return min(same, key=lambda k: k.decision not in OPEN)


def _to_swap(one: ReviewedMatch, other: ReviewedMatch) -> bool:
    """False: they were already."""
    if one.decision == other.decision == "swapped":
        return False
    if (
        one.people.mentor == other.people.mentor
        or one.people.mentee == other.people.mentee
    ):
        raise DecisionRefused(
            f"{one.people} and {other.people} have nothing to exchange; swap matches of four people"
        )
    for known in (one, other):
        if known.decision != "proposed":
            raise DecisionRefused(
                f"{known.people} were decided otherwise before; reload the review page"
            )
    return True


def _after(swaps: Iterable[tuple[ReviewedMatch, ReviewedMatch]]) -> list[MentorMentee]:
    return [two for one, other in swaps for two in exchanged(one.people, other.people)]


def exchanged(
    one: MentorMentee, other: MentorMentee
) -> tuple[MentorMentee, MentorMentee]:
    """The same four people, each mentor with the other's mentee."""
    return MentorMentee(mentor=one.mentor, mentee=other.mentee), MentorMentee(
        mentor=other.mentor, mentee=one.mentee
    )


_ALIKE = {"approved": "for", "pinned": "for", "refused": "against", "banned": "against"}


def _meant(
    decision: MatchDecision,
    approve: Iterable[ReviewedMatch],
    refuse: Iterable[ReviewedMatch],
    swaps: Sequence[tuple[ReviewedMatch, ReviewedMatch]],
) -> Iterable[DecisionEntry]:
    yield from (DecisionEntry("approved", known.people) for known in approve)
    yield from (DecisionEntry("refused", known.people) for known in refuse)
    yield from (
        DecisionEntry("swapped", known.people) for both in swaps for known in both
    )
    for what, twos in (
        ("pinned", (*decision.pin, *_after(swaps))),
        ("unpinned", decision.unpin),
        ("banned", decision.ban),
        ("unbanned", decision.unban),
    ):
        yield from (DecisionEntry(what, two) for two in twos)


def _check_meanwhile(
    decision: MatchDecision, stands: ReviewSnapshot, meant: Sequence[DecisionEntry]
) -> None:
    """Decisions of two reviewers about different matches do not touch each other."""
    ours: dict[MentorMentee | None, set[str]] = {}
    for line in meant:
        ours.setdefault(line.people, set()).add(_alike(line))
    others = [
        line for line in stands.since if _alike(line) not in ours.get(line.people, ())
    ]
    of_all = ("refused", "banned", "swapped") if decision.all else ()
    news = [line for line in others if line.people in ours or line.what in of_all]
    if news:
        raise DecisionRefused(
            f"somebody decided otherwise in the meantime; look again{_told(news)}"
        )


def _alike(line: DecisionEntry) -> str:
    return _ALIKE.get(line.what, line.what)


def _told(lines: Sequence[DecisionEntry]) -> str:
    """Such as `: refused by console (mentor … and mentee …)`."""
    if not lines:
        return ""
    more = f"; and {len(lines) - TOLD} more" if len(lines) > TOLD else ""
    return f": {'; '.join(str(line) for line in lines[:TOLD])}{more}"


def _to_do(known: ReviewedMatch, done: Iterable[str]) -> bool:
    """Whether it is still to be decided so; false: it was already."""
    if known.decision in OPEN:
        return True
    if known.decision in done:
        return False
    raise DecisionRefused(
        f"{known.people} were decided otherwise before; reload the review page"
    )


def _people(
    decision: MatchDecision, stands: ReviewSnapshot, settled: DecisionPlan
) -> None:
    """Pins and bans. What stands so already is left out, and what was swapped is pinned."""
    for two in (*decision.pin, *decision.ban):
        if two.mentor not in stands.mentors or two.mentee not in stands.mentees:
            raise DecisionRefused(
                f"{two}: the first must have a seat in this cohort, the second be enrolled in it"
            )
    settled.unpin = [two for two in dict.fromkeys(decision.unpin) if two in stands.pins]
    settled.unban = [two for two in dict.fromkeys(decision.unban) if two in stands.bans]
    pins = (*decision.pin, *_after(settled.swap))
    settled.pin = [two for two in dict.fromkeys(pins) if two not in stands.pins]
    settled.ban = [two for two in dict.fromkeys(decision.ban) if two not in stands.bans]
    proposed = [
        k
        for k in stands.matches.values()
        if _newest(k, stands) and k.people in settled.ban
    ]
    settled.refuse += [known for known in proposed if known not in settled.refuse]
    settled.ban = [
        two
        for two in settled.ban
        if two not in {known.people for known in settled.refuse}
    ]


def _check_rules(
    twos: Sequence[MentorMentee], checked_matches: Iterable[CheckedMatch]
) -> None:
    checked = {match.people: match for match in checked_matches}
    for two in twos:
        if two not in checked:
            raise DecisionRefused(
                f"nobody has looked yet whether the rules let {two}; decide again"
            )
        if rule := checked[two].broken_rule:
            raise DecisionRefused(
                f"{two} must not be matched: {rule.replace('_', ' ')}"
            )


def _check_pins(stands: ReviewSnapshot, settled: DecisionPlan) -> None:
    """Pins that contradict each other, or what is approved or refused, would stop the next run."""
    pins = stands.pins - set(settled.unpin) | set(settled.pin)
    away = {*settled.ban, *(known.people for known in settled.refuse)}
    if two := _first(pins & away):
        raise DecisionRefused(f"{two} are pinned; take the pin back first")
    if two := _first(set(settled.pin) & (stands.bans - set(settled.unban))):
        raise DecisionRefused(f"{two} are banned; take the ban back first")
    for known in settled.approve:
        if two := _first(
            two
            for two in pins
            if two.mentee == known.people.mentee and two != known.people
        ):
            raise DecisionRefused(
                f"{two} are pinned, so {known.people} cannot be approved; take the pin back first"
            )
    _check_places(pins, stands, settled)


def _check_places(
    pins: Iterable[MentorMentee], stands: ReviewSnapshot, settled: DecisionPlan
) -> None:
    """Each pinned mentee has one mentor, and each mentor seats enough for those who wait."""
    anew = {two.mentee for two in settled.pin}
    for mentee in sorted(
        m
        for m, many in Counter(two.mentee for two in pins).items()
        if many > 1 and m in anew
    ):
        named = " and to ".join(
            sorted(two.mentor for two in pins if two.mentee == mentee)
        )
        raise DecisionRefused(
            f"mentee {mentee} would be pinned to {named}; take back one of the pins"
        )
    still = stands.waiting - {known.people.mentee for known in settled.approve}
    asked = sorted(
        (two for two in pins if two.mentee in still and two.mentor in stands.seats),
        key=str,
    )
    used = Counter(known.people.mentor for known in settled.approve)
    for mentor, many in Counter(two.mentor for two in asked).items():
        if (free := max(0, stands.seats[mentor] - used[mentor])) < many:
            named = " and to ".join(two.mentee for two in asked if two.mentor == mentor)
            seats = counted(free, "free seat")
            raise DecisionRefused(
                f"mentor {mentor} would be pinned to {named}, with {seats}; take back a pin"
            )


def _first(twos: Iterable[MentorMentee]) -> MentorMentee | None:
    return min(twos, key=str, default=None)


def _check_all(
    decision: MatchDecision, stands: ReviewSnapshot, settled: DecisionPlan
) -> None:
    done = {
        known.decision for known in stands.matches.values() if known.run == stands.run
    }
    named = settled.approve or settled.refuse or decision.refuse
    if decision.all and not named and done & {"refused", "lapsed", "replaced"}:
        raise DecisionRefused(
            "somebody decided in the meantime, and nothing is left to approve; look again"
        )
