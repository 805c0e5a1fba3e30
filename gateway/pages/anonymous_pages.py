"""Pages for whoever has no valid link, in the language of their browser."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from gateway.context import Gateway
from gateway.pages.words import LOCALES, translator


def plain(
    request: Request, gateway: Gateway, key: str, status: int, *, why: str | None = None
) -> HTMLResponse:
    """A page with a title and a text, `key` in the pages' texts; `why` is another text's key."""
    locale = _locale(request)
    template = gateway.templates.get_template("page/plain.html.j2")
    said = {
        "key": key,
        "why": why or key,
        "wrong": (),
        "paused": False,
        "helps": False,
    }
    return HTMLResponse(
        template.render(t=translator(locale), locale=locale, **said), status
    )


def _locale(request: Request) -> str:
    asked = request.headers.get("accept-language", "")[:2].lower()
    return asked if asked in LOCALES else "en"
