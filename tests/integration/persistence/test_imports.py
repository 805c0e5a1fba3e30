"""People files into PostgreSQL."""

from pathlib import Path

from activities.persistence.store import Store

EXAMPLE = Path(__file__).parents[3] / "examples" / "people.csv"


async def test_the_example_is_imported_once(store: Store) -> None:
    data = EXAMPLE.read_bytes()
    first = await store.import_people(data)
    assert not first.problems
    assert first.added == len(data.splitlines()) - 1
    again = await store.import_people(data)
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
