"""Runs that did not agree with the record, and what was done about them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from activities.persistence.database import Repository, Row
from schemas.records.drift import Drift, DriftFound, DriftKind, RepairAction

DELIVERED_UNRECORDED = timedelta(minutes=5)
"""How long before a pair's last record an event may have been delivered that the record
does not hold yet. Events delivered since then are sent again after a restart."""


class DriftRepository(Repository):
    """Drift that was found, and its repairs; each drift is open until it is repaired."""

    @asynccontextmanager
    async def lock(self, workflow_id: str) -> AsyncIterator[bool]:
        """Whether this run is ours to repair until the block ends; False: somebody else is at it."""
        async with self._database.transaction() as transaction:
            yield await transaction.value("try_lock_run", workflow_id=workflow_id)

    async def find_or_add(self, found: DriftFound) -> Drift:
        """Returns the open row of this drift; adds one if there is none."""
        row = None
        while (
            row is None
        ):  # neither new nor seen: another had it in an open transaction a moment ago
            values = found.model_dump(mode="json")
            row = await self._database.row("find_or_add_drift", **values)
        return _drift(row)

    async def restarts_today(self, workflow_id: str) -> int:
        return int(
            await self._database.value("restarts_today", workflow_id=workflow_id)
        )

    async def begin_repair(
        self, drift: Drift, action: RepairAction, programme: str | None, revision: int
    ) -> int:
        """Write a repair down before it is made.

        It is marked and noted on the ledger, and events that the run had not recorded are put back.

        Returns how many events. The same repair again adds no second line.
        """
        async with self._database.transaction() as transaction:
            if await transaction.execute(
                "mark_repair", id=drift.id, repair=action.value, revision=revision
            ):
                restarted = action is RepairAction.RESTARTED
                await transaction.execute(
                    "add_restart_to_ledger",
                    pair=drift.workflow_id,
                    revision=revision,
                    programme=programme,
                    what=action.value,
                    reason=drift.why if restarted else drift.kind.value,
                )
            if action is not RepairAction.RESTARTED:
                return 0
            return await transaction.execute(
                "put_events_back", pair=drift.workflow_id, margin=DELIVERED_UNRECORDED
            )

    async def give_up(self, drift: Drift) -> None:
        """Mark a drift that is left to ops; it stays open."""
        await self._database.execute(
            "mark_repair", id=drift.id, repair=RepairAction.GIVEN_UP.value, revision=0
        )

    async def look(self) -> int:
        """Returns the number of the last look of the reconciler; 0: there was none."""
        return int(await self._database.value("reconciler_look"))

    async def set_look(self, number: int) -> None:
        await self._database.execute("set_reconciler_look", number=number)

    async def mark_recorded_again(self, drift: Drift, *, complete: bool) -> None:
        """Note that lost transitions of a pair are there again; not complete: as far as its history goes back."""
        action = RepairAction.RECORDED_AGAIN if complete else RepairAction.LOST
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "mark_repair", id=drift.id, repair=action.value, revision=0
            )
            await transaction.execute("mark_repaired", id=drift.id)

    async def mark_repaired(self, drift: Drift) -> None:
        await self._database.execute("mark_repaired", id=drift.id)

    async def open(self, limit: int = 1000) -> list[Drift]:
        return [
            _drift(row) for row in await self._database.rows("open_drift", most=limit)
        ]

    async def listing(self, limit: int = 200) -> list[Drift]:
        """Returns open drift, then repaired drift, each newest first."""
        return [
            _drift(row)
            for row in await self._database.rows("drift_listing", most=limit)
        ]

    async def counts(self) -> dict[str, int]:
        """Returns the number of open drifts by kind, also of kinds that have none."""
        found = {
            row["kind"]: row["runs"]
            for row in await self._database.rows("drift_counts")
        }
        return {kind.value: found.get(kind.value, 0) for kind in DriftKind}


def _drift(row: Row) -> Drift:
    return Drift.model_validate(dict(row))
