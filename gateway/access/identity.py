"""Who sends a request: by the cookie of a session, a script's bearer token, or a trusted proxy's header."""

from ipaddress import ip_address

from fastapi import Request
from fastapi.responses import Response

from domain.access.sign_in import SESSION_LASTS, session_open
from gateway.access.current import SignedInUser
from gateway.context import Gateway
from gateway.edge.clients import peer_address
from schemas.records.access import Account, SignInWay


def cookie_name(gateway: Gateway, name: str = "binome") -> str:
    """With TLS the browser is held to more: no other host, no other path."""
    return f"__Host-{name}" if gateway.options.console_has_tls else name


def set_cookie(response: Response, gateway: Gateway, token: str) -> None:
    response.set_cookie(
        cookie_name(gateway),
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        secure=gateway.options.console_has_tls,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, gateway: Gateway) -> None:
    response.delete_cookie(
        cookie_name(gateway),
        secure=gateway.options.console_has_tls,
        httponly=True,
        samesite="lax",
    )


async def who_asks(request: Request, gateway: Gateway) -> SignedInUser | None:
    """Returns the account, or None. A bearer token counts alone; a session goes before a proxy's header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        account = await gateway.store.accounts.by_token(token.strip())
        return _usable(account, SignInWay.TOKEN)
    cookie = request.cookies.get(cookie_name(gateway))
    in_session = await _by_cookie(cookie, gateway) if cookie else None
    return in_session or await _by_header(request, gateway)


async def _by_cookie(cookie: str, gateway: Gateway) -> SignedInUser | None:
    found = await gateway.store.sign_ins.find(cookie)
    if found is None or not session_open(found, gateway.now()):
        return None
    return SignedInUser(found.account, found.way)


async def _by_header(request: Request, gateway: Gateway) -> SignedInUser | None:
    login = trusted_login(request, gateway)
    if login is None:
        return None
    return _usable(await gateway.store.accounts.by_login(login), SignInWay.HEADER)


def trusted_login(request: Request, gateway: Gateway) -> str | None:
    """What a proxy that is trusted says of who asks; None: nothing, or nobody who is to be believed.

    Two such headers are one from the proxy and one from somebody else.
    """
    options = gateway.options
    if not options.trusted_header or not _is_named(request, gateway):
        return None
    said = request.headers.getlist(options.trusted_header)
    return said[0].strip() or None if len(said) == 1 else None


def _is_named(request: Request, gateway: Gateway) -> bool:
    """Whether the other end of the connection itself is one of the addresses that are named."""
    try:
        peer = ip_address(peer_address(request))
    except ValueError:
        return False
    return any(peer in network for network in gateway.options.trusted_proxies)


def _usable(account: Account | None, way: SignInWay) -> SignedInUser | None:
    if account is None or account.revoked_at is not None:
        return None
    return SignedInUser(account, way)
