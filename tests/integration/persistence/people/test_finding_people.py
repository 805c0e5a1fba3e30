"""Somebody is found by what a person at a desk would type."""

import pytest

from activities.persistence.store import Store
from tests.support.world import file, line

PEOPLE = file(
    line("E1", name="Élodie Lefèvre", email="elodie.lefevre@example.org"),
    line("E2", name="Elodie Martin", email="e.martin@example.org"),
    line("E3", name="Jean-Marc Lefort", email="jm@example.org"),
)


@pytest.fixture
async def store(store: Store) -> Store:
    await store.imports.apply(PEOPLE)
    return store


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("elodie", ["E2", "E1"]),
        ("ÉLODIE", ["E2", "E1"]),
        ("lefevre elodie", ["E1"]),
        ("lef", ["E3", "E1"]),
        ("marc lefort jean", ["E3"]),
        ("e.martin@", ["E2"]),
        ("E3", ["E3"]),
        ("e3", []),
        ("elodie nobody", []),
        ("%", []),
        ("lef_vre", []),
        ("", []),
        (" ", []),
        ("\u0301", []),
        ("´", []),
        ("elodie ´", ["E2", "E1"]),
        ("jm", ["E3"]),
        ("je le", ["E3"]),
        ("ef", []),
        ("jean-m", ["E3"]),
        ("e.m martin", ["E2"]),
    ],
)
async def test_by_words_of_name_and_address_or_by_id(
    store: Store, words: str, found: list[str]
) -> None:
    assert [person.external_id for person in await store.people.search(words)] == found


async def test_by_the_id_of_a_plan(store: Store) -> None:
    (someone,) = await store.people.search("E2")
    assert await store.people.search(someone.person) == [someone]


async def test_no_more_than_are_asked_for(store: Store) -> None:
    assert len(await store.people.search("example.org", 2)) == 2
