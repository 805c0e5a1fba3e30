"""People of the organisation. Names and addresses go from here to pages and mails, never to Temporal."""

import json
from collections.abc import Sequence
from datetime import datetime

from activities.persistence.database import Repository, Row, as_json
from domain.people.search_patterns import search_patterns
from schemas.people import Person
from schemas.time.calendar import Window

MOST_COMPARED = 1000
"""People who are put in order when somebody is looked for."""


class People(Repository):
    """People of the organisation: found by id, by region or by words of their name."""

    async def find(self, person: str) -> Person | None:
        row = await self._database.row("person", person=person)
        return _person(row) if row else None

    async def find_external(self, external_id: str) -> Person | None:
        row = await self._database.row("person_by_external", external_id=external_id)
        return _person(row) if row else None

    async def in_region(
        self, region: str | None = None, limit: int = 100, after: str = ""
    ) -> list[Person]:
        """A page of people by the organisation's id; `after` is the last person of the page before."""
        page = {"most": limit, "after": after}
        rows = (
            await self._database.rows("people_of_region", region=region, **page)
            if region
            else await self._database.rows("people_listing", **page)
        )
        return [_person(row) for row in rows]

    async def search(self, words: str, limit: int = 100) -> list[Person]:
        """Find people by words of a name or an address, in any order, or by an id.

        Accents and capitals make no difference.

        A word of one or two letters begins a name or an address. Nobody is found by no
        word at all. Where very many are found, the page holds the first of some of them.
        """
        rows = await self._database.rows(
            "people_found",
            words=words.split(),
            patterns=search_patterns(words),
            most_compared=MOST_COMPARED,
            most=limit,
        )
        return [_person(row) for row in rows]

    async def role_counts(self) -> dict[str, dict[str, int]]:
        """How many people hold each role, by region; a region without any role is not in it."""
        counts: dict[str, dict[str, int]] = {}
        for row in await self._database.rows("region_counts"):
            counts.setdefault(row["region"], {})[row["role"]] = row["people"]
        return counts

    async def set_windows(self, person: str, windows: Sequence[Window]) -> None:
        """Replace somebody's weekly windows by what they gave themselves; a later import leaves them alone."""
        await self._database.execute(
            "store_windows", person=person, windows=as_json(list(windows))
        )

    async def close_links(self, person: str, by: str) -> int:
        """Close every link made for somebody so far; returns the generation that is open now."""
        generation: int = await self._database.value(
            "close_links", person=person, by=by
        )
        return generation

    async def address_changed(self, person: str, since: datetime) -> bool:
        """Whether mails of somebody go to another address than at a wall time."""
        changed: bool = await self._database.value(
            "address_changed", person=person, since=since
        )
        return changed

    async def complete_module(self, person: str, module: str) -> None:
        await self._database.execute("keep_completion", person=person, module=module)

    async def names(self, persons: Sequence[str]) -> dict[str, str]:
        """Names by person id, for those who may read them; an unknown id is left out."""
        rows = await self._database.rows("names", persons=list(persons))
        return {row["person"]: row["name"] for row in rows}


def _person(row: Row) -> Person:
    return Person.model_validate({**row, "windows": json.loads(row["windows"])})
