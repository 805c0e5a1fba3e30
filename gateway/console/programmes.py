"""All programmes, one programme, and what ops decide on it."""

import json
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from domain.privacy.region_notices import region_notices
from domain.programme.plan import dated_regions
from gateway.access.current import CurrentUser, SignedInUser
from gateway.access.declared import About, needs, signed_in
from gateway.console import pausing
from gateway.console.console_route import ConsoleRoute
from gateway.console.render import back, page
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
from schemas.records.reasons import PauseReason
from schemas.records.status import ProgrammeStatus

router = APIRouter(route_class=ConsoleRoute)


@router.get("/")
@signed_in
async def programmes(
    request: Request, gateway: CurrentGateway, user: CurrentUser
) -> Response:
    """What the account covers: programmes, and regions of others."""
    found = [
        await gateway.store.status.find(code)
        for code in await gateway.store.programmes.codes()
    ]
    options = gateway.options
    covered = [status for status in found if status and _covers(user, status.programme)]
    return page(
        request,
        gateway,
        "programmes",
        programmes=covered,
        regions=_regions_of(user, [s for s in found if s and s not in covered]),
        start=start_form_url(
            options.ui_url, options.namespace, EXAMPLE_WORKFLOW_ID, TASK_QUEUE
        ),
        examples=_examples(options.examples_dir) if _covers(user) else [],
        people=await gateway.store.people.role_counts(),
    )


def _covers(user: SignedInUser, programme: str | None = None) -> bool:
    return user.may_at(Permission.SEE_PROGRAMME, programme)


def _regions_of(
    user: SignedInUser, statuses: list[ProgrammeStatus]
) -> list[tuple[str, str]]:
    """(programme, region) of what only a region's own page shows to this account."""
    found = {(s.programme, r.region): None for s in statuses for r in s.regions}
    return [at for at in found if user.may_at(Permission.SEE_EVIDENCE, *at)]


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
@needs(Permission.SEE_PROGRAMME, About.PROGRAMME)
async def programme(
    request: Request, gateway: CurrentGateway, programme: str
) -> Response:
    return await show_programme(request, gateway, programme)


async def show_programme(
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
    notices = await gateway.store.privacy_notices.shown()
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
        region_notices=region_notices(plan, notices) if plan else [],
        about=request.query_params.get("region", ""),
        refused=refused,
    )


@router.post("/programmes/{programme}/pause")
@router.post("/programmes/{programme}/resume")
@needs(Permission.DECIDE, About.PROGRAMME)
async def pause_or_resume(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    programme: str,
    reason: pausing.Reason = PauseReason.ASKED,
) -> Response:
    """Pause or resume a whole programme."""
    workflow_id = programme_workflow_id(programme)
    change, refused = await pausing.ask(request, gateway, user, workflow_id, reason)
    if refused:
        return await show_programme(request, gateway, programme, refused)
    return back(f"/programmes/{programme}", change)
