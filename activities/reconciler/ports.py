"""What the reconciler needs of PostgreSQL and of Temporal."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from domain.runs.execution import Execution, RecordedExecution
from domain.runs.judgement import LivePair, Run
from schemas.ids import CohortRef, PairRef
from schemas.records.drift import Drift, DriftFound, RepairAction


class ExecutionClient(Protocol):
    """Starts, signals and lists runs;
    `activities.executions.executions.TemporalExecutions` fits it.
    """

    async def start(self, execution: Execution, *, again: bool = False) -> None: ...

    async def signal(
        self, workflow_id: str, name: str, payload: dict[str, Any]
    ) -> None: ...

    async def signal_page(
        self, signals: Sequence[tuple[str, str, dict[str, Any]]]
    ) -> None: ...

    async def terminate(self, workflow_id: str, run_id: str, reason: str) -> None: ...

    async def describe(self, workflow_id: str) -> Run | None: ...

    async def running_among(self, workflow_ids: Sequence[str]) -> set[str]: ...

    def running_pairs(self) -> AsyncIterator[list[str]]: ...

    def suspended_pairs(self) -> AsyncIterator[list[str]]: ...

    async def misplaced(self, limit: int) -> list[DriftFound]:
        """Returns open runs of which no worker of ours will ever take a task."""
        ...


class ExpectedExecutions(Protocol):
    """Executions that should run, as the record has it."""

    async def live_pairs(self, after: str, limit: int) -> list[LivePair]: ...

    async def silent_pairs(self, limit: int) -> list[str]:
        """Live pairs that were sent something today and have recorded nothing since."""
        ...

    async def pairs_not_obeying_pause(self, after: str, limit: int) -> list[str]: ...

    async def closed_among(self, pairs: Sequence[str]) -> list[str]: ...

    async def live_parents(self) -> list[str]:
        """Workflow ids of programmes and cohorts."""
        ...

    async def pair(self, pair: PairRef) -> RecordedExecution | None: ...

    async def cohort(self, cohort: CohortRef) -> RecordedExecution | None: ...

    async def programme(self, programme: str) -> RecordedExecution | None: ...


class DriftAccount(Protocol):
    """Keeps drift that was found, and its repairs."""

    def lock(self, workflow_id: str) -> AbstractAsyncContextManager[bool]:
        """Lock a run until the block ends; False: somebody else repairs it."""
        ...

    async def find_or_add(self, found: DriftFound) -> Drift: ...

    async def restarts_today(self, workflow_id: str) -> int: ...

    async def begin_repair(
        self, drift: Drift, action: RepairAction, programme: str | None, revision: int
    ) -> int:
        """Write a repair down before it is done. Returns how many events are delivered once more."""
        ...

    async def give_up(self, drift: Drift) -> None: ...

    async def mark_repaired(self, drift: Drift) -> None: ...

    async def open(self) -> list[Drift]: ...

    async def look(self) -> int:
        """Returns the number of the last look of the reconciler that is on record."""
        ...

    async def set_look(self, number: int) -> None: ...


class LostTransitions(Protocol):
    """Records again what PostgreSQL has lost of a pair."""

    async def restore(self, workflow_id: str, run_id: str, stored: int) -> int:
        """Returns how many batches after revision `stored` were recorded again."""
        ...


class GuardsDue(Protocol):
    """Finds cohorts that have not checked changed reporting lines."""

    async def due(self) -> list[str]:
        """Returns the workflow ids of these cohorts."""
        ...


class CountersToCheck(Protocol):
    """Keeps the counts that pages read."""

    async def correct(self) -> int:
        """Count anew; returns how many numbers differed."""
        ...

    async def fold(self) -> None: ...


class ReconcilerStore(Protocol):
    """All that the reconciler needs of PostgreSQL."""

    @property
    def executions(self) -> ExpectedExecutions: ...

    @property
    def drift(self) -> DriftAccount: ...

    @property
    def guard(self) -> GuardsDue: ...

    @property
    def counters(self) -> CountersToCheck: ...
