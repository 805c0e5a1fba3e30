"""How a console page is made: navigation, links into the Temporal Web UI, times, words."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import AfterValidator

from domain.access.permissions import Permission
from domain.runs import wording as drift_words
from gateway.access.current import SignedInUser
from gateway.console import code_texts
from gateway.context import Gateway
from gateway.temporal import (
    TemporalUnavailable,
    UpdateRejected,
    WorkflowNotFound,
    workflow_url,
)
from gateway.texts.reason_texts import gain_text, reason_text
from schemas.records.status import RegionStatus
from schemas.stages import Outcome, Stage
from schemas.time.calendar import zone
from schemas.wording.counted import counted

NAVIGATION = (
    ("/", "Programmes", None),
    ("/mentors", "My mentors", Permission.SEE_MENTORS),
    ("/comments", "Comments", Permission.READ_COMMENTS),
    ("/people", "People", Permission.SEE_PEOPLE),
    ("/mails", "Mails", Permission.SEE_MAILS),
    ("/refused", "Not delivered", Permission.REPAIR),
    ("/runs", "Runs", Permission.REPAIR),
    ("/accounts", "Accounts", Permission.ADMINISTER),
)
"""Address, text, and the permission without which it is left out."""
LARGEST_OFFSET = 10_000_000
Skip = Annotated[int, AfterValidator(lambda rows: min(max(0, rows), LARGEST_OFFSET))]
"""Number of rows before a page of a list; PostgreSQL counts no further than 64 bits."""

After = Annotated[str, AfterValidator(lambda last: last[:200].replace("\0", ""))]
"""Id of the last row of the page before; empty: the first page. No name: proxies and browsers keep addresses."""


def page(
    request: Request,
    gateway: Gateway,
    template: str,
    code: int = 200,
    /,
    **context: Any,
) -> Response:
    options = gateway.options
    user: SignedInUser = request.state.user
    found = gateway.templates.get_template(f"console/{template}.html.j2")
    known = {
        "navigation": _navigation(user),
        "user": user,
        "Permission": Permission,
        "here": request.url.path,
        "done": request.query_params.get("done", ""),
        "refused": None,
        "workflow": lambda workflow_id: workflow_url(
            options.ui_url, options.namespace, workflow_id
        ),
        "ui_url": options.ui_url,
        "code_texts": code_texts,
        "drift_words": drift_words,
        "word": code_texts.word,
        "counted": counted,
        "reason_text": reason_text,
        "gain_text": gain_text,
        "when": when,
        "day": day,
        "bars": stage_bars,
        "stages": tuple(Stage),
    }
    return HTMLResponse(found.render({**known, **context}), code)


def _navigation(user: SignedInUser) -> list[tuple[str, str]]:
    return [
        (path, text)
        for path, text, permission in NAVIGATION
        if permission is None or _shows(user, path, permission)
    ]


def _shows(user: SignedInUser, path: str, permission: Permission) -> bool:
    """What is about the whole installation is of no use to whoever has a part of it."""
    if path == "/comments":
        return user.may_somewhere(permission)
    if path != "/mentors":
        return user.may_at(permission)
    return user.person is not None and user.may_somewhere(permission)


def when(at: datetime | None, zone_name: str = "UTC") -> str:
    """Returns day and time in a zone, such as `12 Jan 2027, 14:00`."""
    if at is None:
        return ""
    local = at.astimezone(zone(zone_name))
    return f"{day(local)}, {local:%H:%M}"


def day(at: date) -> str:
    """Returns a day such as `12 Jan 2027`."""
    return f"{at.day} {at:%b %Y}"


@dataclass(frozen=True)
class StageBar:
    """One piece of a stacked bar 100 units wide."""

    name: str
    style: str
    count: int
    x: float
    width: float


def stage_bars(region: RegionStatus) -> list[StageBar]:
    """Returns the bar of a region's pairs by stage; completed ones are apart from
    others that closed.
    """
    completed = region.outcomes.get(Outcome.COMPLETED, 0)
    counts = {stage.value: region.stages.get(stage, 0) for stage in Stage}
    counts["completed"] = completed
    counts[Stage.CLOSED.value] -= completed
    total, x, made = sum(counts.values()), 0.0, []
    for name in (
        *(s.value for s in Stage if s is not Stage.CLOSED),
        "completed",
        Stage.CLOSED.value,
    ):
        if counts[name] > 0:
            width = 100 * counts[name] / total
            label = "closed otherwise" if name == Stage.CLOSED else name
            made.append(
                StageBar(label, f"s-{name}", counts[name], round(x, 2), round(width, 2))
            )
            x += width
    return made


def back(path: str, done: str = "", **about: str) -> Response:
    """Redirect after a POST to a page that may be reloaded."""
    return RedirectResponse(
        path + ("?" + urlencode({"done": done, **about}) if done else ""), 303
    )


def quoted(workflow_id: str) -> str:
    """A workflow id as one segment of a path."""
    return quote(workflow_id, safe=":")


async def decide(ask: Awaitable[Any]) -> str | None:
    """Ask a workflow for a decision; returns why it was refused, or None."""
    try:
        await ask
    except UpdateRejected as refused:
        return str(refused)
    except WorkflowNotFound:
        return "There is no running workflow for this; look in the Temporal Web UI whether it has ended."
    except TemporalUnavailable:
        return "Temporal or the worker does not answer now; try again in a moment. It may have been taken already."
    return None
