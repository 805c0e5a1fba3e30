"""How a workflow is started again from what PostgreSQL holds, and how delivery is kept going."""

import json
from dataclasses import dataclass
from typing import Any

from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.executions.starting import attributes_of, start_document
from activities.persistence.store import Store
from domain.runs.judgement import OnRecord
from schemas.clock import Clock
from schemas.cohort import CohortStart, PairToStart
from schemas.ids import (
    TASK_QUEUE,
    CohortRef,
    delivery_workflow_id,
    parse_cohort_id,
    parse_pair_id,
)
from schemas.programme import CohortPlan
from schemas.rollout import ProgrammeState
from schemas.stages import Stage

CHANNELS = ("mail",)


@dataclass(frozen=True)
class KnownExecution:
    """A workflow id as PostgreSQL has it, and how to start it again."""

    record: OnRecord
    workflow: str = ""
    argument: Any = None
    attributes: TypedSearchAttributes = TypedSearchAttributes.empty
    summary: str = ""
    programme: str | None = None
    claim: str | None = None
    """A mentee whose seat was claimed while no run was there to be told."""


async def known(store: Store, workflow_id: str) -> KnownExecution | None:
    """None: PostgreSQL knows nothing of it that could be started."""
    kind, _, rest = workflow_id.partition(":")
    match kind:
        case "pair":
            return _pair(workflow_id, await store.pair_on_record(workflow_id))
        case "cohort":
            cohort = parse_cohort_id(workflow_id)
            return _cohort(cohort, await store.cohort_on_record(cohort))
        case "programme":
            return _programme(rest, await store.programme_on_record(rest))
        case "delivery" if rest in CHANNELS:
            return _delivery(rest)
        case _:
            return None


def _pair(workflow_id: str, row: Any) -> KnownExecution | None:
    if row is None or row["plan"] is None:
        return None
    pair = parse_pair_id(workflow_id)
    seat = PairToStart(
        mentor=row["mentor"],
        seat=row["seat"],
        windows_known=bool(row["windows_known"]),
        modules_done=tuple(row["modules_done"]),
    )
    state = json.loads(row["state"]) if row["state"] else None
    return KnownExecution(
        OnRecord(
            live=row["stage"] != Stage.CLOSED and row["started"],
            changed_at=row["changed_at"],
            revision=row["revision"],
        ),
        "PairWorkflow",
        start_document(_cohort_start(row), pair, seat).model_copy(
            update={"restored": state}
        ),
        attributes_of(pair),
        f"A pair in {pair.region}, wave {pair.wave}",
        pair.programme,
        row["unheard_mentee"],
    )


def _cohort(cohort: CohortRef, row: Any) -> KnownExecution | None:
    if row is None:
        return None
    return KnownExecution(
        OnRecord(live=row["closed_at"] is None),
        "CohortWorkflow",
        _cohort_start(row),
        _keywords(
            ProgrammeId=cohort.programme,
            Region=cohort.region,
            Cohort=cohort.workflow_id,
        ),
        f"Cohort {cohort.region}, wave {cohort.wave}",
        cohort.programme,
    )


def _programme(programme: str, row: Any) -> KnownExecution | None:
    if row is None:
        return None
    state = ProgrammeState.model_validate_json(row["state"]) if row["state"] else None
    return KnownExecution(
        OnRecord(
            live=state is None or not state.finished,
            begun=state is not None,
            revision=row["revision"],
        ),
        "ProgrammeWorkflow",
        {"programme": programme, "restored": True},
        _keywords(ProgrammeId=programme),
        f"Programme {programme}",
        programme,
    )


def _delivery(channel: str) -> KnownExecution:
    return KnownExecution(
        OnRecord(live=True),
        "DeliveryWorkflow",
        channel,
        summary=f"Delivery by {channel}",
    )


def _cohort_start(row: Any) -> CohortStart:
    clock = Clock(
        programme_epoch=row["programme_epoch"],
        wall_epoch=row["wall_epoch"],
        pace=row["pace"],
    )
    plan = CohortPlan.model_validate_json(row["plan"])
    return CohortStart(plan=plan, clock=clock, opens_at=row["opens_at"])


def _keywords(**values: str) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(SearchAttributeKey.for_keyword(name), value)
            for name, value in values.items()
        ]
    )


async def start_again(client: Client, workflow_id: str, found: KnownExecution) -> None:
    """One that runs by now was started by somebody else, who is as good."""
    try:
        await client.start_workflow(
            found.workflow,
            found.argument,
            id=workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            search_attributes=found.attributes,
            static_summary=found.summary,
        )
    except WorkflowAlreadyStartedError:
        return


async def start_deliveries(client: Client) -> None:
    """Make sure that the delivery of every channel runs; one that runs already is left alone."""
    for channel in CHANNELS:
        await start_again(client, delivery_workflow_id(channel), _delivery(channel))


def deliveries() -> list[str]:
    """Workflow ids of what delivers, one a channel."""
    return [delivery_workflow_id(channel) for channel in CHANNELS]
