"""One region of a programme: its evidence, and what is decided about it."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser, SignedInUser
from gateway.access.declared import About, needs
from gateway.console import pausing
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import ask_workflow
from gateway.console.programmes import show_programme
from gateway.console.render import back, page
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from schemas.ids import programme_workflow_id
from schemas.records.reasons import PauseReason, RegionReason
from schemas.rollout import RegionPhase

router = APIRouter(
    prefix="/programmes/{programme}/regions/{region}", route_class=ConsoleRoute
)
Field = Annotated[str, Form(max_length=60)]
Reason = Annotated[RegionReason, Form()]


@router.get("")
@needs(Permission.SEE_EVIDENCE, About.REGION)
async def region_page(
    request: Request, gateway: CurrentGateway, programme: str, region: str
) -> Response:
    return await _shown(request, gateway, programme, region)


async def _shown(
    request: Request,
    gateway: Gateway,
    programme: str,
    region: str,
    refused: str | None = None,
) -> Response:
    """What a sponsor reads: figures of the waves, and whether the region waits for their decision."""
    status = await gateway.store.status.find(programme)
    state = await gateway.store.programmes.state(programme)
    own = [r for r in status.regions if r.region == region] if status else []
    if status is None or not own:
        raise RequestRefused(404, "No programme has such a region.")
    states = {r.plan.cohort.region: r for r in state.regions} if state else {}
    after = states[region].plan.after if region in states else None
    return page(
        request,
        gateway,
        "region",
        409 if refused else 200,
        programme=programme,
        region=region,
        waves=own,
        own=states.get(region),
        before=states.get(after) if after else None,
        refused=refused,
    )


@router.post("/pause")
@router.post("/resume")
@needs(Permission.DECIDE, About.REGION)
async def pause_or_resume(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    programme: str,
    region: str,
    reason: pausing.Reason = PauseReason.ASKED,
) -> Response:
    workflow_id = programme_workflow_id(programme)
    change, refused = await pausing.ask(
        request, gateway, user, workflow_id, reason, region
    )
    if refused:
        return await _refused(request, gateway, user, programme, region, refused)
    return _back(user, programme, region, done=change, region_named=True)


class RegionDecision(StrEnum):
    """What is decided about a region: the update's name, and the last part of the address."""

    EXTEND = "extend"
    HOLD = "hold"
    CONCLUDE = "conclude"
    TICK_NEED = "tick_need"


@router.post("/extend")
@router.post("/hold")
@needs(Permission.DECIDE_OPENING, About.REGION)
async def decide_opening(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    programme: str,
    region: str,
    reason: Reason = RegionReason.ASKED,
) -> Response:
    """The sponsor's decision, which ops may take too."""
    decision = RegionDecision(request.url.path.rpartition("/")[2])
    payload = {"region": region, "reason": reason.value}
    return await _decide(request, gateway, user, decision, programme, payload)


@router.post("/conclude")
@needs(Permission.DECIDE, About.REGION)
async def conclude(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    programme: str,
    region: str,
    reason: Reason = RegionReason.ASKED,
) -> Response:
    decision = RegionDecision.CONCLUDE
    payload = {"region": region, "reason": reason.value}
    return await _decide(request, gateway, user, decision, programme, payload)


@router.post("/tick_need")
@needs(Permission.DECIDE, About.REGION)
async def tick_need(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    programme: str,
    region: str,
    need: Field = "",
) -> Response:
    decision, payload = RegionDecision.TICK_NEED, {"region": region, "need": need}
    return await _decide(request, gateway, user, decision, programme, payload)


async def _decide(
    request: Request,
    gateway: Gateway,
    user: SignedInUser,
    decision: RegionDecision,
    programme: str,
    payload: dict[str, str],
) -> Response:
    """The programme's workflow may refuse it; the page says why."""
    region = payload["region"]
    done = await _done_after(gateway, programme, decision, payload)
    workflow_id = programme_workflow_id(programme)
    if refused := await ask_workflow(
        gateway, user, workflow_id, decision.value, payload
    ):
        return await _refused(request, gateway, user, programme, region, refused)
    return _back(user, programme, region, done=done, region_named=done != decision)


async def _refused(
    request: Request,
    gateway: Gateway,
    user: SignedInUser,
    programme: str,
    region: str,
    refused: str,
) -> Response:
    if user.may_at(Permission.SEE_PROGRAMME, programme):
        return await show_programme(request, gateway, programme, refused)
    return await _shown(request, gateway, programme, region, refused)


def _back(
    user: SignedInUser, programme: str, region: str, *, done: str, region_named: bool
) -> Response:
    """To the programme, or to the region for whoever sees no more."""
    if user.may_at(Permission.SEE_PROGRAMME, programme):
        about = {"region": region} if region_named else {}
        return back(f"/programmes/{programme}", done, **about)
    return back(f"/programmes/{programme}/regions/{region}", done)


async def _done_after(
    gateway: Gateway,
    programme: str,
    decision: RegionDecision,
    payload: dict[str, str],
) -> str:
    """What the page says afterwards: needs keep an approved region closed, the last one opens it."""
    state = await gateway.store.programmes.state(programme)
    regions = {r.plan.cohort.region: r for r in state.regions} if state else {}
    if own := regions.get(payload["region"]):
        needs_left = own.unticked_needs
        if decision is RegionDecision.EXTEND and needs_left:
            return "approved"
        opens = needs_left == (payload.get("need"),)
        if opens and own.status is RegionPhase.NEEDS:
            return "last_need"
    return decision.value
