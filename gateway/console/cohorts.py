"""The page of a cohort: its pairs, and what is paused or waits in it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from domain.people.search_patterns import plain_letters
from gateway.access.current import CurrentUser
from gateway.access.declared import About, needs
from gateway.console import pausing
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import ask_workflow
from gateway.console.render import After, back, page, quoted
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from schemas.ids import CohortRef, parse_cohort_id, programme_workflow_id, region_scope
from schemas.programme import ProgrammePlan
from schemas.records.listings import PairListing
from schemas.records.reasons import PauseReason
from schemas.records.status import RegionStatus
from schemas.stages import Health, Stage

router = APIRouter(prefix="/cohorts/{cohort_id}", route_class=ConsoleRoute)
PAGE_SIZE = 200


def _cohort(cohort_id: str) -> CohortRef:
    try:
        return parse_cohort_id(cohort_id)
    except ValueError as error:
        raise RequestRefused(404, str(error)) from None


CohortOfPath = Annotated[CohortRef, Depends(_cohort)]


@router.get("")
@needs(Permission.SEE_COHORT, About.COHORT)
async def cohort(
    request: Request,
    gateway: CurrentGateway,
    ref: CohortOfPath,
    stage: str = "",
    after: After = "",
) -> Response:
    return await _shown(request, gateway, ref, stage, after)


async def _shown(
    request: Request,
    gateway: Gateway,
    ref: CohortRef,
    stage: str = "",
    after: str = "",
    refused: str | None = None,
) -> Response:
    region = await known_region(gateway, ref)
    wanted = stage if stage in set(Stage) else None
    plan = await gateway.store.programmes.plan(ref.programme)
    pairs = await gateway.store.pairs.in_cohort(ref, wanted, PAGE_SIZE + 1, after)
    return page(
        request,
        gateway,
        "cohort",
        409 if refused else 200,
        cohort=ref,
        region=region,
        zone=_zone(plan, ref),
        pairs=sorted(pairs[:PAGE_SIZE], key=_place),
        ideas=await gateway.store.releases.ideas(ref),
        stage=wanted,
        page_size=PAGE_SIZE,
        after=after,
        next=pairs[PAGE_SIZE - 1].pair.workflow_id if len(pairs) > PAGE_SIZE else "",
        pauses=await pausing.in_force(gateway, scopes(ref), ref.programme),
        refused=refused,
    )


def _place(pair: PairListing) -> tuple[bool, str, str]:
    """Those at risk first, then by name."""
    at_risk = pair.stage is not Stage.CLOSED and pair.health is Health.AT_RISK
    return not at_risk, plain_letters(pair.mentor_name), pair.pair.workflow_id


def _zone(plan: ProgrammePlan | None, ref: CohortRef) -> str:
    """The zone of a region, in which the pages of its pairs tell times too."""
    cohorts = plan.cohorts if plan else ()
    zones = (c.calendar.zone for c in cohorts if c.cohort.region == ref.region)
    return next(zones, "UTC")


async def known_region(gateway: Gateway, ref: CohortRef) -> RegionStatus:
    """The status of a wave of a region. Raises RequestRefused when there is none."""
    status = await gateway.store.status.find(ref.programme)
    for region in status.regions if status else ():
        if (region.region, region.wave) == (ref.region, ref.wave):
            return region
    raise RequestRefused(404, "No programme has such a region or wave.")


def scopes(ref: CohortRef) -> dict[str, str]:
    """Returns the scopes whose pause pauses the cohort, each with its name on the page."""
    return {
        programme_workflow_id(ref.programme): "the whole programme",
        region_scope(ref.programme, ref.region): f"the region {ref.region}",
        ref.workflow_id: "this wave",
    }


@router.post("/pause")
@router.post("/resume")
@needs(Permission.DECIDE, About.COHORT)
async def pause_or_resume(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    ref: CohortOfPath,
    reason: pausing.Reason = PauseReason.ASKED,
) -> Response:
    change, refused = await pausing.ask(request, gateway, user, ref.workflow_id, reason)
    if refused:
        return await _shown(request, gateway, ref, refused=refused)
    return back(f"/cohorts/{quoted(ref.workflow_id)}", change)


@router.post("/guard")
@needs(Permission.DECIDE, About.COHORT)
async def decide_people_change(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    ref: CohortOfPath,
    action: Annotated[str, Form()] = "",
) -> Response:
    """Freeze the pairs that a change of people brought too close, or dismiss the change."""
    reasons = {"accept": "reorganised", "dismiss": "wrong_feed"}
    if action not in reasons:
        raise RequestRefused(422, "Not a decision; allowed: accept, dismiss.")
    payload = {"reason": reasons[action]}
    if refused := await ask_workflow(
        gateway, user, ref.workflow_id, f"{action}_people_change", payload
    ):
        return await _shown(request, gateway, ref, refused=refused)
    return back(f"/cohorts/{quoted(ref.workflow_id)}", action)
