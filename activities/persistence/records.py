"""What pairs, cohorts and programmes record, written once."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from activities.failures import FinalFailure, TemporaryFailure
from activities.persistence.database import Database, Repository, as_json
from domain.notices.keys import notice_key
from domain.notices.recipients import recipient_sources
from domain.pair.record_rows import RecordRows, record_rows
from domain.pair.scopes import scopes_of
from schemas.effects import Directives, QueueNotices, RecordBatch
from schemas.time.clock import Clock

_ROWS = TypeAdapter(RecordRows).serializer


class DigestMismatch(FinalFailure):
    """A revision is on record with other contents: two runs of one pair disagree, and neither may go on."""


class RevisionGap(TemporaryFailure):
    """Transitions before these are missing in PostgreSQL, as after a backup was restored."""

    def __init__(self, stored: int) -> None:
        super().__init__(
            f"transitions of this pair after revision {stored} are missing in PostgreSQL; "
            "they are recorded again from its history first"
        )
        self.stored = stored
        """The newest revision that is there; 0: none."""


class Records(Repository):
    """Transitions of pairs, and notices that have no pair."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._clocks: dict[str, Clock] = {}

    async def record(
        self, batch: RecordBatch, *, gap_allowed: bool = False
    ) -> Directives:
        """Write a batch in one transaction, or find that it was written before.

        Args:
            gap_allowed: transitions before it may be missing: nobody has them any more.

        Raises:
            DigestMismatch: one of its revisions was written with other contents; nothing is written.
            RevisionGap: transitions before it are missing; nothing is written.
        """
        parameters = await self._parameters(batch) | {"gap_allowed": gap_allowed}
        found = await self._database.row("record_batch", **parameters)
        if found["stored_before_gap"] is not None:
            raise RevisionGap(found["stored_before_gap"])
        recorded = found["inserted"] + found["existing"]
        if not found["differs"] and recorded < len(batch.records):
            # The same batch was committing elsewhere; by now it can be seen.
            found = await self._database.row("record_batch", **parameters)
        if found["differs"]:
            raise DigestMismatch(
                "a revision of this pair was recorded with other contents"
            )
        return Directives(paused=found["paused"], version=found["version"])

    async def _parameters(self, batch: RecordBatch) -> dict[str, Any]:
        pair, rows = batch.pair, record_rows(batch, await self._clock(batch))
        return {
            "pair": pair.workflow_id,
            "programme": pair.programme,
            "region": pair.region,
            "wave": pair.wave,
            "mentor": pair.mentor,
            "seat": pair.seat,
            "rows": _ROWS.to_json(rows, exclude_none=True).decode(),
            "state": as_json(batch.state),
            "refused": as_json(batch.refused),
            "scopes": scopes_of(pair, _mentee(batch.state)),
        }

    async def _clock(self, batch: RecordBatch) -> Clock | None:
        """The clock of the programme, asked for once: it never changes. None: no need of it, or no such programme."""
        if not any(n.not_before for r in batch.records for n in r.notices):
            return None
        programme = batch.pair.programme
        if programme not in self._clocks:
            row = await self._database.row("programme_clock", programme=programme)
            if row is None:
                return None
            self._clocks[programme] = Clock.model_validate(dict(row))
        return self._clocks[programme]

    async def queue(self, notices: QueueNotices) -> int:
        """Queue notices of a cohort or programme; returns how many are new."""
        scope, revision, region = notices.scope, notices.revision, notices.region
        rows = [
            {
                "key": notice_key(scope, revision, notice, region),
                "sources": recipient_sources(notice.to),
                "body": notice,
            }
            for notice in notices.notices
        ]
        return int(
            await self._database.value(
                "queue_notices",
                scope=scope,
                at=notices.at,
                programme=notices.programme,
                region=region,
                notices=as_json(rows),
            )
        )


def _mentee(state: Mapping[str, Any]) -> str | None:
    """The mentee in a pair's state, whom a pause of that person reaches."""
    mentee: str | None = (state.get("match") or {}).get("mentee")
    return mentee
