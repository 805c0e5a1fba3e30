"""The review of a cohort's matches: what was proposed, and every decision about it as a button."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import ValidationError

from gateway.console import cohorts, pausing
from gateway.console.console_route import ConsoleRoute
from gateway.console.render import back, decide, page, quoted
from gateway.context import Gateway, Here
from gateway.http.problems import RequestRefused
from gateway.texts.names import named
from schemas.cohort import MatchDecision
from schemas.ids import CohortRef, parse_cohort_id
from schemas.listings import MatchReview

router = APIRouter(prefix="/cohorts/{cohort_id}/matches", route_class=ConsoleRoute)
TICKED = ("approve", "refuse", "swap")
PEOPLE = ("pin", "unpin", "ban", "unban")
ACTIONS = ("all", *TICKED, *PEOPLE, "rerun")
NOTHING = "Nothing is ticked. Tick the pairs that you mean."
FOUR = "Tick exactly two pairs: their mentors exchange the mentees."


@router.get("")
async def matches(request: Request, gateway: Here, cohort_id: str) -> Response:
    return await _shown(request, gateway, _cohort(cohort_id))


@router.post("")
async def decide_matches(
    request: Request,
    gateway: Here,
    cohort_id: str,
    action: Annotated[str, Form(max_length=200)],
    run: Annotated[int, Form(ge=0)] = 0,
    revision: Annotated[int | None, Form(ge=0)] = None,
    match: Annotated[list[str] | None, Form()] = None,
    mentor: Annotated[str, Form(max_length=20)] = "",
    mentee: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """One decision, of a match's own button (`approve:ID`, `pin:MENTOR:MENTEE`), of what is ticked or of two people."""
    ref, (what, _, about) = _cohort(cohort_id), action.partition(":")
    if what == "look":
        return await _shown(request, gateway, ref, ticked=match)
    if what not in ACTIONS:
        raise RequestRefused(422, f"Not a decision; allowed: {', '.join(ACTIONS)}.")
    ticked = [about] if about else match or []
    if what in TICKED and (not ticked or (what == "swap" and len(ticked) != 2)):
        return await _shown(
            request, gateway, ref, FOUR if what == "swap" else NOTHING, ticked
        )
    one, _, other = about.partition(":") if about else (mentor, "", mentee)
    asked = {
        "run": run,
        "by": "console",
        **({} if revision is None else {"revision": revision}),
    }
    try:
        decision = MatchDecision.model_validate(
            {**asked, **_decided(what, ticked, {"mentor": one, "mentee": other})}
        )
    except ValidationError:
        return await _shown(
            request, gateway, ref, "Choose a mentor and a mentee.", ticked
        )
    payload = decision.model_dump(mode="json", exclude_defaults=True)
    proposed = what == "ban" and await _are_proposed(gateway, ref, one, other)
    if refused := await decide(
        gateway.workflows.update(ref.workflow_id, "approve_matches", payload, None)
    ):
        return await _shown(
            request, gateway, ref, await _with_names(gateway, refused), ticked
        )
    return back(
        f"/cohorts/{quoted(ref.workflow_id)}/matches",
        "ban_proposed" if proposed else what,
    )


def _cohort(cohort_id: str) -> CohortRef:
    try:
        return parse_cohort_id(cohort_id)
    except ValueError as error:
        raise RequestRefused(404, str(error)) from None


def _decided(what: str, ticked: list[str], two: Mapping[str, str]) -> dict[str, Any]:
    if what in ("all", "rerun"):
        return {what: True}
    if what == "swap":
        return {what: [{"one": ticked[0], "other": ticked[1]}]}
    return {what: ticked if what in TICKED else [two]}


async def _shown(
    request: Request,
    gateway: Gateway,
    ref: CohortRef,
    refused: str | None = None,
    ticked: list[str] | None = None,
) -> Response:
    review = await gateway.store.reviews.find(ref)
    if not review.run and not await _opened(gateway, ref):
        raise RequestRefused(404, cohorts.NO_WAVE)
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


async def _are_proposed(
    gateway: Gateway, ref: CohortRef, mentor: str, mentee: str
) -> bool:
    """To keep these two apart has the rest matched again."""
    found = (await gateway.store.reviews.find(ref)).matches
    return any(
        (m.mentor, m.mentee, m.decision) == (mentor, mentee, "proposed") for m in found
    )


def _run_awaited(review: MatchReview) -> bool:
    """The newest run is being replaced: what it proposes no more is not what changed."""
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

    return await named(text.removeprefix("approve_matches: "), look)
