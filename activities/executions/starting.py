"""Pairs are top-level executions: started and told page by page, so that a cohort never has 100,000 children."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.persistence.matches import Claim
from schemas.cohort import CohortStart, PairToStart
from schemas.guard import GuardFinding
from schemas.ids import TASK_QUEUE, PairRef
from schemas.pair import PairStart
from schemas.stages import Health, Stage

Item = TypeVar("Item")
Answer = TypeVar("Answer")
AT_ONCE = 20
"""Requests to Temporal in flight: enough for its throughput, few enough to leave room for others."""

_SESSIONS_HELD = SearchAttributeKey.for_int("SessionsHeld")


async def start_page(
    client: Client, start: CohortStart, page: Sequence[PairToStart]
) -> list[str]:
    """Start a page of pairs; one that was started before is left alone. Answers their workflow ids."""

    async def one(row: PairToStart) -> str:
        pair = pair_of(start, row)
        await _start(client, start, pair, row)
        return pair.workflow_id

    return await _each(page, one)


async def signal_claims(client: Client, claims: Sequence[Claim]) -> None:
    """Tell pairs whom they are matched with; one that has closed meanwhile has given its claim back itself."""
    await _each(
        claims,
        lambda c: _signal(client, c.pair.workflow_id, "matched", {"mentee": c.mentee}),
    )


async def signal_findings(client: Client, findings: Sequence[GuardFinding]) -> None:
    """Tell pairs what a look at their reporting lines found; one that has closed meanwhile needs it no more."""

    async def one(found: GuardFinding) -> None:
        await _signal(
            client,
            found.pair,
            found.status,
            {"mentee": found.mentee, "check": found.check},
        )

    await _each(findings, one)


async def signal_page(
    client: Client, pairs: Sequence[str], name: str, payload: dict[str, Any]
) -> None:
    """Send each pair of a page the same signal; one that has closed meanwhile needs it no more."""
    await _each(pairs, lambda pair: _signal(client, pair, name, payload))


async def cancel_page(client: Client, pairs: Sequence[str]) -> None:
    """Ask a page of pairs to end; one without a run is started again by the reconciler and asked then."""
    await _each(
        pairs, lambda pair: unless_gone(client.get_workflow_handle(pair).cancel())
    )


async def _each(
    items: Sequence[Item], ask: Callable[[Item], Awaitable[Answer]]
) -> list[Answer]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> Answer:
        async with gate:
            return await ask(item)

    return await asyncio.gather(*(one(item) for item in items))


async def _signal(
    client: Client, pair: str, name: str, payload: dict[str, Any]
) -> None:
    await unless_gone(client.get_workflow_handle(pair).signal(name, payload))


async def unless_gone(request: Awaitable[None]) -> None:
    """What is asked of a run, if there is still one."""
    try:
        await request
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


def pair_of(start: CohortStart, row: PairToStart) -> PairRef:
    cohort = start.plan.cohort
    return PairRef(
        programme=cohort.programme,
        region=cohort.region,
        wave=cohort.wave,
        mentor=row.mentor,
        seat=row.seat,
    )


def start_document(start: CohortStart, pair: PairRef, row: PairToStart) -> PairStart:
    """Only modules of this cohort's training count."""
    policy = start.plan.policy
    return PairStart(
        pair=pair,
        clock=start.clock,
        policy=policy,
        calendar=start.plan.calendar,
        starts_at=start.opens_at,
        modules_done=tuple(
            module for module in row.modules_done if module in policy.training.modules
        ),
        windows_known=row.windows_known,
    )


async def _start(
    client: Client, start: CohortStart, pair: PairRef, row: PairToStart
) -> None:
    try:
        await client.start_workflow(
            "PairWorkflow",
            start_document(start, pair, row),
            id=pair.workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=attributes_of(pair),
            static_summary=f"A pair in {pair.region}, wave {pair.wave}",
        )
    except WorkflowAlreadyStartedError:
        return


def attributes_of(pair: PairRef) -> TypedSearchAttributes:
    """All of them from the start: lists find a pair in training too, and the pair upserts only what changes."""
    values = {
        "ProgrammeId": pair.programme,
        "Region": pair.region,
        "Cohort": pair.cohort.workflow_id,
        "Stage": Stage.TRAINING.value,
        "Health": Health.ON_COURSE.value,
    }
    keywords = [
        SearchAttributePair(SearchAttributeKey.for_keyword(name), value)
        for name, value in values.items()
    ]
    return TypedSearchAttributes([*keywords, SearchAttributePair(_SESSIONS_HELD, 0)])
