"""`binome up --demo` from the import of people to the summary."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from binome.demo import progress, start, summary
from binome.demo.http_client import retrying_client
from binome.demo.learning import LearningPlatform
from binome.demo.participants import Participants, read_people
from binome.demo.simulation import Simulation
from binome.printing import say
from schemas.records.status import ProgrammeStatus
from workers.settings import EXAMPLES

SEED = 2027
"""Who does what is drawn from it: every run of the demo has the same people in it."""


async def run_demo(stack: Mapping[str, Any], exit_when_done: bool) -> None:
    """Run the demo until every region that opened has closed, and say what happened.

    A component that is unavailable for a while is waited for. A demo that was stopped goes on
    where it was.
    """
    document, people = await asyncio.to_thread(_read)
    lenders = document["regions"][0].get("mentors_from", ())
    participants = Participants(read_people(people), lenders, SEED)
    day_seconds = 86400 / float(document.get("rehearsal", {}).get("pace", 1))
    async with retrying_client(stack["gateway"], stack["console_token"]) as client:
        learning = LearningPlatform(
            client, stack["token"], document["training"]["modules"], day_seconds
        )
        simulation = Simulation(client, participants, learning, Path(stack["mails"]))
        await start.import_people(stack, people)
        for eager in participants.eager:
            await learning.complete_all(eager)
        await start.start_programme(stack, document, client)
        last = await _until_over(document["programme"], client, simulation)
    say(summary.summary(last, simulation, stack))
    say(
        summary.STACK_STOPS if exit_when_done else "The stack goes on; Ctrl-C stops it."
    )


async def _until_over(
    programme: str, client: httpx.AsyncClient, simulation: Simulation
) -> ProgrammeStatus:
    async with asyncio.TaskGroup() as tasks:
        acting = tasks.create_task(simulation.run())
        last = await progress.watch(client, programme, simulation.mailbox)
        acting.cancel()
    return last


def _read() -> tuple[dict[str, Any], bytes]:
    """The programme document and the people file."""
    document = json.loads((EXAMPLES / "demo.json").read_text("utf-8"))
    return document, (EXAMPLES / "people.csv").read_bytes()
