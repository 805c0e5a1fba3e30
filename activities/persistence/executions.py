"""Workflow executions that should run, as the record has it."""

import json
from collections.abc import Sequence
from datetime import timedelta

from activities.persistence.database import Repository, Row
from activities.persistence.programmes.cohorts import cohort_columns
from domain.runs.execution import (
    RecordedExecution,
    cohort_execution,
    pair_execution,
    restored_programme_execution,
)
from domain.runs.judgement import LivePair, OnRecord
from schemas.cohort import CohortStart, PairToStart
from schemas.ids import CohortRef, PairRef, programme_workflow_id
from schemas.programme import CohortPlan
from schemas.rollout import ProgrammeState
from schemas.stages import Stage
from schemas.time.clock import Clock

OVERDUE_AFTER = timedelta(minutes=10)
"""Wall time by which a deadline may be late before its pair is asked whether it is stuck, and a pause not obeyed."""


class ExecutionRecords(Repository):
    """The record's side of the comparison that the reconciler makes."""

    async def live_pairs(self, after: str, limit: int) -> list[LivePair]:
        """A page; `after` is the last one of the page before."""
        rows = await self._database.rows(
            "live_pairs", after=after, most=limit, overdue_after=OVERDUE_AFTER
        )
        return [LivePair(row["pair"], row["overdue"]) for row in rows]

    async def silent_pairs(self, limit: int) -> list[str]:
        """Live pairs that were sent something today and have recorded nothing since; for most it changed nothing."""
        rows = await self._database.rows(
            "silent_pairs", most=limit, overdue_after=OVERDUE_AFTER
        )
        return [row["pair"] for row in rows]

    async def pairs_not_obeying_pause(self, after: str, limit: int) -> list[str]:
        """A page of pairs that are paused and should not be, or the other way round."""
        rows = await self._database.rows(
            "disobeying_pairs", after=after, most=limit, overdue_after=OVERDUE_AFTER
        )
        return [row["pair"] for row in rows]

    async def closed_among(self, pairs: Sequence[str]) -> list[str]:
        """Returns those of these pairs that are closed on record."""
        rows = await self._database.rows("closed_among", pairs=list(pairs))
        return [row["pair"] for row in rows]

    async def live_parents(self) -> list[str]:
        """Workflow ids of programmes and cohorts that should have a run, programmes first."""
        programmes = await self._database.rows("live_programmes")
        cohorts = await self._database.rows("live_cohorts")
        return [
            *(programme_workflow_id(row["programme"]) for row in programmes),
            *(CohortRef.model_validate(dict(row)).workflow_id for row in cohorts),
        ]

    async def pair(self, pair: PairRef) -> RecordedExecution | None:
        row = await self._database.row("pair_on_record", pair=pair.workflow_id)
        if row is None or row["plan"] is None:
            return None
        seat = PairToStart(
            mentor=row["mentor"],
            seat=row["seat"],
            windows_known=bool(row["windows_known"]),
            modules_done=tuple(row["modules_done"]),
        )
        state = json.loads(row["state"]) if row["state"] else None
        return RecordedExecution(
            OnRecord(
                live=row["stage"] != Stage.CLOSED and row["started"],
                changed_at=row["changed_at"],
                revision=row["revision"],
            ),
            pair_execution(_cohort_start(row), seat, state),
            pair.programme,
            row["unheard_mentee"],
        )

    async def cohort(self, cohort: CohortRef) -> RecordedExecution | None:
        row = await self._database.row("cohort_on_record", **cohort_columns(cohort))
        if row is None:
            return None
        return RecordedExecution(
            OnRecord(live=row["closed_at"] is None),
            cohort_execution(_cohort_start(row)),
            cohort.programme,
        )

    async def programme(self, programme: str) -> RecordedExecution | None:
        row = await self._database.row("programme_on_record", programme=programme)
        if row is None:
            return None
        text = row["state"]
        state = ProgrammeState.model_validate_json(text) if text else None
        return RecordedExecution(
            OnRecord(
                live=state is None or not state.finished,
                begun=state is not None,
                revision=row["revision"],
            ),
            restored_programme_execution(programme),
            programme,
        )


def _cohort_start(row: Row) -> CohortStart:
    clock = Clock(
        programme_epoch=row["programme_epoch"],
        wall_epoch=row["wall_epoch"],
        pace=row["pace"],
    )
    plan = CohortPlan.model_validate_json(row["plan"])
    return CohortStart(plan=plan, clock=clock, opens_at=row["opens_at"])
