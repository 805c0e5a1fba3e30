"""One's own account: what it was granted, its password, and the end of all its sessions."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from domain.access.passwords import LEAST_CHARACTERS, password_problem
from gateway.access.current import CurrentUser, SignedInUser
from gateway.access.declared import signed_in
from gateway.access.identity import set_cookie
from gateway.access.passwords import PasswordWrong, TooManyAttempts, check_password
from gateway.access.sign_in import change_password
from gateway.console.console_route import ConsoleRoute
from gateway.console.render import back, page
from gateway.context import CurrentGateway, Gateway
from gateway.edge.clients import client_address
from schemas.records.access import SignInWay

router = APIRouter(prefix="/account", route_class=ConsoleRoute)
Typed = Annotated[str, Form(max_length=200)]


@router.get("")
@signed_in
async def account(
    request: Request, gateway: CurrentGateway, user: CurrentUser
) -> Response:
    return _shown(request, gateway, user)


def _shown(
    request: Request, gateway: Gateway, user: SignedInUser, refused: str | None = None
) -> Response:
    return page(
        request,
        gateway,
        "account",
        422 if refused else 200,
        own=user.account,
        least=LEAST_CHARACTERS,
        local=gateway.options.local_password and user.way is not SignInWay.TOKEN,
        refused=refused,
    )


@router.post("/password")
@signed_in
async def choose_password(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    old: Typed = "",
    new: Typed = "",
) -> Response:
    """Whoever has one types the old one; every other session of the account ends."""
    if not gateway.options.local_password or user.way is SignInWay.TOKEN:
        return _shown(request, gateway, user, "This account signs in otherwise.")
    if problem := password_problem(new, user.account.login):
        return _shown(request, gateway, user, problem)
    address = client_address(request)
    try:
        if user.account.has_password:
            await check_password(gateway, user.account.login, old, address)
    except PasswordWrong:
        return _shown(request, gateway, user, "The old password is wrong.")
    except TooManyAttempts:
        return _shown(
            request, gateway, user, "Too many wrong passwords; try again later."
        )
    await change_password(gateway, user.account, new)
    response = back("/account", "password")
    token = await gateway.store.sign_ins.start(user.actor, SignInWay.PASSWORD)
    set_cookie(response, gateway, token)
    return response
