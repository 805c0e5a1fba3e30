"""Sign-in and sign-out: by password, by a one-time link, by the organisation's OpenID provider."""

from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.persistence.accounts.sign_ins import FoundLink
from domain.access.passwords import LEAST_CHARACTERS, password_problem
from domain.access.sign_in import link_open
from gateway.access.current import CurrentUser, SignedInUser
from gateway.access.declared import Door, opened_by, signed_in
from gateway.access.identity import (
    clear_cookie,
    cookie_name,
    set_cookie,
    trusted_login,
    who_asks,
)
from gateway.access.passwords import (
    PasswordWrong,
    TooManyAttempts,
    check_password,
    hash_of_password,
)
from gateway.access.route import AccessRoute, SignInNeeded
from gateway.context import CurrentGateway, Gateway
from gateway.edge.clients import client_address
from gateway.edge.dependencies import within_address_rate
from gateway.http.problems import RequestRefused, problem_json
from schemas.records.access import Account, SignInWay

router = APIRouter(
    route_class=AccessRoute,
    include_in_schema=False,
    dependencies=[Depends(within_address_rate)],
)
SIGN_IN = "/sign-in"
LARGEST_FORM_BYTES = 4096
ENDED = "You are not signed in, or no longer. Sign in, and do it again; nothing was changed."
WRONG = "Name or password is wrong. Whoever set Binôme up can give you a new link."
LINK_OVER = (
    "This link was used, or is too old, or a newer one was made. "
    "Sign in below, or have a new one made: binome accounts password NAME"
)
HOW_TO_SIGN_IN = (
    "Sign in, or send the header Authorization: Bearer TOKEN; "
    "`binome accounts add NAME --role viewer --token` makes one."
)
Typed = Annotated[str, Form(max_length=200)]
Page = Annotated[str, Form(max_length=500)]

log = structlog.get_logger(__name__)


async def sign_in_response(request: Request, error: Exception) -> Response:
    """Where nobody is signed in: a browser is led to the sign-in page, a script reads what to send."""
    assert isinstance(error, SignInNeeded)
    if "text/html" not in request.headers.get("accept", ""):
        return problem_json(401, HOW_TO_SIGN_IN)
    if request.method == "GET":
        return RedirectResponse(f"{SIGN_IN}?{urlencode({'page': _here(request)})}", 303)
    return sign_in_page(request, request.app.state.gateway, 401, refused=ENDED)


@router.get(SIGN_IN)
@opened_by(Door.ANYBODY)
async def sign_in(
    request: Request, gateway: CurrentGateway, page: str = "/"
) -> Response:
    """Whoever is signed in already goes on."""
    if await who_asks(request, gateway):
        return RedirectResponse(own_page(page), 303)
    refused = None
    if trusted_login(request, gateway):
        refused = "Your organisation signed you in, but Binôme has no account for you. Ask an administrator of Binôme."
    return sign_in_page(request, gateway, page=page, refused=refused)


@router.post(SIGN_IN)
@opened_by(Door.ANYBODY)
async def sign_in_by_password(
    request: Request,
    gateway: CurrentGateway,
    login: Typed = "",
    password: Typed = "",
    page: Page = "/",
) -> Response:
    if not gateway.options.local_password:
        raise RequestRefused(404, "Passwords of Binôme's own are switched off here.")
    try:
        account = await check_password(
            gateway, login.strip(), password, client_address(request)
        )
    except PasswordWrong:
        return sign_in_page(request, gateway, 401, page=page, refused=WRONG)
    except TooManyAttempts as slowed:
        return _slowed(request, gateway, slowed, page)
    return await finish_sign_in(gateway, account, SignInWay.PASSWORD, page)


@router.get(SIGN_IN + "/link/{token}")
@opened_by(Door.ANYBODY)
async def open_link(request: Request, gateway: CurrentGateway, token: str) -> Response:
    """Show whom it signs in. Nothing is used up: programs that fetch links ahead press no button."""
    found = await _usable_link(gateway, token)
    if found is None:
        return sign_in_page(request, gateway, 404, refused=LINK_OVER)
    return _link_page(request, gateway, found)


