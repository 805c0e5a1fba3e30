"""All programmes, one programme, and what ops decide on it."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from domain.programme.plan import dated_regions
from gateway.console import pausing
from gateway.console.console_route import ConsoleRoute
from gateway.console.render import back, decide, page
from gateway.console.waiting import waiting
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from gateway.temporal import start_form_url
from schemas.ids import (
    EXAMPLE_WORKFLOW_ID,
    TASK_QUEUE,
    programme_workflow_id,
    region_scope,
)
from schemas.reasons import PauseReason, RegionReason
from schemas.rollout import RegionPhase

router = APIRouter(route_class=ConsoleRoute)


@router.get("/")
async def programmes(request: Request, gateway: CurrentGateway) -> Response:
    found = [
        await gateway.store.status.find(code)
        for code in await gateway.store.programmes.codes()
    ]
    options = gateway.options
    return page(
        request,
        gateway,
        "programmes",
        programmes=[status for status in found if status],
        start=start_form_url(
            options.ui_url, options.namespace, EXAMPLE_WORKFLOW_ID, TASK_QUEUE
        ),
        examples=_examples(options.examples_dir),
        people=await gateway.store.people.role_counts(),
    )


def _examples(folder: Path | None) -> list[tuple[str, str]]:
    """Returns (name, text) of the programme documents that are shipped."""
    if folder is None or not folder.is_dir():
        return []
    texts = [
        (path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    ]
    return [(name, text) for name, text in texts if isinstance(json.loads(text), dict)]


@router.get("/programmes/{programme}")
async def programme(
    request: Request, gateway: CurrentGateway, programme: str
) -> Response:
    return await _programme(request, gateway, programme)


async def _programme(
    request: Request, gateway: Gateway, code: str, refused: str | None = None
) -> Response:
    status = await gateway.store.status.find(code)
    if status is None:
        raise RequestRefused(404, "No programme has this code.")
    state = await gateway.store.programmes.state(code)
    plan = await gateway.store.programmes.plan(code)
    scopes = {region_scope(code, r.region): r.region for r in status.regions} | {
        programme_workflow_id(code): code
    }
    dates = (
        dated_regions(plan, await gateway.store.people.role_counts()) if plan else ()
    )
    return page(
        request,
        gateway,
        "programme",
        409 if refused else 200,
        status=status,
        waiting=waiting(status),
        plan=plan,
        dates_of={(planned.region, planned.wave): planned for planned in dates},
        regions={region.plan.cohort.region: region for region in state.regions}
        if state
        else {},
        workflow_id=programme_workflow_id(code),
        pauses=await pausing.in_force(gateway, scopes, code),
        region_scope=region_scope,
        about=request.query_params.get("region", ""),
        refused=refused,
    )


Field = Annotated[str, Form(max_length=60)]


@router.post("/programmes/{programme}/pause")
@router.post("/programmes/{programme}/resume")
async def pause_or_resume(
    request: Request,
    gateway: CurrentGateway,
    programme: str,
    region: Field = "",
    reason: pausing.Reason = PauseReason.ASKED,
) -> Response:
    """Pause or resume a programme, or one region of it."""
    workflow_id = programme_workflow_id(programme)
    change, refused = await pausing.ask(request, gateway, workflow_id, reason, region)
    if refused:
        return await _programme(request, gateway, programme, refused)
    return back(
        f"/programmes/{programme}", change, **({"region": region} if region else {})
    )


class RegionDecision(StrEnum):
    """Decisions of ops about a region: the update's name, and the last part of the
    address.
    """

    EXTEND = "extend"
    HOLD = "hold"
    CONCLUDE = "conclude"
    TICK_NEED = "tick_need"


@router.post("/programmes/{programme}/{name}")
async def decide_region(
    request: Request,
    gateway: CurrentGateway,
    programme: str,
    name: str,
    region: Field,
    need: Field = "",
    reason: Annotated[RegionReason, Form()] = RegionReason.ASKED,
) -> Response:
    """Send a decision about a region to the programme's workflow; show why if it
    refuses.
    """
    try:
        decision = RegionDecision(name)
    except ValueError:
        allowed = ", ".join(RegionDecision)
        raise RequestRefused(404, f"Not a decision; allowed: {allowed}.") from None
    if decision is RegionDecision.TICK_NEED:
        payload = {"region": region, "need": need}
    else:
        payload = {"region": region, "reason": reason.value}
    done = await _done_after(gateway, programme, decision, region, need)
    workflow_id = programme_workflow_id(programme)
    ask = gateway.workflows.update(workflow_id, decision.value, payload, None)
    if refused := await decide(ask):
        return await _programme(request, gateway, programme, refused)
    return back(f"/programmes/{programme}", **done)


async def _done_after(
    gateway: Gateway, programme: str, decision: RegionDecision, region: str, need: str
) -> dict[str, str]:
    """Returns what the page says after a decision.

    Needs keep an approved region closed, and the last one that is ticked opens it.
    """
    state = await gateway.store.programmes.state(programme)
    regions = {r.plan.cohort.region: r for r in state.regions} if state else {}
    if own := regions.get(region):
        needs = own.unticked_needs
        if decision is RegionDecision.EXTEND and needs:
            return {"done": "approved", "region": region}
        opens = decision is RegionDecision.TICK_NEED and needs == (need,)
        if opens and own.status is RegionPhase.NEEDS:
            return {"done": "last_need", "region": region}
    return {"done": decision.value}
