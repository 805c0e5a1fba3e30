"""The review of a cohort's matches: what is proposed, and a button for every decision about it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import About, needs
from gateway.console import pausing
from gateway.console.cohorts import CohortOfPath, known_region, scopes
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import ask_workflow
from gateway.console.match_decisions import (
    MatchVerb,
    NothingChosen,
    ReviewForm,
    RowButton,
    decision_of,
)
from gateway.console.render import After, back, page, quoted
from gateway.context import CurrentGateway, Gateway
from gateway.texts.names import with_account_names, with_names
from schemas.ids import CohortRef
from schemas.matches.review import MentorMentee
from schemas.records.listings import MatchReview, ReviewPage

router = APIRouter(prefix="/cohorts/{cohort_id}/matches", route_class=ConsoleRoute)
SHOWN_CHANGES = 100
"""Most changes since the run before that are listed."""


@router.get("")
@needs(Permission.SEE_COHORT, About.COHORT)
async def matches(
    request: Request,
    gateway: CurrentGateway,
    ref: CohortOfPath,
    after: After = "",
    decided_after: After = "",
    left_after: After = "",
) -> Response:
    shown = ReviewPage(proposed=after, decided=decided_after, left=left_after)
    return await _shown(request, gateway, ref, shown)


@router.post("")
@needs(Permission.SEE_COHORT, About.COHORT)
async def show_again(
    request: Request,
    gateway: CurrentGateway,
    ref: CohortOfPath,
    form: Annotated[ReviewForm, Form()],
) -> Response:
    """Show the review again with its ticks, after Enter in a tick box; decide nothing."""
    shown = ReviewPage(proposed=form.after)
    return await _shown(request, gateway, ref, shown, ticked=form.match)


@router.post("/{verb}")
@needs(Permission.DECIDE, About.COHORT)
async def decide_matches(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    ref: CohortOfPath,
    verb: MatchVerb,
    row: Annotated[RowButton, Query()],
    form: Annotated[ReviewForm, Form()],
) -> Response:
    """Decide about the match in the button's row, the ticked ones, or two people."""
    chosen, shown = form.about(row), ReviewPage(proposed=form.after)
    try:
        decision = decision_of(verb, chosen)
    except NothingChosen as missing:
        return await _shown(request, gateway, ref, shown, str(missing), chosen.match)
    done = await _done_after(gateway, ref, verb, chosen)
    payload = decision.model_dump(mode="json", exclude_defaults=True)
    if refused := await ask_workflow(
        gateway, user, ref.workflow_id, "approve_matches", payload
    ):
        reason = refused.removeprefix("approve_matches: ")
        people = gateway.store.people
        named = await with_names(reason, people, lambda person: person.name)
        named = with_account_names(named, await gateway.store.accounts.names())
        return await _shown(request, gateway, ref, shown, named, chosen.match)
    again = {"after": form.after} if form.after else {}
    return back(f"/cohorts/{quoted(ref.workflow_id)}/matches", done, **again)


async def _done_after(
    gateway: Gateway, ref: CohortRef, verb: MatchVerb, chosen: ReviewForm
) -> str:
    """Returns what the page says after a decision.

    Keeping two apart who are proposed has the rest matched again.
    """
    if verb is not MatchVerb.BAN:
        return verb
    two = MentorMentee(mentor=chosen.mentor, mentee=chosen.mentee)
    proposed = await gateway.store.reviews.is_proposed(ref, two)
    return "ban_proposed" if proposed else verb


async def _shown(
    request: Request,
    gateway: Gateway,
    ref: CohortRef,
    shown: ReviewPage,
    refused: str | None = None,
    ticked: list[str] | None = None,
) -> Response:
    review = await gateway.store.reviews.find(ref, shown)
    if not review.run:
        await known_region(gateway, ref)
    return page(
        request,
        gateway,
        "matches",
        409 if refused else 200,
        cohort=ref,
        review=review,
        shown=shown,
        shown_changes=SHOWN_CHANGES,
        awaited=_run_awaited(review),
        name_of_account=await gateway.store.accounts.names(),
        pauses=await pausing.in_force(gateway, scopes(ref), ref.programme),
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
