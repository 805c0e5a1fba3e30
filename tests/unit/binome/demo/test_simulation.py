"""The players at work, against a gateway that answers what a test tells it."""

import asyncio
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from binome.demo.learning import LearningPlatform
from binome.demo.participants import Participant, Participants
from binome.demo.simulation import Simulation
from schemas.links import Question
from tests.support.waiting import LONGEST_WAIT_SECONDS

LINK = "http://gateway/q/token"
HELD = '<form method="post"><button name="held" value="yes">Yes</button></form>'
VOLUNTEER = (
    '<form method="post"><button name="action" value="volunteer">Yes</button></form>'
)
STALE = "<p>It is too late for that.</p>"


class Gateway:
    """Shows one page, takes every form, and keeps what came."""

    def __init__(self, page: str, taken: int = 303) -> None:
        self.page, self.taken = page, taken
        self.forms: list[str] = []
        self.events: list[dict[str, object]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/events":
            self.events.append(json.loads(request.content))
            return httpx.Response(202)
        if request.method == "POST":
            self.forms.append(request.content.decode())
            return httpx.Response(
                self.taken, headers={"Location": "/q/token?thanks=held"}
            )
        return httpx.Response(200, text=self.page)


def deliver(folder: Path, to: str = "jade@example.org") -> None:
    mail = EmailMessage()
    mail["To"] = to
    mail.set_content(f"Was it held?\n{LINK}\n")
    (folder / "1.eml").write_bytes(mail.as_bytes())


async def play(
    folder: Path, gateway: Gateway, until: Callable[[Simulation], bool]
) -> Simulation:
    jade = Participant("E1", "jade@example.org", "est", frozenset({"mentor"}))
    cast = Participants([jade], ("idf",), seed=1)
    async with httpx.AsyncClient(
        base_url="http://gateway", transport=httpx.MockTransport(gateway)
    ) as client:
        players = Simulation(
            client,
            cast,
            LearningPlatform(client, "t", ("oser-parler", "ecoute"), 0),
            folder,
        )
        playing = asyncio.create_task(players.run())
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while not until(players):
                await asyncio.sleep(0)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
    return players


def read(folder: Path) -> bool:
    return (folder / ".read").exists()


async def test_a_mail_is_answered_on_its_page(tmp_path: Path) -> None:
    deliver(tmp_path)
    gateway = Gateway(HELD)
    players = await play(tmp_path, gateway, lambda _: read(tmp_path))
    assert (gateway.forms, players.answered[Question.HELD]) == (["held=yes"], 1)


async def test_a_page_that_asks_nothing_any_more_is_left(tmp_path: Path) -> None:
    deliver(tmp_path)
    gateway = Gateway(STALE)
    await play(tmp_path, gateway, lambda _: read(tmp_path))
    assert gateway.forms == []


@pytest.mark.parametrize("refusal", [409, 422])
async def test_an_answer_that_is_not_taken_is_counted_and_ends_nothing(
    tmp_path: Path, refusal: int
) -> None:
    deliver(tmp_path)
    players = await play(
        tmp_path, Gateway(HELD, taken=refusal), lambda _: read(tmp_path)
    )
    assert (players.not_taken, players.answered.total()) == (1, 0)


async def test_a_mail_to_somebody_unknown_is_only_counted(tmp_path: Path) -> None:
    deliver(tmp_path, to="ops@example.org")
    gateway = Gateway(HELD)
    players = await play(tmp_path, gateway, lambda _: read(tmp_path))
    assert (gateway.forms, len(players.mailbox)) == ([], 1)


async def test_whoever_volunteers_does_the_modules_one_after_the_other(
    tmp_path: Path,
) -> None:
    deliver(tmp_path)
    gateway = Gateway(VOLUNTEER)
    await play(tmp_path, gateway, lambda _: len(gateway.events) == 2)
    assert [event["data"] for event in gateway.events] == [
        {"module": "oser-parler"},
        {"module": "ecoute"},
    ]
    assert {event["subject"] for event in gateway.events} == {"E1"}
