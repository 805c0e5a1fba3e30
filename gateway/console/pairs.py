"""The page of a pair: its stage, what happened and why, its pause, and the decision when it is frozen."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import About, needs
from gateway.console import pausing
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import ask_workflow
from gateway.console.render import back, page, quoted
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from schemas.ids import person_scope, programme_workflow_id, region_scope
from schemas.records.listings import LedgerEntry, PairDetail
from schemas.records.reasons import PauseReason

router = APIRouter(prefix="/pairs/{pair_id}", route_class=ConsoleRoute)


@router.get("")
@needs(Permission.SEE_PAIR, About.PAIR)
async def pair(request: Request, gateway: CurrentGateway, pair_id: str) -> Response:
    return await _shown(request, gateway, pair_id)


async def _shown(
    request: Request, gateway: Gateway, pair_id: str, refused: str | None = None
) -> Response:
    detail = await _known(gateway, pair_id)
    ledger = await gateway.store.pairs.ledger(pair_id)
    return page(
        request,
        gateway,
        "pair",
        409 if refused else 200,
        detail=detail,
        ledger=ledger,
        name_of=await _deciders(gateway, ledger),
        zone=detail.state.calendar.zone if detail.state else "UTC",
        pauses=await pausing.in_force(gateway, _scopes(detail), detail.pair.programme),
        refused=refused,
    )


async def _deciders(gateway: Gateway, ledger: list[LedgerEntry]) -> dict[str, str]:
    """Names of those who decided, by their id: of accounts, and of people on their own pages."""
    people = [line.by for line in ledger if line.by]
    accounts = await gateway.store.accounts.names() if people else {}
    return {**accounts, **await gateway.store.people.names(people)}


async def _known(gateway: Gateway, pair_id: str) -> PairDetail:
    """Returns a pair; 404 for another kind of workflow, which a button must not reach."""
    detail = await gateway.store.pairs.find(pair_id)
    if detail is None:
        raise RequestRefused(404, "No pair has this id.")
    return detail


def _scopes(detail: PairDetail) -> dict[str, str]:
    """Returns the scopes whose pause pauses the pair, each with its name on the page."""
    pair = detail.pair
    found = {
        programme_workflow_id(pair.programme): "the whole programme",
        region_scope(pair.programme, pair.region): f"the region {pair.region}",
        pair.cohort.workflow_id: f"wave {pair.wave}",
        person_scope(pair.mentor): detail.mentor_name,
    }
    match = detail.state.match if detail.state else None
    return (
        found | {person_scope(match.mentee): detail.mentee_name or match.mentee}
        if match
        else found
    )


@router.post("/pause")
@router.post("/resume")
@needs(Permission.DECIDE, About.PAIR)
async def pause_or_resume(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    pair_id: str,
    reason: pausing.Reason = PauseReason.ASKED,
) -> Response:
    """Ask the pair's workflow to pause or resume; its page shows the result a moment
    later.
    """
    await _known(gateway, pair_id)
    change, refused = await pausing.ask(request, gateway, user, pair_id, reason)
    if refused:
        return await _shown(request, gateway, pair_id, refused)
    return back(f"/pairs/{quoted(pair_id)}", change)


@router.post("/guard")
@needs(Permission.DECIDE, About.PAIR)
async def decide_frozen(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    pair_id: str,
    action: Annotated[str, Form()] = "",
) -> Response:
    """Keep the two of a frozen pair together, or part them."""
    updates = {"keep": ("keep", "agreed"), "part": ("rematch", "reorganised")}
    if action not in updates:
        raise RequestRefused(422, "Not a decision; allowed: keep, part.")
    await _known(gateway, pair_id)
    name, reason = updates[action]
    if refused := await ask_workflow(gateway, user, pair_id, name, {"reason": reason}):
        return await _shown(request, gateway, pair_id, refused)
    return back(f"/pairs/{quoted(pair_id)}", action)
