"""The mail catcher's mails: what a rehearsal would have sent. HTML is shown in a frame without any right."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from domain.access.permissions import Permission
from gateway.access.declared import needs
from gateway.console.console_route import ConsoleRoute
from gateway.console.render import Skip, page
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused

router = APIRouter(prefix="/mails", route_class=ConsoleRoute)
PAGE_SIZE = 100
MAILS_SEARCHED = 5000
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,200}\.eml$")
_PROGRAMME = re.compile(r"^<([a-z0-9_-]+)\.mentoring\.")
"""The programme in the header `List-Id`."""
_URL = re.compile(r"https?://[^\s<>\"]+")
FOR_ITS_READER = (
    "This mail opens all that is held about its reader, and is for nobody else."
)
FRAME_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}


@dataclass(frozen=True)
class MailHeading:
    """A mail in the list of mails: its recipient, subject and date."""

    name: str
    subject: str
    to: str
    caught: datetime
    """Wall time, from the file: to the second, as a header has it, is half a day of a fast rehearsal."""
    programme: str | None


@router.get("")
@needs(Permission.SEE_MAILS)
async def mails(
    request: Request, gateway: CurrentGateway, to: str = "", skip: Skip = 0
) -> Response:
    folder = gateway.options.mails_dir
    found = (
        await asyncio.to_thread(_headings, folder, to.strip().lower(), skip)
        if folder
        else []
    )
    shown = found[:PAGE_SIZE]
    return page(
        request,
        gateway,
        "mails",
        caught=folder is not None,
        mails=list(zip(shown, await _sent(gateway, shown), strict=True)),
        to=to,
        skip=skip,
        more=len(found) > PAGE_SIZE,
        page_size=PAGE_SIZE,
    )


@router.get("/{name}")
@needs(Permission.SEE_MAILS)
async def mail(request: Request, gateway: CurrentGateway, name: str) -> Response:
    path = _path(gateway, name)
    message = await asyncio.to_thread(_read_shared, path)
    (sent,) = await _sent(gateway, [_heading(path)])
    text = _part(message, "plain")
    return page(
        request,
        gateway,
        "mail",
        name=name,
        message=message,
        sent=sent,
        text=text,
        html=bool(_part(message, "html")),
        calendar=_calendar(message),
        urls=list(dict.fromkeys(_URL.findall(text))),
    )


@router.get("/{name}/html")
@needs(Permission.SEE_MAILS)
async def html(gateway: CurrentGateway, name: str) -> Response:
    message = await asyncio.to_thread(_read_shared, _path(gateway, name))
    return HTMLResponse(
        '<base target="_blank">' + _part(message, "html"), headers=FRAME_HEADERS
    )


def _headings(folder: Path, to: str, skip: int) -> list[MailHeading]:
    """Returns mails, newest first; with `to`, only those whose recipient contains it."""
    paths = sorted(
        folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True
    )
    wanted = paths[:MAILS_SEARCHED] if to else paths[skip : skip + PAGE_SIZE + 1]
    headings = [_heading(path) for path in wanted]
    return (
        [h for h in headings if to in h.to.lower()][skip : skip + PAGE_SIZE + 1]
        if to
        else headings
    )


def _heading(path: Path) -> MailHeading:
    with path.open("rb") as file:
        found = BytesHeaderParser(policy=policy.default).parse(file)
    caught = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    programme = _PROGRAMME.match(str(found["list-id"] or ""))
    code = programme[1] if programme else None
    return MailHeading(
        path.name, str(found["subject"] or ""), str(found["to"] or ""), caught, code
    )


async def _sent(gateway: Gateway, headings: Sequence[MailHeading]) -> list[datetime]:
    """Returns when each mail was sent, in the time of its programme, as its text has
    it.
    """
    codes = {h.programme for h in headings if h.programme}
    clocks = {code: await gateway.store.programmes.clock(code) for code in codes}
    found = [clocks.get(h.programme) if h.programme else None for h in headings]
    return [
        clock.programme(h.caught) if clock else h.caught
        for h, clock in zip(headings, found, strict=True)
    ]


def _path(gateway: Gateway, name: str) -> Path:
    folder = gateway.options.mails_dir
    path = folder / name if folder and _NAME.match(name) else None
    if path is None or not path.is_file():
        raise RequestRefused(404, "There is no such mail.")
    return path


def _read(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    assert isinstance(message, EmailMessage)  # what policy.default makes
    return message


def _read_shared(path: Path) -> EmailMessage:
    """Read a mail that others than its reader may see.

    Raises:
        RequestRefused: 403, it opens what is held about its reader.
    """
    message = _read(path)
    if message["sensitivity"]:
        raise RequestRefused(403, FOR_ITS_READER)
    return message


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def _calendar(message: EmailMessage) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_content()
            return (
                content.decode("utf-8", "replace")
                if isinstance(content, bytes)
                else str(content)
            )
    return ""
