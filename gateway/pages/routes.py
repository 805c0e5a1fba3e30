"""GET and POST /q/{token}: every participant's page."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.pair.questions import QuestionState
from gateway.context import CurrentGateway, Gateway
from gateway.edge.dependencies import within_address_rate
from gateway.edge.rates import RateKey
from gateway.pages import first_answer, views
from gateway.pages.anonymous_pages import plain
from gateway.pages.answers import FilledForm, FormWrong
from gateway.pages.forms import read_form
from gateway.pages.storing import AlreadyAnswered, store_answer
from gateway.pages.thanks import signed_thanks, thanks_code
from gateway.pages.visit import CurrentVisit, Visit
from gateway.temporal import TemporalUnavailable, UpdateRejected, WorkflowNotFound

router = APIRouter(
    tags=["pages"],
    include_in_schema=False,
    dependencies=[Depends(within_address_rate)],
)


@router.get("/q/{token}")
async def show(
    gateway: CurrentGateway, at: CurrentVisit, token: str, thanks: str = ""
) -> Response:
    """Changes nothing: mail scanners and chat previews open links too."""
    if code := thanks_code(gateway.options.link_keys, token, thanks):
        return _page(
            gateway,
            "thanks",
            views.common(gateway, at),
            thanks=code,
            offers=views.after_answer(gateway, at, code),
            paused=False,
        )
    if not at.question_state.asks:
        return _stale(gateway, at, 200)
    return _page(gateway, at.link.question, await views.question(gateway, at, {}))


@router.post("/q/{token}")
async def take_answer(
    request: Request, gateway: CurrentGateway, at: CurrentVisit, token: str
) -> Response:
    """Take an answer, then send the browser to the thanks, so that going back or reloading sends nothing twice."""
    gateway.rates.count(RateKey.PERSON, at.person.person)
    form = {
        name: value
        for name, value in (await request.form()).items()
        if isinstance(value, str)
    }
    if not at.question_state.asks or at.state is None:
        return _stale(gateway, at, 409)
    try:
        answer = read_form(FilledForm(at.link, at.state, at.now, form))
        await store_answer(gateway, at, answer)
    except FormWrong as wrong:
        return await _show_again(gateway, at, form, 422, wrong=wrong.keys)
    except AlreadyAnswered as first:
        answered = first_answer.answer_key_of_event(
            first.stored.kind, first.stored.payload
        )
        return _answered(
            gateway, at, f"{answered}_called" if first.call_passed_on else answered
        )
    except UpdateRejected as refused:
        return await _show_again(gateway, at, form, 409, refused=str(refused))
    except (TemporalUnavailable, WorkflowNotFound):
        return plain(request, "unavailable", 503)
    thanks = signed_thanks(gateway.options.link_keys, token, answer.code)
    return RedirectResponse(f"/q/{token}?thanks={thanks}", 303)


async def _show_again(
    gateway: Gateway, at: Visit, form: Mapping[str, str], status: int, **more: Any
) -> Response:
    return _page(
        gateway,
        at.link.question,
        await views.question(gateway, at, form),
        status,
        **more,
    )


def _stale(gateway: Gateway, at: Visit, status: int) -> Response:
    context = views.common(gateway, at)
    answered = (
        first_answer.answer_key_of_state(at.link, at.state)
        if at.state and at.question_state is QuestionState.DONE
        else None
    )
    shown: dict[str, Any] = {
        "question_state": str(at.question_state),
        "offers": views.other_open_questions(gateway, at),
    }
    return _page(gateway, "stale", context, status, **shown, **_first_answer(answered))


def _answered(gateway: Gateway, at: Visit, answered: str) -> Response:
    """Show that another answer counts, even if the pair has not received it yet."""
    context = {**views.common(gateway, at), "paused": False}
    offers = (
        [views.offer(gateway, at, at.link)]
        if first_answer.change_key(answered) == "time"
        else []
    )
    return _page(
        gateway,
        "stale",
        context,
        409,
        question_state=QuestionState.DONE.value,
        offers=offers,
        **_first_answer(answered),
    )


def _first_answer(answered: str | None) -> Mapping[str, str | None]:
    return {
        "answered": answered,
        "change": first_answer.change_key(answered) if answered else None,
    }


def _page(
    gateway: Gateway,
    name: str,
    context: Mapping[str, Any],
    status: int = 200,
    **more: Any,
) -> Response:
    template = gateway.templates.get_template(f"page/{name}.html.j2")
    return HTMLResponse(template.render({"wrong": (), **context, **more}), status)
