"""What people write on their pages that no workflow may read."""

from collections.abc import Mapping
from typing import Any

from activities.persistence.database import Database, Repository, Row
from activities.persistence.sealing.data_keys import DataKeys, KeysDestroyed
from activities.persistence.sealing.sealed_tables import PULSES, Sealable
from schemas.events import Side
from schemas.ids import PairRef
from schemas.records.comments import Comment
from schemas.records.sealing import Unopened


class PulsesAndOffers(Repository):
    """Pulses, which are sealed, and what mentors offer to do next."""

    def __init__(self, database: Database, data_keys: DataKeys) -> None:
        super().__init__(database)
        self._data_keys = data_keys

    async def save_pulse(
        self,
        pair: PairRef,
        session: int,
        side: Side,
        person: str,
        score: int,
        idea: str,
        comment: str,
        wants_help: bool,
    ) -> bool:
        """Keep it, once a session and side.

        Returns False where it does not count: another one was kept before, or the person
        was erased.
        """
        row = {"pair": pair.workflow_id, "session": session, "side": side.value}
        given: dict[str, Sealable] = {
            "score": score,
            "idea": idea,
            "comment": comment,
            "wants_help": wants_help,
        }
        about = {
            "programme": pair.programme,
            "region": pair.region,
            "wave": pair.wave,
            "person": person,
        }
        if await self._save_sealed({**row, **about}, given):
            return True
        kept = await self._database.row("pulse_kept", **row)
        return kept is not None and await self._holds(kept, given)

    async def _save_sealed(
        self, row: Mapping[str, Any], given: Mapping[str, Sealable]
    ) -> bool:
        """Returns whether it is kept now."""
        try:
            key = await self._data_keys.for_sealing(row["person"])
        except KeysDestroyed:
            return False
        sealed = {
            column: key.seal(PULSES, row, column, value)
            for column, value in given.items()
        }
        saved = await self._database.execute(
            "save_pulse", **row, **sealed, key=key.number
        )
        return saved > 0

    async def _holds(self, kept: Row, given: Mapping[str, Sealable]) -> bool:
        keys = await self._data_keys.opened([kept["person"]])
        return all(
            (keys.open(PULSES, kept, column) or "") == (value or "")
            for column, value in given.items()
        )

    async def regions_with_comments(self) -> list[tuple[str, str]]:
        """Returns (programme, region) of each region in which somebody wrote a comment."""
        rows = await self._database.rows("regions_with_comments")
        return [(row["programme"], row["region"]) for row in rows]

    async def comments(self, programme: str, region: str, limit: int) -> list[Comment]:
        """Comments of a region with their authors, newest first: for its trusted contact alone."""
        rows = await self._database.rows(
            "comments_of", programme=programme, region=region, most=limit
        )
        keys = await self._data_keys.opened(row["person"] for row in rows)
        return [_comment(row, keys.open(PULSES, row, "comment")) for row in rows]

    async def pulses_given(self, pair: str, person: str) -> tuple[int, ...]:
        """Numbers of the sessions of a pair after which a person gave a pulse."""
        rows = await self._database.rows("pulses_given", pair=pair, person=person)
        return tuple(row["session"] for row in rows)

    async def save_offer(
        self, person: str, pair: PairRef, offer: str, word_to_manager: bool
    ) -> None:
        """Keep what a mentor wants to do next (supervise, open_region or rest), and
        whether to notify the manager.
        """
        await self._database.execute(
            "save_offer",
            pair=pair.workflow_id,
            person=person,
            offer=offer,
            word_to_manager=word_to_manager,
        )


def _comment(row: Row, opened: Sealable | Unopened | None) -> Comment:
    unopened = isinstance(opened, Unopened)
    words = opened.words if isinstance(opened, Unopened) else str(opened)
    return Comment.model_validate({**row, "comment": words, "unopened": unopened})
