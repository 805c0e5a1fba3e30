"""Pages for whoever has no valid link, in the language of their browser."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from gateway.context import Gateway
from gateway.edge.clients import client_address
from gateway.edge.rates import RateKey, TooManyRequests
from gateway.links import LinkExpired, LinkRevoked, MyDataLinkExpired
from gateway.pages.words import LOCALES, translator


async def invalid_link_response(request: Request, error: Exception) -> Response:
    """A page; a link that was never ours counts as a guess."""
    why: dict[type[Exception], str] = {
        MyDataLinkExpired: "lost.my_data",
        LinkExpired: "lost.expired",
        LinkRevoked: "lost.revoked",
    }
    if type(error) not in why:
        gateway: Gateway = request.app.state.gateway
        try:
            gateway.rates.count(RateKey.REFUSED, client_address(request))
        except TooManyRequests as too_many:
            return too_often(request, too_many)
    return plain(request, "lost", 404, why=why.get(type(error)))


def too_often(request: Request, error: TooManyRequests) -> Response:
    """A page for somebody who asks more often than they may."""
    answer = plain(request, "often", 429)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def plain(
    request: Request, key: str, status: int, *, why: str | None = None
) -> HTMLResponse:
    """A page with a title and a text, `key` in the pages' texts; `why` is another text's key."""
    gateway: Gateway = request.app.state.gateway
    locale = _locale(request)
    template = gateway.templates.get_template("page/plain.html.j2")
    context = {
        "key": key,
        "why": why or key,
        "wrong": (),
        "paused": False,
        "helps": False,
        "privacy": None,
        "my_data": None,
        "console_here": gateway.options.console_port is None,
    }
    return HTMLResponse(
        template.render(t=translator(locale), locale=locale, **context), status
    )


def _locale(request: Request) -> str:
    asked = request.headers.get("accept-language", "")[:2].lower()
    return asked if asked in LOCALES else "en"
