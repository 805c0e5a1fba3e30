"""Which kind of body each address takes, decided by the head of a request alone.

A body is read by what its `Content-Type` says of it, and some of that is not linear: a
charset such as `idna` decodes in quadratic time. So only what is expected passes.
"""

from email.message import Message

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http.problems import problem_json

FORM = "application/x-www-form-urlencoded"
FILE_FORM = "multipart/form-data"
JSON = "application/json"
CLOUD_EVENTS = frozenset(
    {JSON, "application/cloudevents+json", "application/cloudevents-batch+json"}
)
CODEC_PATHS = frozenset({"/codec/encode", "/codec/decode"})
KINDS_BY_ADDRESS = {
    "/events": CLOUD_EVENTS,
    "/people/preview": frozenset({FILE_FORM}),
    **dict.fromkeys(sorted(CODEC_PATHS), frozenset({JSON})),
}
"""Every other address takes the form of a page."""
LONGEST_TYPE_CHARACTERS = 200
MOST_HEADERS = 100


class BodyKinds:
    """ASGI middleware: 415 for a body of another kind or charset, 431 for too many headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif len(scope["headers"]) > MOST_HEADERS:
            refusal = problem_json(431, f"At most {MOST_HEADERS} headers.")
            await refusal(scope, receive, send)
        elif allowed := _allowed_instead(Request(scope)):
            refusal = problem_json(415, f"Send {allowed}, in UTF-8.")
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _allowed_instead(request: Request) -> str:
    """Returns the kinds that are taken here; empty: this one is."""
    given = request.headers.getlist("content-type")
    if request.method in ("GET", "HEAD") or not given:
        return ""  # no body is read; without a kind no form is, and /events says what it wants
    kinds = KINDS_BY_ADDRESS.get(request.url.path, frozenset({FORM}))
    if len(given) == 1 and len(given[0]) <= LONGEST_TYPE_CHARACTERS:
        kind, charset = _read(given[0])
        if kind in kinds and charset in ("", "utf-8", "utf8"):
            return ""
    return " or ".join(sorted(kinds))


def _read(header: str) -> tuple[str, str]:
    """Returns kind and charset in small letters."""
    message = Message()
    message["content-type"] = header
    charset = message.get_param("charset", "")
    if not isinstance(charset, str):  # RFC 2231, which no charset needs
        return "", ""
    return message.get_content_type(), charset.strip().lower()
