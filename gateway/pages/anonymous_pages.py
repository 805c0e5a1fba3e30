"""Pages for whoever has no valid link, in the language of their browser."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from gateway.context import Gateway
from gateway.edge.clients import client_address
from gateway.links import LinkExpired
from gateway.pages.words import LOCALES, translator


async def invalid_link_response(request: Request, error: Exception) -> Response:
    """A page; a link that was never ours counts as a guess."""
    expired = isinstance(error, LinkExpired)
    if not expired:
        gateway: Gateway = request.app.state.gateway
        gateway.rates.count_refused(client_address(request))
    return plain(request, "lost", 404, expired=expired)


def plain(
    request: Request, key: str, status: int, *, expired: bool = False
) -> HTMLResponse:
    """A page with a title and a text, `key` in the pages' texts."""
    gateway: Gateway = request.app.state.gateway
    locale = _locale(request)
    template = gateway.templates.get_template("page/plain.html.j2")
    context = {
        "key": key,
        "expired": expired,
        "wrong": (),
        "paused": False,
        "help_url": None,
        "console_here": gateway.options.console_port is None,
    }
    return HTMLResponse(
        template.render(t=translator(locale), locale=locale, **context), status
    )


def _locale(request: Request) -> str:
    asked = request.headers.get("accept-language", "")[:2].lower()
    return asked if asked in LOCALES else "en"
