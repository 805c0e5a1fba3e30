"""The way to the organisation's OpenID provider and back."""

import hmac
from typing import TYPE_CHECKING

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from domain.access.sign_in import REQUEST_LASTS
from gateway.access.declared import Door, opened_by
from gateway.access.identity import cookie_name
from gateway.access.openid_identity import OpenidFailed, OpenidIdentity
from gateway.access.route import AccessRoute
from gateway.access.sign_in import SIGN_IN, finish_sign_in, own_page, sign_in_page
from gateway.context import CurrentGateway, Gateway
from gateway.edge.dependencies import within_address_rate
from gateway.http.problems import RequestRefused
from schemas.records.access import Account, SignInWay

if TYPE_CHECKING:
    from gateway.access.openid import OpenidProvider

router = APIRouter(
    prefix=SIGN_IN + "/openid",
    route_class=AccessRoute,
    include_in_schema=False,
    dependencies=[Depends(within_address_rate)],
)
NO_ACCOUNT = "Your organisation knows you, but Binôme has no account for you. Ask an administrator of Binôme."
NOT_BEGUN = "This sign-in did not begin in this browser, or took too long. Begin again."

log = structlog.get_logger(__name__)


def _provider(request: Request) -> "OpenidProvider":
    provider: OpenidProvider | None = request.app.state.openid
    if provider is None:
        raise RequestRefused(404, "Sign-in by OpenID is not set up here.")
    return provider


def _state_cookie(gateway: Gateway) -> str:
    return cookie_name(gateway, "binome-openid")


@router.get("")
@opened_by(Door.ANYBODY)
async def begin(request: Request, gateway: CurrentGateway, page: str = "/") -> Response:
    """Send the browser to the provider; a cookie holds its answer to this browser."""
    provider = _provider(request)
    try:
        journey = await provider.begin(own_page(page), gateway.now())
    except OpenidFailed as failed:
        return _failed(request, gateway, failed, 503)
    await gateway.store.sign_ins.keep_request(journey.state, journey.request)
    response = RedirectResponse(journey.url, 303)
    response.set_cookie(
        _state_cookie(gateway),
        journey.state,
        max_age=int(REQUEST_LASTS.total_seconds()),
        secure=gateway.options.console_has_tls,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/callback")
@opened_by(Door.ANYBODY)
async def come_back(
    request: Request, gateway: CurrentGateway, state: str = "", code: str = ""
) -> Response:
    """Take the provider's answer, once, in the browser that asked."""
    provider = _provider(request)
    own = request.cookies.get(_state_cookie(gateway), "")
    if not state or not hmac.compare_digest(own.encode(), state.encode()):
        return sign_in_page(request, gateway, 400, refused=NOT_BEGUN)
    begun = await gateway.store.sign_ins.take_request(state)
    if begun is None or gateway.now() > begun.made_at + REQUEST_LASTS:
        return sign_in_page(request, gateway, 400, refused=NOT_BEGUN)
    try:
        identity = await provider.identity(code, begun)
    except OpenidFailed as failed:
        return _failed(request, gateway, failed, 400)
    account = await _account(gateway, identity)
    if account is None:
        log.warning("sign_in_failed", actor="unknown", why="no_account")
        return sign_in_page(request, gateway, 403, refused=NO_ACCOUNT)
    response = await finish_sign_in(gateway, account, SignInWay.OPENID, begun.page)
    response.delete_cookie(
        _state_cookie(gateway), secure=gateway.options.console_has_tls, httponly=True
    )
    return response


async def _account(gateway: Gateway, identity: OpenidIdentity) -> Account | None:
    """By the provider's own name for somebody; the first time by the login, and from then on bound to that name."""
    accounts = gateway.store.accounts
    known = await accounts.by_subject(identity.subject)
    if known is None and identity.login:
        known = await accounts.by_login(identity.login)
        if known and not await accounts.set_subject(known.actor, identity.subject):
            return None  # somebody else came with this login before
    return known if known and known.revoked_at is None else None


def _failed(
    request: Request, gateway: Gateway, failed: OpenidFailed, code: int
) -> Response:
    log.warning("openid_failed", why=str(failed))
    refused = f"The sign-in of your organisation did not work: {failed}. Try again, or ask whoever runs Binôme."
    return sign_in_page(request, gateway, code, refused=refused)
