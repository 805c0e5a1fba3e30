"""Setting a privacy notice: of all programmes, of one, or of the people of one region in it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from domain.privacy.notice_words import (
    LONGEST_TEXT_CHARACTERS,
    LONGEST_URL_CHARACTERS,
    PrivacyNoticeRefused,
    read_notice,
)
from domain.privacy.which_notice import notice_for
from gateway.access.current import CurrentUser, SignedInUser
from gateway.access.declared import About, needs
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import note_decision
from gateway.console.render import back, page
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from schemas.ids import is_code, programme_workflow_id, region_scope
from schemas.records.privacy import NoticeWords, PrivacyNotice

router = APIRouter(route_class=ConsoleRoute)
Typed = Annotated[str, Form(max_length=4 * LONGEST_TEXT_CHARACTERS)]
"""Longer than is allowed, so that the page says what is."""
EVERYWHERE = "installation"
"""What a decision about the notice of all programmes is about."""


def _typed(url: Typed = "", text_en: Typed = "", text_fr: Typed = "") -> NoticeWords:
    return NoticeWords(url, text_en, text_fr)


TypedWords = Annotated[NoticeWords, Depends(_typed)]
"""The fields of the form, as they were typed."""


@router.get("/privacy")
@needs(Permission.DECIDE)
async def of_all(request: Request, gateway: CurrentGateway) -> Response:
    return await _shown(request, gateway, None, None)


@router.post("/privacy")
@needs(Permission.DECIDE)
async def set_for_all(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    typed: TypedWords,
) -> Response:
    return await _set(request, gateway, user, None, None, typed)


@router.get("/programmes/{programme}/privacy")
@needs(Permission.DECIDE, About.PROGRAMME)
async def of_programme(
    request: Request, gateway: CurrentGateway, programme: str
) -> Response:
    return await _shown(request, gateway, programme, None)


@router.post("/programmes/{programme}/privacy")
@needs(Permission.DECIDE, About.PROGRAMME)
async def set_for_programme(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    programme: str,
    typed: TypedWords,
) -> Response:
    return await _set(request, gateway, user, programme, None, typed)


@router.get("/programmes/{programme}/regions/{region}/privacy")
@needs(Permission.DECIDE, About.REGION)
async def of_region(
    request: Request, gateway: CurrentGateway, programme: str, region: str
) -> Response:
    return await _shown(request, gateway, programme, region)


@router.post("/programmes/{programme}/regions/{region}/privacy")
@needs(Permission.DECIDE, About.REGION)
async def set_for_region(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    programme: str,
    region: str,
    typed: TypedWords,
) -> Response:
    return await _set(request, gateway, user, programme, region, typed)


async def _shown(
    request: Request,
    gateway: Gateway,
    programme: str | None,
    region: str | None,
    typed: NoticeWords | None = None,
    refused: str | None = None,
) -> Response:
    await _require_known(gateway, programme, region)
    notices = await gateway.store.privacy_notices.shown()
    own = _own(notices, programme, region)
    others = [notice for notice in notices if notice is not own]
    # No code is empty: nothing but what holds for a whole programme, or for all, fits it.
    wider = notice_for(others, programme or "", region or "")
    names = await gateway.store.accounts.names()
    context: dict[str, Any] = {
        "programme": programme,
        "region": region,
        "own": own,
        "set_by": names.get(own.set_by, own.set_by) if own else "",
        "informed": await gateway.store.privacy_notices.informed_counts(own.id)
        if own
        else {},
        "wider": wider,
        "typed": typed or (own.words if own else NoticeWords()),
        "longest_url": LONGEST_URL_CHARACTERS,
        "longest_text": LONGEST_TEXT_CHARACTERS,
        "refused": refused,
    }
    code = 422 if refused else 200
    return page(request, gateway, "privacy_notice", code, **context)


async def _set(
    request: Request,
    gateway: Gateway,
    user: SignedInUser,
    programme: str | None,
    region: str | None,
    typed: NoticeWords,
) -> Response:
    """Nothing but spaces takes the notice back."""
    await _require_known(gateway, programme, region)
    store, about = gateway.store.privacy_notices, _about(programme, region)
    if not any(each.strip() for each in typed):
        await note_decision(gateway, user, about, "remove_privacy_notice")
        await store.remove(programme, region)
        return back(request.url.path, "removed")
    try:
        words = read_notice(*typed)
    except PrivacyNoticeRefused as refused:
        why = f"Nothing was changed: {refused}."
        return await _shown(request, gateway, programme, region, typed, why)
    await note_decision(gateway, user, about, "set_privacy_notice")
    await store.show(programme, region, words, user.actor)
    return back(request.url.path, "set")


def _own(
    notices: list[PrivacyNotice], programme: str | None, region: str | None
) -> PrivacyNotice | None:
    place = (programme, region)
    return next((n for n in notices if (n.programme, n.region) == place), None)


async def _require_known(
    gateway: Gateway, programme: str | None, region: str | None
) -> None:
    """Raises RequestRefused: 404, no programme has this code, or the region is no code.

    People of any region may have a part: as mentors who are lent, or as supervisors.
    """
    if programme is not None and await gateway.store.programmes.plan(programme) is None:
        raise RequestRefused(404, "No programme has this code.")
    if region is not None and not is_code(region):
        raise RequestRefused(404, "No region has this code.")


def _about(programme: str | None, region: str | None) -> str:
    if programme is None:
        return EVERYWHERE
    if region is None:
        return programme_workflow_id(programme)
    return region_scope(programme, region)
