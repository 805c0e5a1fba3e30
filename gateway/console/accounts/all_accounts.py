"""Who may sign in, for administrators; and who read or decided what."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import ValidationError

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import needs
from gateway.access.sign_in import SIGN_IN
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import note_decision
from gateway.console.render import Skip, back, page
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from schemas.records.access import Account, AccountRole, Grant, is_login

router = APIRouter(prefix="/accounts", route_class=ConsoleRoute)
PAGE_SIZE = 100
NO_LOGIN = "An address or a short name is needed: letters, digits, and . _ @ + -"
Typed = Annotated[str, Form(max_length=100)]


@router.get("")
@needs(Permission.ADMINISTER)
async def accounts(request: Request, gateway: CurrentGateway) -> Response:
    return await _shown(request, gateway)


async def _shown(
    request: Request,
    gateway: Gateway,
    refused: str | None = None,
    link_of: Account | None = None,
    link: str = "",
) -> Response:
    return page(
        request,
        gateway,
        "accounts",
        422 if refused else 200,
        accounts=await gateway.store.accounts.listing(),
        roles=tuple(AccountRole),
        link_of=link_of,
        link=link,
        refused=refused,
    )


@router.post("")
@needs(Permission.ADMINISTER)
async def add(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    login: Typed = "",
    name: Typed = "",
    role: Typed = "",
    programme: Typed = "",
    region: Typed = "",
) -> Response:
    """Give an account one role; one that is there already keeps its others."""
    login = login.strip().lower()
    try:
        grant = Grant.model_validate(
            {"role": role, "programme": programme or None, "region": region or None}
        )
    except ValidationError:
        return await _shown(request, gateway, "Role, programme or region is no code.")
    if not is_login(login) or not name.isprintable():
        return await _shown(request, gateway, NO_LOGIN)
    if grant.region and not grant.programme:
        return await _shown(request, gateway, "A region needs its programme.")
    known = await gateway.store.accounts.by_login(login)
    kept = known.grants if known and not known.revoked_at else ()
    made = await gateway.store.accounts.add(
        login,
        name.strip() or (known.name if known else login),
        (*kept, grant),
        known.person if known else None,
    )
    await note_decision(gateway, user, made.actor, f"grant_{grant.role.value}")
    return back("/accounts", "added")


@router.post("/{login}/revoke")
@needs(Permission.ADMINISTER)
async def revoke(
    request: Request, gateway: CurrentGateway, user: CurrentUser, login: str
) -> Response:
    """It may do nothing from now on, and its sessions end; one's own stays, or nobody could undo it."""
    account = await _known(gateway, login)
    if account.actor == user.actor:
        return await _shown(request, gateway, "Another administrator revokes yours.")
    await note_decision(gateway, user, account.actor, "revoke_account")
    await gateway.store.accounts.revoke(account.login)
    return back("/accounts", "revoked")


@router.post("/{login}/link")
@needs(Permission.ADMINISTER)
async def make_link(
    request: Request, gateway: CurrentGateway, user: CurrentUser, login: str
) -> Response:
    """A one-time link with which they sign in and choose a password; shown once, here."""
    account = await _known(gateway, login)
    await note_decision(gateway, user, account.actor, "make_sign_in_link")
    token = await gateway.store.sign_ins.make_link(account.actor)
    link = f"{gateway.options.console_address}{SIGN_IN}/link/{token}"
    return await _shown(request, gateway, link_of=account, link=link)


async def _known(gateway: Gateway, login: str) -> Account:
    account = await gateway.store.accounts.by_login(login)
    if account is None or account.revoked_at is not None:
        raise RequestRefused(404, "No account has this name.")
    return account


@router.get("/log")
@needs(Permission.ADMINISTER)
async def log(
    request: Request, gateway: CurrentGateway, about: str = "", skip: Skip = 0
) -> Response:
    """Who read about whom, and who decided what, newest first."""
    found = await gateway.store.access_trail.entries(
        PAGE_SIZE + 1, skip, about.strip() or None
    )
    return page(
        request,
        gateway,
        "access_log",
        entries=found[:PAGE_SIZE],
        about=about,
        skip=skip,
        more=len(found) > PAGE_SIZE,
        page_size=PAGE_SIZE,
    )
