"""Whom a person may read by name in what is held about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from activities.persistence.store import Store
from schemas.people import Person

Held = Mapping[str, Sequence[Mapping[str, Any]]]
"""What is held about somebody: rows by table."""


async def names_known_to(store: Store, person: Person, held: Held) -> dict[str, str]:
    """Names by person id: of their own organisation's lines, and of those they meet.

    Everybody else, such as somebody who was proposed and of whom they were not told,
    stays a random id.
    """
    known = {person.manager, person.supervisor, person.delegate}
    known.update(person.dotted_managers)
    for row in held.get("sessions", ()):  # both had agreed by then
        known.update((row["mentor"], row["mentee"]))
    ids = sorted(each for each in known if each and each != person.person)
    return await store.people.names(ids)
