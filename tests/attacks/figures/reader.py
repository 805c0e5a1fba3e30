"""Somebody who reads everything, has the code, knows the marks of two people, and computes exactly.

A sum of marks is possible or not: sets of sums are the bits of a number, so that all of
them are added, cut and compared at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from domain import calls
from schemas.policy import Policy
from schemas.records.releases import HIGHEST_MARK, LOWEST_MARK, MINIMUM_PEOPLE
from tests.attacks.figures.course import DAY, Figure, Given, Read, minutes

MARKS = range(LOWEST_MARK, HIGHEST_MARK + 1)
Fixed = Mapping[Given, int]
"""Marks that the reader knows, or supposes."""


def findings(read: Read) -> Iterator[str]:
    """Yield what the reader can say that nobody may."""
    for figure in read.figures:
        if len({pulse.person for pulse in figure.added}) < MINIMUM_PEOPLE:
            yield "two figures differ by fewer than five people"
    for ideas in read.ideas:
        if len({pulse.person for pulse in ideas}) < MINIMUM_PEOPLE:
            yield "ideas of fewer than five people appear together"
    yield from _calls_that_were_wanted(read)
    yield from _known_marks(read)


def _calls_that_were_wanted(read: Read) -> Iterator[str]:
    """Calls that can be laid to one person, since nothing else explains when they came."""
    for pair, at in read.calls:
        causes = [
            *_pulses_behind(read, pair, at),
            *_draws_behind(read, pair, at),
        ]
        likeliest = max((cause.likely for cause in causes), default=0.0)
        believed = {c.person for c in causes if c.likely * COINCIDENCE > likeliest}
        if not believed:
            yield "a call was asked for by the mentor"
        elif len(believed) == 1 and None not in believed:
            yield "a call came of one person's pulse"


COINCIDENCE = 1000
"""What has one chance in as many is not believed."""


@dataclass(frozen=True)
class Cause:
    """What a call may have come of; without a person it was drawn by lot for that moment."""

    person: int | None
    likely: float
    """A minute's share of the minutes at which it might have come."""


def _pulses_behind(read: Read, pair: int, at: int) -> Iterator[Cause]:
    longest = minutes(read.rules.delay(1.0))
    for pulse in read.pulses:
        if pulse.pair == pair and _may_cause(read, pulse, at):
            yield Cause(pulse.person, 1 / (longest + 1))


def _may_cause(read: Read, pulse: Given, at: int) -> bool:
    return pulse.minute <= at <= pulse.minute + minutes(read.rules.delay(1.0))


def _draws_behind(read: Read, pair: int, at: int) -> Iterator[Cause]:
    rules = read.rules
    longest = minutes(calls.drawn_call_delay(rules.policy, 1.0))
    if rules.draws(rules.policy.feedback, 0.0):
        answers = [(pulse.pair, pulse.minute) for pulse in read.pulses]
        answers += [(other.pair, other.minute) for other in read.others]
        for of, minute in answers:
            if of == pair and minute <= at <= minute + longest:
                yield Cause(None, 1 / (longest + 1))


def _known_marks(read: Read) -> Iterator[str]:
    """Marks of others that have one value only, for a reader who knows those of some two."""
    batches = [_groups(read, figure.added) for figure in read.figures]
    sums = [_possible_sums(figure) for figure in read.figures]
    people = sorted({p.person for figure in read.figures for p in figure.added})
    for two in combinations(people, 2):
        known = {
            pulse: pulse.mark
            for figure in read.figures
            for pulse in figure.added
            if pulse.person in two
        }
        yield from _with_known(batches, sums, known)


Group = tuple[tuple[Given, ...], frozenset[int]]
"""Pulses that the same calls may have come of; and which of them, as bits, may be low together."""


def _groups(read: Read, pulses: Sequence[Given]) -> list[Group]:
    """Split pulses by what is known of them together: where no call came, no mark was low."""
    by_pair: defaultdict[tuple[int, int], list[Given]] = defaultdict(list)
    for pulse in pulses:
        by_pair[pulse.pair, pulse.minute // DAY].append(pulse)
    return [(tuple(group), _low_together(read, group)) for group in by_pair.values()]


def _low_together(read: Read, group: Sequence[Given]) -> frozenset[int]:
    """Each low mark has a call of its own behind it; a call is no sign of a low mark."""
    behind = [
        {at for pair, at in read.calls if pair == p.pair and _may_cause(read, p, at)}
        for p in group
    ]
    return frozenset(
        some
        for some in range(1 << len(group))
        if _each_has_its_own([c for n, c in enumerate(behind) if some >> n & 1])
    )


def _each_has_its_own(behind: Sequence[Collection[int]]) -> bool:
    return any(len(set(chosen)) == len(behind) for chosen in product(*behind))


def _possible_sums(figure: Figure) -> int:
    """Every sum of all marks so far with which the figure would look as it does."""

    def same(total: int) -> bool:
        within = figure.marks <= total <= HIGHEST_MARK * figure.marks
        return within and figure.looks(total) == figure.shown

    low = high = figure.total
    for step in (64, 32, 16, 8, 4, 2, 1):
        while same(low - step):
            low -= step
        while same(high + step):
            high += step
    return ((1 << (high - low + 1)) - 1) << low


def _with_known(
    batches: Sequence[Sequence[Group]], sums: Sequence[int], known: Fixed
) -> Iterator[str]:
    """Before each release and after it are sums that fit all others; a mark has to fit between."""
    whole = [_added(batch, known) for batch in batches]
    before = [1]
    for batch, possible in zip(whole, sums, strict=True):
        before.append(_plus(before[-1], batch) & possible)
    after = sums[-1] if sums else 0
    for number in reversed(range(len(batches))):
        after &= sums[number]
        for at, (group, low) in enumerate(batches[number]):
            others = [*batches[number][:at], *batches[number][at + 1 :]]
            rest = _plus(before[number], _added(others, known))
            for pulse in group:
                if pulse in known:
                    continue
                values = [
                    value
                    for value in MARKS
                    if _plus(rest, _sums(group, low, known, {pulse: value})) & after
                ]
                if len(values) == 1:
                    yield f"a mark is a {values[0]}"
        after = _minus(after, whole[number])


def _added(groups: Collection[Group], known: Fixed) -> int:
    total = 1
    for group, low in groups:
        total = _plus(total, _sums(group, low, known, {}))
    return total


def _sums(
    group: Sequence[Given], low: frozenset[int], known: Fixed, supposed: Fixed
) -> int:
    fixed = {**known, **supposed}
    return _sums_of(tuple(fixed.get(pulse, 0) for pulse in group), low)


@cache
def _sums_of(marks: tuple[int, ...], low_together: frozenset[int]) -> int:
    """The sums of marks, 0 for any."""
    choices = [(mark,) if mark else tuple(MARKS) for mark in marks]
    possible = 0
    for chosen in product(*choices):
        low = sum(1 << n for n, mark in enumerate(chosen) if mark <= LOW)
        if low in low_together:
            possible |= 1 << sum(chosen)
    return possible


LOW = Policy().feedback.low_score


def _plus(sums: int, added: int) -> int:
    total, by = 0, 0
    while added >> by:
        if added >> by & 1:
            total |= sums << by
        by += 1
    return total


def _minus(sums: int, added: int) -> int:
    """The sums from which adding leads to one of these."""
    total, by = 0, 0
    while added >> by:
        if added >> by & 1:
            total |= sums >> by
        by += 1
    return total
