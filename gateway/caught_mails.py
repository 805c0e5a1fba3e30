"""Mails that the mail catcher kept: which of them name somebody, and taking them away."""

import html
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

_FOLDED = re.compile(r"\r?\n[ \t]")
"""A line of a calendar that goes on in the next one."""
_SPACE = re.compile(r"\s+")


def remove_mails_naming(folder: Path, names: Iterable[str]) -> int:
    """Delete each mail of the folder that holds one of these texts. Returns how many."""
    wanted = [_plain(name) for name in names if name.strip()]
    removed = 0
    for path in sorted(folder.glob("*.eml")):
        text = "\n".join(_texts(path.read_bytes()))
        if any(name in text for name in wanted):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _texts(mail: bytes) -> Iterator[str]:
    """Yields the headers and all parts of a mail as people read them."""
    message = message_from_bytes(mail, policy=default)
    assert isinstance(message, EmailMessage)
    for value in message.values():
        yield _plain(str(value))
    for part in message.walk():
        if part.get_content_maintype() == "text":
            charset = part.get_content_charset("utf-8")
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            content = payload.decode(charset, "replace")
            yield _plain(content)
            yield _plain(_FOLDED.sub("", content))


def _plain(text: str) -> str:
    return _SPACE.sub(" ", html.unescape(text)).casefold().strip()
