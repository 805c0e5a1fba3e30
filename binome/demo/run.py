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
from schemas.records.status import ProgrammeStatus

SEED = 2027
"""Who does what is drawn from it: every run of the demo has the same people in it."""


@dataclass(frozen=True)
class DemoRun:
    """The programme and people of a demo, and the stack in which it runs."""

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
    """Run the demo until every region that opened has closed, and say what happened.

    A component that is unavailable for a while is waited for. A demo that was stopped goes on
    where it was.
    """
    demo = await asyncio.to_thread(_read, stack)
    participants = Participants(
        read_people(demo.people),
        demo.document["regions"][0].get("mentors_from", ()),
        SEED,
    )
    async with retrying_client(stack["gateway"]) as client:
        learning = LearningPlatform(
            client, stack["token"], demo.document["training"]["modules"], demo.day
        )
        simulation = Simulation(client, participants, learning, Path(stack["mails"]))
        await start.import_people(stack, demo.people)
        for eager in participants.eager:
            await learning.complete_all(eager)
        await start.start_programme(stack, demo.document, client)
        last = await _until_over(demo, client, simulation)
    say(summary.summary(last, simulation, stack))
    say(
        summary.STACK_STOPS if exit_when_done else "The stack goes on; Ctrl-C stops it."
    )


async def _until_over(
    demo: DemoRun, client: httpx.AsyncClient, simulation: Simulation
) -> ProgrammeStatus:
    async with asyncio.TaskGroup() as tasks:
        acting = tasks.create_task(simulation.run())
        last = await progress.watch(client, demo.programme, simulation.mailbox)
        acting.cancel()
    return last


def _read(stack: Mapping[str, Any]) -> DemoRun:
    document = json.loads((EXAMPLES / "demo.json").read_text("utf-8"))
    return DemoRun(stack, document, (EXAMPLES / "people.csv").read_bytes())
