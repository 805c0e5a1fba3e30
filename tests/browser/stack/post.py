"""The mails that the stack's catcher keeps, and the links that people find in them."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import TypeVar

from gateway.links import LinkInvalid, Links
from schemas.links import Link, Question
from tests.browser.stack.organisation import address
from tests.support.waiting import LONGEST_WAIT_SECONDS

Found = TypeVar("Found")


@dataclass(frozen=True)
class Asked:
    """One link in a mail, and what it asks."""

    to: str
    url: str
    link: Link


class Post:
    """All mails in the order of their arrival."""

    def __init__(self, folder: Path, links: Links) -> None:
        self._folder = folder
        self._links = links
        self._read: dict[str, tuple[str, tuple[str, ...]]] = {}

    async def question(self, who: str, question: Question) -> Asked:
        """The newest link that asks this of somebody, once there is one."""
        return await self._awaited(
            lambda: [
                a
                for a in self.asked()
                if a.to == address(who) and a.link.question is question
            ],
            f"no mail asked {who} about {question}",
        )

    async def address_in(self, who: str, ending: str) -> str:
        """The newest address in somebody's mails that ends so, once there is one."""
        return await self._awaited(
            lambda: [
                url
                for to, urls in self._mails()
                if to == address(who)
                for url in urls
                if url.endswith(ending)
            ],
            f"no mail led {who} to {ending}",
        )

    def asked(self) -> Iterator[Asked]:
        for to, urls in self._mails():
            for url in urls:
                if link := self._link(url):
                    yield Asked(to, url, link)

    async def _awaited(self, look: Callable[[], list[Found]], without: str) -> Found:
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                while not (found := look()):
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(
                f"{without} within {LONGEST_WAIT_SECONDS} seconds"
            ) from None
        return found[-1]

    def _mails(self) -> list[tuple[str, tuple[str, ...]]]:
        """Recipient and addresses of each; file names sort by arrival, and one with a dot is still being written."""
        for path in self._folder.glob("[!.]*.eml"):
            if path.name not in self._read:
                self._read[path.name] = _read(path)
        return [self._read[name] for name in sorted(self._read)]

    def _link(self, url: str) -> Link | None:
        try:
            return self._links.read(url.partition("/q/")[2])
        except LinkInvalid:
            return None


def _read(path: Path) -> tuple[str, tuple[str, ...]]:
    mail = message_from_bytes(path.read_bytes(), policy=modern)
    assert isinstance(mail, EmailMessage)  # what this policy makes
    text = mail.get_body(("plain",))
    assert text is not None  # every mail of ours has one
    return str(mail["To"].addresses[0].addr_spec), tuple(
        re.findall(r"https?://\S+", str(text.get_content()))
    )
