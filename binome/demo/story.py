"""`binome up --demo` from the import of people to the summary."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from binome.demo import beginning, ending, progress
from binome.demo.cast import Cast, read_people
from binome.demo.learning import LearningPlatform
from binome.demo.patience import patient_client
from binome.demo.players import Players
from binome.examples import EXAMPLES
from binome.printing import say
from schemas.status import ProgrammeStatus

SEED = 2027
"""Who does what is drawn from it: every run of the demo has the same people in it."""


@dataclass(frozen=True)
class Play:
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


async def run(stack: Mapping[str, Any], exit_when_done: bool) -> None:
    """Play until every region that opened has closed, and say what happened.

    A part of the stack that is away for a while is waited for. A demo that was stopped goes on where it was.
    """
    play = await asyncio.to_thread(_read, stack)
    cast = Cast(
        read_people(play.people),
        play.document["regions"][0].get("mentors_from", ()),
        SEED,
    )
    async with patient_client(stack["gateway"]) as client:
        learning = LearningPlatform(
            client, stack["token"], play.document["training"]["modules"], play.day
        )
        players = Players(client, cast, learning, Path(stack["mails"]))
        await beginning.import_people(stack, play.people)
        for eager in cast.eager:
            await learning.complete_all(eager)
        await beginning.start_programme(stack, play.document, client)
        last = await _play_on(play, client, players)
    say(ending.summary(last, players, stack))
    say(ending.STOPS if exit_when_done else "The stack goes on; Ctrl-C stops it.")


async def _play_on(
    play: Play, client: httpx.AsyncClient, players: Players
) -> ProgrammeStatus:
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(players.play())
        last = await progress.watch(client, play.programme, players.mailbox)
        playing.cancel()
    return last


def _read(stack: Mapping[str, Any]) -> Play:
    document = json.loads((EXAMPLES / "demo.json").read_text("utf-8"))
    return Play(stack, document, (EXAMPLES / "people.csv").read_bytes())
