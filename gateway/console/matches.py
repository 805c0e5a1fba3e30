"""The review of a cohort's matches: what is proposed, and a button for every decision about it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from gateway.console import cohorts, pausing
from gateway.console.console_route import ConsoleRoute
from gateway.console.match_decisions import (
    MatchVerb,
    NothingChosen,
    ReviewChoice,
    ReviewForm,
    RowButton,
    decision_of,
)
from gateway.console.render import back, decide, page, quoted
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from gateway.texts.names import with_names
from schemas.ids import CohortRef, parse_cohort_id
from schemas.records.listings import MatchReview

router = APIRouter(prefix="/cohorts/{cohort_id}/matches", route_class=ConsoleRoute)


@router.get("")
async def matches(
    request: Request, gateway: CurrentGateway, cohort_id: str
) -> Response:
    return await _shown(request, gateway, _cohort(cohort_id))


@router.post("")
async def show_again(
    request: Request,
    gateway: CurrentGateway,
    cohort_id: str,
    form: Annotated[ReviewForm, Form()],
) -> Response:
    """Show the review again with its ticks, after Enter in a tick box; decide nothing."""
    return await _shown(request, gateway, _cohort(cohort_id), ticked=form.match)


@router.post("/{verb}")
async def decide_matches(
    request: Request,
    gateway: CurrentGateway,
    cohort_id: str,
    verb: MatchVerb,
    row: Annotated[RowButton, Query()],
    form: Annotated[ReviewForm, Form()],
) -> Response:
    """Decide about the match in the button's row, the ticked ones, or two people."""
    ref, choice = _cohort(cohort_id), ReviewChoice.of(row, form)
    try:
        decision = decision_of(verb, choice, seen=form)
    except NothingChosen as missing:
        return await _shown(request, gateway, ref, str(missing), choice.matches)
    done = await _done_after(gateway, ref, verb, choice)
    payload = decision.model_dump(mode="json", exclude_defaults=True)
    ask = gateway.workflows.update(ref.workflow_id, "approve_matches", payload, None)
    if refused := await decide(ask):
        named = await _with_names(gateway, refused)
        return await _shown(request, gateway, ref, named, choice.matches)
    return back(f"/cohorts/{quoted(ref.workflow_id)}/matches", done)


async def _done_after(
    gateway: Gateway, ref: CohortRef, verb: MatchVerb, choice: ReviewChoice
) -> str:
    """Returns what the page says after a decision.

    Keeping two apart who are proposed has the rest matched again.
    """
    if verb is not MatchVerb.BAN:
        return verb
    two = (choice.mentor, choice.mentee, "proposed")
    found = (await gateway.store.reviews.find(ref)).matches
    proposed = any((m.mentor, m.mentee, m.decision) == two for m in found)
    return "ban_proposed" if proposed else verb


def _cohort(cohort_id: str) -> CohortRef:
    try:
        return parse_cohort_id(cohort_id)
    except ValueError as error:
        raise RequestRefused(404, str(error)) from None


async def _shown(
    request: Request,
    gateway: Gateway,
    ref: CohortRef,
    refused: str | None = None,
    ticked: list[str] | None = None,
) -> Response:
    review = await gateway.store.reviews.find(ref)
    if not review.run and not await _opened(gateway, ref):
        raise RequestRefused(404, cohorts.NO_SUCH_COHORT)
    return page(
        request,
        gateway,
        "matches",
        409 if refused else 200,
        cohort=ref,
        review=review,
        awaited=_run_awaited(review),
        pauses=await pausing.in_force(gateway, cohorts.scopes(ref), ref.programme),
        pinned={(pin.mentor, pin.mentee) for pin in review.pins if not pin.over},
        ticked=ticked or [],
        refused=refused,
    )


def _run_awaited(review: MatchReview) -> bool:
    """Whether the newest run is being replaced, so that its changes are not shown."""
    return any(
        line.run == review.run and line.what in ("rerun", "refused")
        for line in review.decided
    )


async def _opened(gateway: Gateway, ref: CohortRef) -> bool:
    status = await gateway.store.status.find(ref.programme)
    return status is not None and any(
        (r.region, r.wave) == (ref.region, ref.wave) for r in status.regions
    )


async def _with_names(gateway: Gateway, text: str) -> str:
    async def look(person: str) -> str | None:
        found = await gateway.store.people.find(person)
        return found.name if found else None

    return await with_names(text.removeprefix("approve_matches: "), look)
