"""A whole course of a cohort, and all that anybody can ever read of it: figures, ideas, calls and times.

What people gave is released as the code does it, once a day and when the wave closes, and
is rendered as reports, the evidence and the sponsor's mail render it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache

from binome.commands.report import report
from domain import calls
from domain.programme.evidence import PairTotals, evidence
from domain.releases.next_release import (
    MeanRelease,
    ReleasedMarks,
    enough_people,
    next_release,
)
from schemas.policy import Feedback, Policy
from schemas.records.releases import Release
from schemas.records.status import ProgrammeStatus, RegionStatus
from tests.support.lives import MONDAY
from tests.unit.domain.programme.test_rollout import plan

DAY = 24 * 60
"""Times are minutes from the start."""
PLAN = plan()


@dataclass(frozen=True)
class Given:
    """A pulse, with the lots that were drawn for it."""

    pair: int
    person: int
    minute: int
    mark: int
    wants_help: bool = False
    idea: bool = False
    lot: float = 1.0
    delay: float = 0.5


@dataclass(frozen=True)
class OtherAnswer:
    """Any other answer on a page of a pair: to a time, whether it was held, hours."""

    pair: int
    minute: int
    lot: float = 1.0
    delay: float = 0.5


@dataclass(frozen=True)
class HelpAsked:
    """A mentor who presses *I need help* in some mail."""

    pair: int
    minute: int
    delay: float = 0.5


@dataclass(frozen=True)
class Course:
    """All that people do in one wave of one region, in any order."""

    pulses: Sequence[Given]
    others: Sequence[OtherAnswer] = ()
    helps: Sequence[HelpAsked] = ()


ReleaseRule = Callable[
    [Sequence[ReleasedMarks], Mapping[str, Sequence[int]], int, int], MeanRelease | None
]


@dataclass(frozen=True)
class Rules:
    """What decides what is published and who is called: as it is, or weaker."""

    release: ReleaseRule = next_release
    enough: Callable[[int], bool] = enough_people
    least_uncalled: Callable[[Feedback], int] = calls.least_mark_uncalled
    delay: Callable[[float], timedelta] = calls.concern_delay
    draws: Callable[[Feedback, float], bool] = calls.answer_draws_call
    policy: Policy = field(default_factory=Policy)


Shown = tuple[object, ...]
"""A figure as it is read."""


@dataclass(frozen=True)
class Figure:
    """A release as it is read, with what is known to be in it by its date."""

    shown: Shown
    added: Sequence[Given]
    looks: Callable[[int], Shown | None]
    """How the release would look if all marks up to it had another sum; whoever has the code can tell."""
    marks: int
    """How many it is about, with those of earlier ones."""
    total: int
    """Where to begin to look; what is concluded does not depend on it."""


@dataclass
class Read:
    """All that somebody has who reads everything, and knows who answered when."""

    rules: Rules
    figures: list[Figure] = field(default_factory=list)
    ideas: list[list[Given]] = field(default_factory=list)
    """Those that appeared together, with whoever can have had them."""
    pulses: Sequence[Given] = ()
    others: Sequence[OtherAnswer] = ()
    calls: list[tuple[int, int]] = field(default_factory=list)
    """Pair and minute, from histories, ledger and outbox alike."""


def play(course: Course, rules: Rules) -> Read:
    """Let the days pass; returns what was published, and when."""
    read = Read(rules, pulses=course.pulses, others=course.others)
    read.calls = sorted(_calls(course, rules))
    waiting: list[Given] = []
    ideas: list[Given] = []
    published: list[ReleasedMarks] = []
    total = 0
    last = max((pulse.minute for pulse in course.pulses), default=0)
    for day in range(last // DAY + 1):
        today = [p for p in course.pulses if p.minute // DAY == day]
        waiting += today
        ideas += [pulse for pulse in today if pulse.idea]
        if rules.enough(len({pulse.person for pulse in ideas})):
            read.ideas.append(ideas)
            ideas = []
        if figure := _published(published, waiting, total, rules):
            read.figures.append(figure)
            waiting, total = [], figure.total
    return read


def _calls(course: Course, rules: Rules) -> set[tuple[int, int]]:
    feedback, found = rules.policy.feedback, set()
    for pulse in course.pulses:
        if calls.raises_concern(
            feedback, pulse.mark, wants_help=pulse.wants_help, lot=pulse.lot
        ):
            found.add((pulse.pair, pulse.minute + minutes(rules.delay(pulse.delay))))
    for other in course.others:
        if rules.draws(feedback, other.lot):
            wait = calls.drawn_call_delay(rules.policy, other.delay)
            found.add((other.pair, other.minute + minutes(wait)))
    for asked in course.helps:
        found.add((asked.pair, asked.minute + minutes(rules.delay(asked.delay))))
    return found


def minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _published(
    published: list[ReleasedMarks], waiting: Sequence[Given], total: int, rules: Rules
) -> Figure | None:
    before = list(published)
    least = rules.least_uncalled(rules.policy.feedback)
    made = rules.release(before, _by_person(waiting), total, least)
    if made is None:
        return None
    added = Counter(str(pulse.person) for pulse in waiting)
    published.append(ReleasedMarks(added, made.mean.least_sum, made.mean.most_sum))

    def looks(total: int) -> Shown | None:
        """The sum of earlier marks is whatever is left: what is shown is about all of them."""
        threes = _by_person([replace(pulse, mark=3) for pulse in waiting])
        other = rules.release(before, threes, total - 3 * len(waiting), least)
        return _shown(other) if other else None

    marks = sum(sum(release.marks.values()) for release in published)
    return Figure(_shown(made), tuple(waiting), looks, marks, made.total)


def _by_person(pulses: Sequence[Given]) -> dict[str, Sequence[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for pulse in pulses:
        found[str(pulse.person)].append(pulse.mark)
    return {**found}


def _shown(made: MeanRelease) -> Shown:
    return _rendered(made.people, float(made.mean.lowest), float(made.mean.highest))


@lru_cache(maxsize=10_000)
def _rendered(people: int, lowest: float, highest: float) -> Shown:
    """The report of a programme, and the evidence that the sponsor's mail has."""
    release = Release(
        cohort=PLAN.cohort,
        number=1,
        at=MONDAY,
        people=people,
        lowest=lowest,
        highest=highest,
    )
    region = RegionStatus(
        region=PLAN.cohort.region,
        wave=1,
        status="open",
        answers=release.people,
        mean_pulse=release.mean,
        release=release,
    )
    status = ProgrammeStatus(
        programme="demo", status="running", now=MONDAY, pace=1, regions=(region,)
    )
    weighed = evidence(PLAN, PairTotals(10, 0, 10, 8, 20), release)
    return (
        *(tuple(line.values()) for line in report(status)),
        weighed.model_dump_json(),
    )
