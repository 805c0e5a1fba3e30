"""Names in place of ids: workflows know ids only, readers know people by name."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from activities.persistence.people.people import People
    from schemas.people import Person

PERSON_ID = re.compile(r"\b(?:(?:mentor|mentee) )?(p[a-z2-7]{13})\b")
ACTOR_ID = re.compile(r"\ba[a-z2-7]{13}\b")
MOST_NAMES = 20
"""People who are looked up for one text."""


async def with_names(
    text: str, people: "People", name_of: "Callable[[Person], str]"
) -> str:
    """The text with the name, or what else `name_of` takes, of everybody who was imported."""
    ids = list(dict.fromkeys(PERSON_ID.findall(text)))[:MOST_NAMES]
    found = {person: await people.find(person) for person in ids}
    names = {person: name_of(each) for person, each in found.items() if each}
    return PERSON_ID.sub(lambda match: names.get(match[1], match[0]), text)


def with_account_names(text: str, names: Mapping[str, str]) -> str:
    """The text with the name of every account that it mentions by its actor id."""
    return ACTOR_ID.sub(lambda match: names.get(match[0], match[0]), text)
