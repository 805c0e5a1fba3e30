"""The participants, played as in the demo; what the pages took from them is noted, to be held against the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from binome.demo.http_client import RetryingTransport
from binome.demo.learning import LearningPlatform
from binome.demo.simulation import Simulation
from gateway.links import Links
from schemas.links import Link, Question
from tests.support.rehearsal.organisation import COMMENT, IDEA, MODULE, cast
from tests.support.stack import links_of_stack
from tests.support.waiting import LONGEST_WAIT_SECONDS


@dataclass
class AnswersGiven:
    """What pages took with thanks: from then on it must not be lost."""

    held: dict[tuple[str, int, int], bool] = field(default_factory=dict)
    """By pair, session and attempt."""
    sent: set[tuple[str, int, int]] = field(default_factory=set)
    """Sessions that somebody called held, whether or not the thanks came back before the gateway stopped."""
    pulses: dict[tuple[str, int, str], int] = field(default_factory=dict)
    """Scores by pair, session and side."""
    agreed: set[tuple[str, str]] = field(default_factory=set)
    """Pair and role."""

    def note_sent(self, link: Link, form: dict[str, str]) -> None:
        if link.question is Question.HELD and form["held"] == "yes":
            assert link.session is not None
            self.sent.add((link.pair, link.session, link.attempt))

    def note(self, link: Link, form: dict[str, str]) -> None:
        """The first answer to a question counts; one from a reminder's page may come in the same moment."""
        match link.question:
            case Question.HELD:
                assert link.session is not None
                self.held.setdefault(
                    (link.pair, link.session, link.attempt), form["held"] == "yes"
                )
            case Question.PULSE:
                assert link.session is not None
                self.pulses.setdefault(
                    (link.pair, link.session, link.role), int(form["score"])
                )
            case Question.AGREE if form.get("action") == "agree":
                self.agreed.add((link.pair, link.role))


class NotingTransport(httpx.AsyncBaseTransport):
    """Adds words to every pulse, as people do, and notes the answers that were taken."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, links: Links, answers: AnswersGiven
    ) -> None:
        self._inner, self._links, self._answers = inner, links, answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "POST" or not request.url.path.startswith("/q/"):
            return await self._inner.handle_async_request(request)
        form = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        if "score" in form:
            form |= {"comment": COMMENT, "idea": IDEA}
        link = self._links.read(request.url.path.removeprefix("/q/"))
        self._answers.note_sent(link, form)
        response = await self._inner.handle_async_request(
            httpx.Request("POST", request.url, data=form)
        )
        if response.status_code == httpx.codes.SEE_OTHER:
            self._answers.note(link, form)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


@asynccontextmanager
async def players(
    stack: dict[str, Any], day: float, answers: AnswersGiven
) -> AsyncIterator[tuple[Simulation, httpx.AsyncClient]]:
    """All of them and the client they share; `day` is the wall seconds of a programme's day."""
    links = links_of_stack(Path(stack["data"]), stack["gateway"])
    transport = NotingTransport(
        RetryingTransport(httpx.AsyncHTTPTransport()), links, answers
    )
    async with httpx.AsyncClient(
        base_url=stack["gateway"],
        transport=transport,
        timeout=LONGEST_WAIT_SECONDS,
        trust_env=False,
        headers={"authorization": f"Bearer {stack['console_token']}"},
    ) as client:
        learning = LearningPlatform(client, stack["token"], [MODULE], day)
        yield Simulation(client, cast(), learning, Path(stack["mails"])), client
