"""What no route answers itself: unknown addresses, a database that is away, too many requests.

A page for people, problem+json for services.
"""

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from gateway.edge.rates import TooManyRequests
from gateway.http.problems import NO_SUCH_ADDRESS, problem_json
from gateway.pages.anonymous_pages import plain, too_often

SERVICE_AREAS = ("events", "api")
PARTICIPANT_AREA = "q"
METHODS = ("GET", "POST")
"""All HTTP methods that any route accepts."""


async def database_unavailable_response(request: Request, _: Exception) -> Response:
    if request.url.path.startswith(f"/{PARTICIPANT_AREA}/"):
        return plain(request, "unavailable", 503)
    return problem_json(
        503,
        "PostgreSQL does not answer; nothing was changed. Send it again in a moment.",
    )


async def not_found_response(request: Request, error: Exception) -> Response:
    """Answer where no route has this address or method, or a body cannot be read or is too large."""
    assert isinstance(error, HTTPException)
    if error.status_code in (408, 413):  # `gateway/edge/bodies.py` says why
        return problem_json(error.status_code, error.detail)
    allowed = (
        {"Allow": ", ".join(_methods(request))} if error.status_code == 405 else {}
    )
    answer = _answer(request, error.status_code, allowed.get("Allow", ""))
    answer.headers.update(allowed)
    return answer


async def too_many_response(request: Request, error: Exception) -> Response:
    """Answer whoever asks more often than they may; nothing of it was read."""
    assert isinstance(error, TooManyRequests)
    if _is_person(request):
        return too_often(request, error)
    answer = problem_json(429, "Too many requests; nothing was changed. Wait a little.")
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _is_person(request: Request) -> bool:
    area = request.url.path.split("/")[1]
    return "text/html" in request.headers.get("accept", "") and area not in (
        SERVICE_AREAS
    )


def _answer(request: Request, status: int, methods: str) -> Response:
    area = request.url.path.split("/")[1]
    if status not in (404, 405):
        return problem_json(
            status, "What was sent could not be read; nothing was changed."
        )
    if _is_person(request):
        return plain(request, "lost" if area == PARTICIPANT_AREA else "nowhere", status)
    return problem_json(
        status,
        f"Not with this method; allowed here: {methods}."
        if methods
        else NO_SUCH_ADDRESS,
    )


def _methods(request: Request) -> list[str]:
    """Methods that the address takes; the framework names those of one route only."""
    asked = [(method, {**request.scope, "method": method}) for method in METHODS]
    return [
        m
        for m, scope in asked
        if any(r.matches(scope)[0] is Match.FULL for r in request.app.routes)
    ]
