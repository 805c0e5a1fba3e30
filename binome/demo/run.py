"""`binome up --demo` from the import of people to the summary."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from binome.demo import progress, start, summary
from binome.demo.http_client import retrying_client
from binome.demo.learning import LearningPlatform
from binome.demo.participants import Participants, read_people
from binome.demo.simulation import Simulation
from binome.example_run import EXAMPLES
from binome.printing import say
from schemas.status import ProgrammeStatus

SEED = 2027
"""Who does what is drawn from it: every run of the demo has the same people in it."""


@dataclass(frozen=True)
class DemoRun:
    """What is played, and where."""

    stack: Mapping[str, Any]
    document: Mapping[str, Any]
    people: bytes

    @property
    def programme(self) -> str:
        return str(self.document["programme"])

    @property
    def day(self) -> float:
        """Wall seconds that a day of the programme takes."""
        return 86400 / float(self.document.get("rehearsal", {}).get("pace", 1))


async def run_demo(stack: Mapping[str, Any], exit_when_done: bool) -> None:
    """Play until every region that opened has closed, and say what happened.

    A part of the stack that is away for a while is waited for. A demo that was stopped goes on where it was.
    """
    play = await asyncio.to_thread(_read, stack)
    cast = Participants(
        read_people(play.people),
        play.document["regions"][0].get("mentors_from", ()),
        SEED,
    )
    async with retrying_client(stack["gateway"]) as client:
        learning = LearningPlatform(
            client, stack["token"], play.document["training"]["modules"], play.day
        )
        players = Simulation(client, cast, learning, Path(stack["mails"]))
        await start.import_people(stack, play.people)
        for eager in cast.eager:
            await learning.complete_all(eager)
        await start.start_programme(stack, play.document, client)
        last = await _play_on(play, client, players)
    say(summary.summary(last, players, stack))
    say(
        summary.STACK_STOPS if exit_when_done else "The stack goes on; Ctrl-C stops it."
    )


async def _play_on(
    play: DemoRun, client: httpx.AsyncClient, players: Simulation
) -> ProgrammeStatus:
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(players.play())
        last = await progress.watch(client, play.programme, players.mailbox)
        playing.cancel()
    return last


def _read(stack: Mapping[str, Any]) -> DemoRun:
    document = json.loads((EXAMPLES / "demo.json").read_text("utf-8"))
    return DemoRun(stack, document, (EXAMPLES / "people.csv").read_bytes())
