"""`record`: what pairs, cohorts and programmes have to say, written down once."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic_core import to_json

from activities.failures import FinalFailure
from activities.persistence.database import Repository
from schemas.effects import Directives, QueueNotices, Record, RecordBatch
from schemas.ids import PairRef, person_scope, programme_workflow_id, region_scope

_ARRAY = "[{}]"


class DigestMismatch(FinalFailure):
    """A revision is on record with other contents: two runs of one pair disagree, and neither may go on."""


class Records(Repository):
    """Transitions of pairs, and notices that have no pair."""

    async def record(self, batch: RecordBatch) -> Directives:
        """Write a batch down in one transaction, or find that it was written before.

        Raises:
            DigestMismatch: one of its revisions was written with other contents; nothing is written.
        """
        found = await self._record(batch)
        if not found["differs"] and found["fresh"] + found["known"] < len(
            batch.records
        ):
            found = await self._record(
                batch
            )  # the same batch was committing elsewhere; by now it can be seen
        if found["differs"]:
            raise DigestMismatch(
                "a revision of this pair was recorded with other contents"
            )
        return Directives(paused=found["paused"], version=found["version"])

    async def _record(self, batch: RecordBatch) -> dict[str, Any]:
        pair = batch.pair
        row: dict[str, Any] = await self._database.row(
            "record_batch",
            pair=pair.workflow_id,
            programme=pair.programme,
            region=pair.region,
            wave=pair.wave,
            mentor=pair.mentor,
            seat=pair.seat,
            records=_ARRAY.format(
                ",".join(record.model_dump_json() for record in batch.records)
            ),
            digests=[digest(record) for record in batch.records],
            state=to_json(batch.state).decode(),
            refused=to_json(batch.refused).decode(),
            scopes=scopes_of(pair, batch.state),
        )
        return row

    async def queue(self, notices: QueueNotices) -> int:
        """Queue notices of a cohort or programme; answers how many are new."""
        new: int = await self._database.value(
            "queue_notices",
            scope=notices.scope,
            revision=notices.revision,
            at=notices.at,
            programme=notices.programme,
            region=notices.region,
            notices=_ARRAY.format(
                ",".join(notice.model_dump_json() for notice in notices.notices)
            ),
        )
        return new


def digest(record: Record) -> bytes:
    """What a record says. Defaults are left out: a release that adds a field must not change an old digest."""
    return sha256(record.model_dump_json(exclude_defaults=True).encode()).digest()


def scopes_of(pair: PairRef, state: Mapping[str, Any]) -> list[str]:
    """Of all whose pause is the pair's too: its programme, region and cohort, its two people, itself."""
    people = [pair.mentor, *filter(None, [(state.get("match") or {}).get("mentee")])]
    return [
        programme_workflow_id(pair.programme),
        region_scope(pair.programme, pair.region),
        pair.cohort.workflow_id,
        pair.workflow_id,
        *(person_scope(person) for person in people),
    ]
