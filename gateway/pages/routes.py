"""GET and POST /q/{token}: every participant's page."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.notices.current_links import current_links, current_links_key
from domain.notices.my_data_mail import (
    NEW_ADDRESS_WAITS,
    my_data_key,
    my_data_mail,
)
from domain.pair.questions import QuestionState
from gateway.access.declared import Door, opened_by
from gateway.access.route import AccessRoute
from gateway.context import CurrentGateway, Gateway
from gateway.edge.dependencies import within_address_rate
from gateway.edge.rates import RateKey, TooManyRequests
from gateway.pages import first_answer, views
from gateway.pages.anonymous_pages import plain
from gateway.pages.answers import FilledForm, FormWrong
from gateway.pages.forms import read_form
from gateway.pages.privacy import note_informed
from gateway.pages.storing import AlreadyAnswered, store_answer
from gateway.pages.thanks import signed_thanks, thanks_code
from gateway.pages.visit import CurrentVisit, Visit, check_person
from gateway.temporal import TemporalUnavailable, UpdateRejected, WorkflowNotFound

router = APIRouter(
    tags=["pages"],
    include_in_schema=False,
    route_class=AccessRoute,
    dependencies=[Depends(within_address_rate)],
)


@router.get("/q/{token}")
@opened_by(Door.LINK)
async def show(gateway: CurrentGateway, at: CurrentVisit, thanks: str = "") -> Response:
    """Changes nothing: mail scanners and chat previews open links too."""
    if code := thanks_code(gateway.options.link_keys, at.token, thanks):
        return _page(
            gateway,
            "thanks",
            views.common(at),
            thanks=code,
            paused=False,
        )
    if not at.question_state.asks:
        return _stale(gateway, at, 200)
    return _page(gateway, at.link.question, await views.question(gateway, at, {}))


@router.post("/q/{token}/links")
@opened_by(Door.LINK)
async def mail_links(gateway: CurrentGateway, at: CurrentVisit) -> Response:
    """Mail the current links to the person's own address; whoever else holds this one learns nothing."""
    gateway.rates.count(RateKey.PERSON, at.person.person)
    if views.may_mail_links(at):
        await gateway.store.outbox.queue_for_person(
            at.link.pair,
            at.link.person,
            current_links_key(gateway.now()),
            current_links(views.links_to_mail(at)),
        )
    return _thank(gateway, at, "links")


@router.post("/q/{token}/my-data")
@opened_by(Door.LINK)
async def mail_my_data(gateway: CurrentGateway, at: CurrentVisit) -> Response:
    """Mail the link to what is held about the person to their own address, and show none of it here.

    Not from a rehearsal: its mails are read by whoever runs it.
    """
    gateway.rates.count(RateKey.PERSON, at.person.person)
    if at.rehearsal:
        return _thank(gateway, at, "my_data.rehearsal")
    since = gateway.now() - NEW_ADDRESS_WAITS
    if await gateway.store.people.address_changed(at.person.person, since):
        return _thank(gateway, at, "my_data.new_address")
    with suppress(TooManyRequests):  # the answer is the same
        gateway.rates.count(RateKey.MY_DATA_MAIL, at.person.person)
        await _queue_my_data(gateway, at)
    return _thank(gateway, at, "my_data")


async def _queue_my_data(gateway: Gateway, at: Visit) -> None:
    await gateway.store.outbox.queue_for_person(
        at.link.pair,
        at.link.person,
        my_data_key(gateway.now()),
        [my_data_mail(at.link)],
    )


@router.post("/q/{token}")
@opened_by(Door.LINK)
async def take_answer(
    request: Request, gateway: CurrentGateway, at: CurrentVisit
) -> Response:
    """Take an answer, then send the browser to the thanks, so that going back or reloading sends nothing twice."""
    gateway.rates.count(RateKey.PERSON, at.person.person)
    form = {
        name: value
        for name, value in (await request.form()).items()
        if isinstance(value, str)
    }
    await check_person(gateway, at.link)  # it may have been long on its way
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
    if not at.rehearsal:  # whoever runs it may have pressed the button
        await note_informed(gateway.store, at.person, at.privacy)
    return _thank(gateway, at, answer.code)


def _thank(gateway: Gateway, at: Visit, code: str) -> Response:
    thanks = signed_thanks(gateway.options.link_keys, at.token, code)
    return RedirectResponse(f"/q/{at.token}?thanks={thanks}", 303)


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
    context = views.common(at)
    answered = (
        first_answer.answer_key_of_state(at.link, at.state)
        if at.state and at.question_state is QuestionState.DONE
        else None
    )
    return _page(
        gateway,
        "stale",
        context,
        status,
        question_state=str(at.question_state),
        stale=True,
        again=None,
        **_first_answer(answered),
    )


def _answered(gateway: Gateway, at: Visit, answered: str) -> Response:
    """Show that another answer counts, even if the pair has not received it yet."""
    context = {**views.common(at), "paused": False}
    may_change = first_answer.change_key(answered) == "time"
    return _page(
        gateway,
        "stale",
        context,
        409,
        question_state=QuestionState.DONE.value,
        stale=True,
        again=f"/q/{at.token}" if may_change else None,
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