@router.post(SIGN_IN + "/link/{token}")
@opened_by(Door.ANYBODY)
async def use_link(
    request: Request, gateway: CurrentGateway, token: str, password: Typed = ""
) -> Response:
    """Sign in, once; with a password, that is the account's from now on."""
    found = await _usable_link(gateway, token)
    if found is None:
        return sign_in_page(request, gateway, 404, refused=LINK_OVER)
    if password and (problem := password_problem(password, found.account.login)):
        return _link_page(request, gateway, found, 422, problem)
    if not await gateway.store.sign_ins.use_link(token):
        return sign_in_page(request, gateway, 404, refused=LINK_OVER)
    if password:
        await change_password(gateway, found.account, password)
    return await finish_sign_in(gateway, found.account, SignInWay.LINK, "/")


async def _usable_link(gateway: Gateway, token: str) -> FoundLink | None:
    found = await gateway.store.sign_ins.find_link(token)
    if found is None or found.account.revoked_at is not None:
        return None
    usable = link_open(found.made_at, found.used_at, gateway.now())
    return found if usable and gateway.options.local_password else None


async def change_password(gateway: Gateway, account: Account, password: str) -> None:
    """Every session that began with the old one ends."""
    hashed = await hash_of_password(password)
    await gateway.store.accounts.set_password(account.actor, hashed)
    await gateway.store.sign_ins.end_all(account.actor)
    await gateway.store.access_trail.read(account.actor, "password_changed", "")


@router.post("/sign-out")
@signed_in
async def sign_out(
    request: Request, gateway: CurrentGateway, user: CurrentUser
) -> Response:
    """The session ends on every gateway; what a proxy says of its user ends at the proxy."""
    if cookie := request.cookies.get(cookie_name(gateway)):
        await gateway.store.sign_ins.end(cookie)
    await gateway.store.access_trail.read(user.actor, "signed_out", "")
    return _signed_out(gateway, user)


@router.post("/sign-out/everywhere")
@signed_in
async def sign_out_everywhere(gateway: CurrentGateway, user: CurrentUser) -> Response:
    """Every session of the account ends, in every browser."""
    await gateway.store.sign_ins.end_all(user.actor)
    await gateway.store.access_trail.read(user.actor, "signed_out_everywhere", "")
    return _signed_out(gateway, user)


def _signed_out(gateway: Gateway, user: SignedInUser) -> Response:
    by_proxy = user.way is SignInWay.HEADER
    elsewhere = gateway.options.sign_out_url if by_proxy else None
    response = RedirectResponse(elsewhere or f"{SIGN_IN}?done=out", 303)
    clear_cookie(response, gateway)
    return response


async def finish_sign_in(
    gateway: Gateway, account: Account, way: SignInWay, page: str
) -> Response:
    token = await gateway.store.sign_ins.start(account.actor, way)
    await gateway.store.access_trail.read(account.actor, "signed_in", "")
    log.info("signed_in", actor=account.actor, way=way.value)
    response = RedirectResponse(own_page(page), 303)
    set_cookie(response, gateway, token)
    return response


def own_page(page: str) -> str:
    """A page of ours to go on to, whatever was asked for: an address elsewhere becomes the first page."""
    ours = page.startswith("/") and not page.startswith(("//", "/sign-in", "/\\"))
    return page if ours and page.isprintable() and "\\" not in page else "/"


def _here(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def _slowed(
    request: Request, gateway: Gateway, slowed: TooManyAttempts, page: str
) -> Response:
    seconds = max(1, round((slowed.allowed_at - gateway.now()).total_seconds()))
    refused = f"Too many wrong passwords. Try again in {seconds} seconds."
    response = sign_in_page(request, gateway, 429, page=page, refused=refused)
    response.headers["Retry-After"] = str(seconds)
    return response


def sign_in_page(
    request: Request,
    gateway: Gateway,
    code: int = 200,
    page: str = "/",
    refused: str | None = None,
) -> Response:
    options = gateway.options
    return _page(
        gateway,
        "sign_in",
        code,
        page=own_page(page),
        refused=refused,
        signed_out=request.query_params.get("done") == "out",
        password=options.local_password,
        openid=options.openid is not None,
        query=urlencode({"page": own_page(page)}),
    )


def _link_page(
    request: Request,
    gateway: Gateway,
    found: FoundLink,
    code: int = 200,
    refused: str | None = None,
) -> Response:
    return _page(
        gateway,
        "sign_in_link",
        code,
        account=found.account,
        action=request.url.path,
        least=LEAST_CHARACTERS,
        refused=refused,
    )


def _page(gateway: Gateway, name: str, code: int, **context: object) -> Response:
    template = gateway.templates.get_template(f"access/{name}.html.j2")
    return HTMLResponse(template.render(context), code)
