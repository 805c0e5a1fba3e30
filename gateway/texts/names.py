"""Names in place of ids: workflows know ids only, readers know people by name."""

import re
from collections.abc import Awaitable, Callable

PERSON_OR_ACCOUNT = re.compile(r"\b(?:(?:mentor|mentee) )?([pa][a-z2-7]{13})\b")
MOST_NAMES = 20
"""People who are looked up for one text."""


async def with_names(text: str, name_of: Callable[[str], Awaitable[str | None]]) -> str:
    """The text with the name of everybody whom `name_of` knows by their id."""
    people = list(dict.fromkeys(PERSON_OR_ACCOUNT.findall(text)))[:MOST_NAMES]
    names = {person: await name_of(person) for person in people}
    return PERSON_OR_ACCOUNT.sub(lambda found: names.get(found[1]) or found[0], text)
