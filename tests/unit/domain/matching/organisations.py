"""Small organisations as hypothesis draws them, in which every rule excludes somebody.

Strategies are made once, and a set is drawn by one choice: drawing would otherwise take
ten times as long as matching.
"""

from collections.abc import Sequence
from itertools import combinations

from hypothesis import strategies as st

from schemas.matches.matching import MatchingPool
from schemas.people import Person
from schemas.time.calendar import Window
from tests.support.pools import a_person, a_pool, window

NAMES = [a + b for a in "abcd" for b in "xyz"]


def _some_of(
    values: Sequence[str], least: int = 0, most: int | None = None
) -> st.SearchStrategy[frozenset[str]]:
    sizes = range(least, (len(values) if most is None else most) + 1)
    return st.sampled_from(
        [frozenset(some) for size in sizes for some in combinations(values, size)]
    )


def _mornings_of(days: Sequence[int]) -> tuple[Window, ...]:
    return tuple(window(day, "9", "11") for day in days)


SEATS = st.integers(1, 3)
LANGUAGES = _some_of(["fr", "en", "de"], least=1, most=2)
OFFERS = _some_of(["ai:3", "sea", "law:1"])
WANTS = _some_of(["ai", "sea:3", "law:2"])
WINDOWS = st.sampled_from(
    [_mornings_of(days) for size in range(3) for days in combinations(range(3), size)]
)
NAME_LISTS = {
    least: st.lists(st.sampled_from(NAMES), min_size=least, max_size=8, unique=True)
    for least in (2, 5, 7)
}
LEAST = st.sampled_from(sorted(NAME_LISTS))
PLACES = [st.integers(0, last) for last in range(9)]
MAYBE = st.booleans()
BANNED_PLACES = st.lists(st.tuples(PLACES[7], PLACES[7]), max_size=3)
PINNED_SIDE = st.sampled_from(["", "", "", "mentor", "mentee"])


def _person(draw: st.DrawFn, name: str) -> Person:
    return a_person(
        name,
        seats=draw(SEATS),
        languages=draw(LANGUAGES),
        offers=draw(OFFERS),
        wants=draw(WANTS),
        windows=draw(WINDOWS),
    )


@st.composite
def pools(draw: st.DrawFn) -> MatchingPool:
    """Draws a pool in which some people are on both sides.

    Left to itself, hypothesis would seldom draw more than one mentor.
    """
    people = [_person(draw, name) for name in draw(NAME_LISTS[draw(LEAST)])]
    ids = [person.person for person in people]
    managers = {
        ids[at]: (ids[draw(PLACES[at - 1])],)
        for at in range(1, len(ids))
        if draw(MAYBE)
    }
    split = 1 + draw(PLACES[len(people) - 2])
    bans = {
        (ids[mentor % len(ids)], ids[mentee % len(ids)])
        for mentor, mentee in draw(BANNED_PLACES)
    }
    return a_pool(
        people[:split],
        people[split - 1 :],
        managers=managers,
        bans=frozenset(bans),
    )


@st.composite
def pinned_pools(draw: st.DrawFn) -> MatchingPool:
    """Draws a pool with pins, in which some seats are taken already.

    Most pins are of a seat and a mentee each, others of one mentee or of one mentor.
    """
    pool = draw(pools())
    free = [seat for seat in pool.seats if not (draw(MAYBE) and draw(MAYBE))]
    mentors = draw(st.permutations([seat.mentor for seat in pool.seats]))
    mentees = draw(st.permutations([person.person for person in pool.mentees]))
    side = draw(PINNED_SIDE)
    mentors = mentors[:1] * len(mentees) if side == "mentor" else mentors
    mentees = mentees[:1] * len(mentors) if side == "mentee" else mentees
    pins = [*zip(mentors, mentees, strict=False)][: draw(SEATS)]
    return pool.having(seats=tuple(free), pins=frozenset(pins))
