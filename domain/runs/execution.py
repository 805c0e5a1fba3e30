"""How workflow executions are started: the first time, and again from the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.runs.judgement import OnRecord
from schemas.cohort import CohortStart, PairToStart
from schemas.ids import (
    CohortRef,
    PairRef,
    delivery_workflow_id,
    programme_workflow_id,
)
from schemas.pair import PairStart
from schemas.stages import Health, Stage

SUSPENDED = "suspended"
"""Search attribute `Health` of a pair that records nothing until it is repaired."""

WORKFLOW_TYPES = (
    "ProgrammeWorkflow",
    "CohortWorkflow",
    "PairWorkflow",
    "DeliveryWorkflow",
    "ReconcilerWorkflow",
    "RetentionWorkflow",
    "PeopleImportWorkflow",
)
"""Every type that our workers run."""


@dataclass(frozen=True)
class Execution:
    """The arguments with which Temporal starts a workflow."""

    workflow_id: str
    workflow: str
    """Name of the workflow's type."""
    argument: Any
    summary: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Search attributes, all of them Keywords."""


@dataclass(frozen=True)
class RecordedExecution:
    """A workflow id as PostgreSQL has it, and how to start it again."""

    record: OnRecord
    execution: Execution
    programme: str | None = None
    claimed_mentee: str | None = None
    """A mentee whose seat was claimed while no run could receive the signal."""


def pair_execution(
    start: CohortStart, row: PairToStart, restored: dict[str, Any] | None = None
) -> Execution:
    """A pair, with all of its search attributes: lists find it in training too.

    Only modules of this cohort's training count.

    Args:
        restored: its state on record, from which it goes on.
    """
    cohort, policy = start.plan.cohort, start.plan.policy
    pair = PairRef(**dict(cohort), mentor=row.mentor, seat=row.seat)
    document = PairStart(
        pair=pair,
        clock=start.clock,
        policy=policy,
        calendar=start.plan.calendar,
        starts_at=start.opens_at,
        modules_done=tuple(
            module for module in row.modules_done if module in policy.training.modules
        ),
        windows_known=row.windows_known,
        restored=restored,
    )
    return Execution(
        pair.workflow_id,
        "PairWorkflow",
        document,
        f"A pair in {pair.region}, wave {pair.wave}",
        {
            **_cohort_attributes(cohort),
            "Stage": Stage.TRAINING.value,
            "Health": Health.ON_COURSE.value,
        },
    )


def cohort_execution(start: CohortStart) -> Execution:
    cohort = start.plan.cohort
    return Execution(
        cohort.workflow_id,
        "CohortWorkflow",
        start,
        f"Cohort {cohort.region}, wave {cohort.wave}",
        _cohort_attributes(cohort),
    )


def restored_programme_execution(programme: str) -> Execution:
    """A programme that goes on from what PostgreSQL holds of it."""
    return Execution(
        programme_workflow_id(programme),
        "ProgrammeWorkflow",
        {"programme": programme, "restored": True},
        f"Programme {programme}",
        {"ProgrammeId": programme},
    )


def delivery_execution(delivery: str) -> Execution:
    return Execution(
        delivery_workflow_id(delivery),
        "DeliveryWorkflow",
        delivery,
        f"Delivery by {delivery}",
    )


def _cohort_attributes(cohort: CohortRef) -> dict[str, str]:
    return {
        "ProgrammeId": cohort.programme,
        "Region": cohort.region,
        "Cohort": cohort.workflow_id,
    }
