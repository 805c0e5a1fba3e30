"""Pauses of whole scopes: what is in force, and which pairs they hold."""

from collections.abc import Sequence
from typing import Any

from activities.persistence.database import Repository
from schemas.effects import PauseScope
from schemas.ids import parse_cohort_id
from schemas.records.listings import PauseListing


class Pauses(Repository):
    """Pauses by scope. `Record` returns those of a pair's scopes, so that a pair
    started later obeys too.
    """

    async def set(self, scope: str, *, paused: bool, reason: str | None = None) -> bool:
        """Begin or end the pause of a scope; False: nothing changed."""
        return bool(
            await self._database.value(
                "set_directive", scope=scope, paused=paused, reason=reason
            )
        )

    async def in_force(self) -> list[PauseScope]:
        """Returns all pauses in force, ordered by scope."""
        return [
            PauseScope.model_validate(dict(row))
            for row in await self._database.rows("directives_in_force")
        ]

    async def in_force_among(self, scopes: Sequence[str]) -> list[PauseListing]:
        """Returns the pauses that are in force for any of these scopes."""
        return [
            PauseListing.model_validate(dict(row))
            for row in await self._database.rows("pauses", scopes=list(scopes))
        ]

    async def pairs(self, scope: str, after: str, limit: int) -> list[str]:
        """A page of live pairs, by workflow id; `after` is the last one of the page before, or empty.

        Raises:
            ValueError: no scope.
        """
        rows = await self._database.rows(
            "pairs_in_scope", **_parts(scope), after=after, most=limit
        )
        return [row["pair"] for row in rows]

    async def count_not_obeying(self, scope: str) -> int:
        """Counts pairs that look for a match and have not yet obeyed a pause or its end.

        Raises:
            ValueError: no scope.
        """
        return int(await self._database.value("disobeying_in_scope", **_parts(scope)))

    async def cohorts(self, scope: str) -> list[str]:
        """Returns workflow ids of the open cohorts in a scope; a person's scope has none.

        Raises:
            ValueError: no scope.
        """
        return [
            row["cohort"]
            for row in await self._database.rows("cohorts_in_scope", **_parts(scope))
        ]


def _parts(scope: str) -> dict[str, Any]:
    parts: dict[str, Any] = dict.fromkeys(("programme", "region", "wave", "person"))
    match scope.split(":"):
        case ["programme", programme]:
            return parts | {"programme": programme}
        case ["region", programme, region]:
            return parts | {"programme": programme, "region": region}
        case ["person", person]:
            return parts | {"person": person}
        case _:
            cohort = parse_cohort_id(scope)
            return parts | {
                "programme": cohort.programme,
                "region": cohort.region,
                "wave": cohort.wave,
            }
