"""Whatever JSON can say, and a little more: deep nesting, huge numbers, NaN, lone surrogates, times at the edges."""

from typing import Any

from hypothesis import strategies as st

from workflows.reading import safe_name

Json = st.SearchStrategy[Any]

SECRET = "Zoe Nonsense 424242424242"
"""Planted, so that it shows wherever an input is quoted."""
EDGES = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2027-01-11T09:00:00",
    "2027-01-11T09:00:00Z",
    "P9999999999D",
    "-P1D",
    "1e999",
    "\ud800",
    "\x00",
    "p" + "a" * 13,
    "zoe_nonsense",
    SECRET,
)
NUMBERS = (0, 1, -1, 424242424242, 2**63, 10**30, -(10**400))


def json_values(keys: st.SearchStrategy[str] | None = None) -> Json:
    """Any JSON value; `keys` are mixed into the names of its fields.

    No other name is a code: a refusal names a code, so that its sender finds it.
    """
    text = st.sampled_from(EDGES) | st.text(st.characters(), max_size=8)
    leaf = (
        st.none()
        | st.booleans()
        | st.sampled_from(NUMBERS)
        | st.integers()
        | st.floats()
        | text
    )
    names = text.filter(lambda name: safe_name(name) != name)
    names = names if keys is None else names | keys
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | _objects(names, inner),
        max_leaves=8,
    )


def _objects(names: st.SearchStrategy[str], values: Json) -> Json:
    return st.dictionaries(names, values, max_size=4)


def bent(right: dict[str, Any]) -> Json:
    """An object with one field wrong, left out, or too many."""
    name = st.sampled_from([*right, "lenght", SECRET])
    wrong = st.builds(lambda key, value: {**right, key: value}, name, json_values())
    less = st.builds(lambda key: {k: v for k, v in right.items() if k != key}, name)
    return wrong | less


def nested(depth: int) -> list[Any]:
    """Lists within lists."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value
