"""How a console page is made: navigation, links into the Temporal Web UI, times, words."""

from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gateway.console import words
from gateway.context import Gateway
from gateway.reason_texts import reason_text
from gateway.temporal import Away, NotAgreed, NotThere, workflow_url
from schemas.calendar import zone
from schemas.stages import Stage

NAVIGATION = (
    ("/", "Programmes"),
    ("/people", "People"),
    ("/mails", "Mails"),
    ("/refused", "Not delivered"),
)


def page(request: Request, gateway: Gateway, template: str, code: int = 200, /, **context: Any) -> Response:
    options = gateway.options
    found = gateway.templates.get_template(f"console/{template}.html.j2")
    known = {
        "navigation": NAVIGATION,
        "here": request.url.path,
        "done": request.query_params.get("done", ""),
        "refused": None,
        "workflow": lambda workflow_id: workflow_url(options.ui_url, options.namespace, workflow_id),
        "ui_url": options.ui_url,
        "words": words,
        "word": words.word,
        "reason_text": reason_text,
        "when": when,
        "bars": bars,
        "stages": tuple(Stage),
    }
    return HTMLResponse(found.render({**known, **context}), code)


def when(at: datetime | None, zone_name: str = "UTC") -> str:
    """Such as `12 Jan 2027, 14:00`."""
    if at is None:
        return ""
    local = at.astimezone(zone(zone_name))
    return f"{local.day} {local:%b %Y, %H:%M}"


def bars(stages: Mapping[Stage, int]) -> list[tuple[Stage, float, float, int]]:
    """(stage, x, width, count) of a stacked bar of 100 units, in the order of a pair's life."""
    total, x = sum(stages.values()), 0.0
    made = []
    for stage in Stage:
        if count := stages.get(stage, 0):
            width = round(100 * count / total, 2)
            made.append((stage, round(x, 2), width, count))
            x += width
    return made


def back(path: str, done: str = "") -> Response:
    """After a POST: to a page that may be reloaded."""
    return RedirectResponse(path + ("?" + urlencode({"done": done}) if done else ""), 303)


def quoted(workflow_id: str) -> str:
    """A workflow id as one segment of a path."""
    return quote(workflow_id, safe=":")


async def decide(ask: Awaitable[Any]) -> str | None:
    """Ask a workflow for a decision; answers why it was refused, in words, or None."""
    try:
        await ask
    except NotAgreed as refused:
        return str(refused)
    except NotThere:
        return "There is no running workflow for this; look in the Temporal Web UI whether it has ended."
    except Away:
        return "Temporal or the worker does not answer now; try again in a moment. It may have been taken already."
    return None
