"""Who stands above whom, for very many at once as for each by itself."""

from hypothesis import given
from hypothesis import strategies as st

from domain.people.reporting_lines import above, above_whom

PEOPLE = st.integers(0, 8).map(lambda number: f"E{number}")
LINES = st.dictionaries(PEOPLE, st.lists(PEOPLE | st.none(), max_size=3))


@given(LINES, st.lists(st.tuples(PEOPLE, PEOPLE)))
def test_at_once_is_as_one_by_one_in_circles_too(
    lines: dict[str, list[str | None]], pairs: list[tuple[str, str]]
) -> None:
    assert above_whom(pairs, lines) == {
        (one, other) for one, other in pairs if other in above(one, lines)
    }


def test_a_line_as_deep_as_it_is_long_is_no_matter() -> None:
    lines = {f"E{n}": [f"E{n - 1}"] for n in range(1, 5000)}
    pairs = [(f"E{n}", f"E{n // 2}") for n in range(1, 5000)]
    assert above_whom(pairs, lines) == set(pairs)
