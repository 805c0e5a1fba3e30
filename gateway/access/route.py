"""The one place that says who may: before any route is called, and before a body is read."""

from collections.abc import Callable, Coroutine
from typing import Any, assert_never

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from domain.access.permissions import PERSONAL
from gateway.access.current import SignedInUser
from gateway.access.declared import About, Door, Need, declared_by
from gateway.access.identity import who_asks
from gateway.access.places import places_of, subject_of
from gateway.context import Gateway
from gateway.edge.kinds import FILE_FORM
from gateway.http.problems import RequestRefused

NOT_GRANTED = "Your account does not cover this. Ask an administrator of Binôme."


class SignInNeeded(Exception):
    """Nobody is signed in; the answer leads to the sign-in page, or asks for a token."""


class AccessRoute(APIRoute):
    """A route that carries out what it declares: every router of the gateway is made of these."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        need = declared_by(self.endpoint)

        async def admitted(request: Request) -> Response:
            await admit(request, need)
            if isinstance(need, Need) and _sends_form(request):
                await request.body()
                await _check_account(
                    request, need
                )  # signed out while it was on its way
            return await handle(request)

        return admitted


async def admit(request: Request, need: Need | Door) -> None:
    """Let the request go on, or refuse it; a page about persons is noted as read.

    Raises:
        SignInNeeded: nobody is signed in.
        RequestRefused: 403, the account was not granted this.
    """
    match need:
        case Door():
            return
        case Need():
            await _admit_account(request, need)
        case _:
            assert_never(need)


def _sends_form(request: Request) -> bool:
    """Whether its body decides something, and is small enough to be kept: a people file decides nothing yet."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return request.method == "POST" and kind != FILE_FORM


async def _admit_account(request: Request, need: Need) -> None:
    user = await _check_account(request, need)
    if need.permission in PERSONAL:
        gateway: Gateway = request.app.state.gateway
        about = subject_of(request.path_params)
        await gateway.store.access_trail.read(user.actor, need.permission.value, about)


async def _check_account(request: Request, need: Need) -> SignedInUser:
    gateway: Gateway = request.app.state.gateway
    user = await who_asks(request, gateway)
    if user is None:
        raise SignInNeeded
    request.state.user = user
    if not await _granted(request, gateway, user, need):
        raise RequestRefused(403, NOT_GRANTED)
    return user


async def _granted(
    request: Request, gateway: Gateway, user: SignedInUser, need: Need
) -> bool:
    if need.permission is None:
        return True
    if need.about is About.SOMEWHERE:
        return user.may_somewhere(need.permission)
    places = await places_of(need.about, request.path_params, gateway.store)
    return user.may(need.permission, places)
