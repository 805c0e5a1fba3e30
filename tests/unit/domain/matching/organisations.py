"""Small organisations as hypothesis draws them, in which every rule has something to exclude."""

from hypothesis import strategies as st

from schemas.matching import MatchingPool
from tests.support.pools import a_person, a_pool, window

NAMES = [a + b for a in "abcd" for b in "xyz"]


@st.composite
def pools(draw: st.DrawFn) -> MatchingPool:
    """Some people are on both sides; left to itself, hypothesis would seldom draw more than one mentor."""
    least = draw(st.sampled_from([2, 5, 7]))
    people = [
        a_person(
            name,
            seats=draw(st.integers(1, 3)),
            languages=draw(
                st.frozensets(
                    st.sampled_from(["fr", "en", "de"]), min_size=1, max_size=2
                )
            ),
            offers=draw(st.frozensets(st.sampled_from(["ai:3", "sea", "law:1"]))),
            wants=draw(st.frozensets(st.sampled_from(["ai", "sea:3", "law:2"]))),
            windows=tuple(
                window(day, "9", "11")
                for day in draw(st.frozensets(st.integers(0, 2), max_size=2))
            ),
        )
        for name in draw(
            st.lists(st.sampled_from(NAMES), min_size=least, max_size=8, unique=True)
        )
    ]
    ids = [person.person for person in people]
    managers = {
        ids[at]: (ids[draw(st.integers(0, at - 1))],)
        for at in range(1, len(ids))
        if draw(st.booleans())
    }
    split = draw(st.sampled_from(range(1, len(people))))
    bans = draw(
        st.frozensets(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=3)
    )
    return a_pool(
        people[:split], people[max(0, split - 1) :], managers=managers, bans=bans
    )


@st.composite
def pinned_pools(draw: st.DrawFn) -> MatchingPool:
    """Some seats are taken already; most pins are of a seat and a mentee each, others of one mentee or one mentor."""
    pool = draw(pools())
    taken = (
        draw(st.sets(st.sampled_from(pool.seats), max_size=3))
        if draw(st.booleans())
        else set()
    )
    mentors = draw(st.permutations([seat.mentor for seat in pool.seats]))
    mentees = draw(st.permutations([person.person for person in pool.mentees]))
    one = draw(st.sampled_from(["", "", "", "mentor", "mentee"]))
    mentors = mentors[:1] * len(mentees) if one == "mentor" else mentors
    mentees = mentees[:1] * len(mentors) if one == "mentee" else mentees
    pins = [*zip(mentors, mentees, strict=False)][: draw(st.integers(1, 3))]
    return pool.having(
        seats=tuple(seat for seat in pool.seats if seat not in taken),
        pins=frozenset(pins),
    )
