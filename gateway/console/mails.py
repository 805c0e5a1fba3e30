"""The mail catcher's mails: what a rehearsal would have sent. HTML is shown in a frame without any right."""

import asyncio
import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from gateway.console.render import Skip, page
from gateway.context import Gateway, Here
from gateway.problems import Refusal

router = APIRouter(prefix="/mails")
PAGE = 100
SEARCHED = 5000
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,200}\.eml$")
_URL = re.compile(r"https?://[^\s<>\"]+")
FRAME = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}


@dataclass(frozen=True)
class Heading:
    """One line of the list."""

    name: str
    subject: str
    to: str
    date: str


@router.get("")
async def mails(request: Request, gateway: Here, to: str = "", skip: Skip = 0) -> Response:
    folder = gateway.options.mails_dir
    found = await asyncio.to_thread(_headings, folder, to.strip().lower(), skip) if folder else []
    return page(
        request,
        gateway,
        "mails",
        caught=folder is not None,
        mails=found[:PAGE],
        to=to,
        skip=skip,
        more=len(found) > PAGE,
        page_size=PAGE,
    )


@router.get("/{name}")
async def mail(request: Request, gateway: Here, name: str) -> Response:
    message = await asyncio.to_thread(_read, _path(gateway, name))
    text = _part(message, "plain")
    return page(
        request,
        gateway,
        "mail",
        name=name,
        message=message,
        text=text,
        html=bool(_part(message, "html")),
        calendar=_calendar(message),
        urls=list(dict.fromkeys(_URL.findall(text))),
    )


@router.get("/{name}/html")
async def html(gateway: Here, name: str) -> Response:
    message = await asyncio.to_thread(_read, _path(gateway, name))
    return HTMLResponse('<base target="_blank">' + _part(message, "html"), headers=FRAME)


def _headings(folder: Path, to: str, skip: int) -> list[Heading]:
    """Newest first; with `to`, only those whose recipient holds it."""
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    wanted = paths[:SEARCHED] if to else paths[skip : skip + PAGE + 1]
    headings = [_heading(path) for path in wanted]
    return [h for h in headings if to in h.to.lower()][skip : skip + PAGE + 1] if to else headings


def _heading(path: Path) -> Heading:
    with path.open("rb") as file:
        found = BytesHeaderParser(policy=policy.default).parse(file)
    return Heading(path.name, str(found["subject"] or ""), str(found["to"] or ""), str(found["date"] or ""))


def _path(gateway: Gateway, name: str) -> Path:
    folder = gateway.options.mails_dir
    path = folder / name if folder and _NAME.match(name) else None
    if path is None or not path.is_file():
        raise Refusal(404, "There is no such mail.")
    return path


def _read(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    assert isinstance(message, EmailMessage)  # what policy.default makes
    return message


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def _calendar(message: EmailMessage) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_content()
            return content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
    return ""
