"""Plays the small programme on a stack, through the doors that people use, until all that opened has closed."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
from temporalio.client import Client

from binome.demo.progress import is_over
from schemas.records.status import ProgrammeStatus
from tests.support.commands import call_binome
from tests.support.rehearsal.ops import Ops
from tests.support.rehearsal.organisation import (
    PROGRAMME,
    document,
    people,
    people_file,
)
from tests.support.rehearsal.own_sql import database, region_numbers
from tests.support.rehearsal.players import AnswersGiven, players
from tests.support.waiting import until
from workers.client import connect
from workers.payload_keys import NO_KEYS

LOOK = 0.3
"""Seconds between two looks at the status."""
LONGEST_WAIT_SECONDS = 900
"""Seconds after which it is stuck: it takes a tenth of that on an idle machine."""


@dataclass
class Played:
    """A programme that ended, and what was seen meanwhile."""

    stack: Mapping[str, Any]
    folder: Path
    answers: AnswersGiven = field(default_factory=AnswersGiven)
    ops: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[ProgrammeStatus, dict[str, dict[str, Any]]]] = field(
        default_factory=list
    )
    """A status beside the numbers of our own, taken in one moment."""
    last: ProgrammeStatus | None = None

    async def client(self) -> Client:
        return await connect(
            NO_KEYS,
            target_host=self.stack["temporal"],
            namespace=self.stack["namespace"],
        )


class Installation(Protocol):
    """A stack or a deployment: where commands and players find it."""

    folder: Path
    start_seconds: float

    def addresses(self) -> dict[str, Any]: ...


async def begin(
    stack: Installation, absent: frozenset[str] = frozenset(), **changes: Any
) -> None:
    """Import people and start the programme with the commands that ops have."""
    file, programme = stack.folder / "people.csv", stack.folder / "programme.json"
    file.write_bytes(
        people_file([row for row in people() if row["external_id"] not in absent])
    )
    programme.write_text(json.dumps(document(**changes)))
    contact = ("accounts", "add", "contact", "--role", "trusted_contact")
    for words in (contact, ("import", str(file)), ("start", str(programme))):
        code, out, err = await call_binome(*words, f"--data={stack.folder}")
        assert code == 0, out + err


SECONDS_A_DAY = 86400
USUAL_START_SECONDS = 15.0
"""A stack is ready within it beside two other test processes."""
Meanwhile = Callable[[Played], Coroutine[Any, Any, None]]


async def play(
    stack: Installation,
    *meanwhile: Meanwhile,
    absent: frozenset[str] = frozenset(),
    **changes: Any,
) -> Played:
    """From the import to the end; `meanwhile` runs beside it, and is over with it. `absent` people are not imported.

    A day lasts a second, and longer on a machine so busy that nobody could answer in time.
    """
    slowness = max(1.0, stack.start_seconds / USUAL_START_SECONDS)
    changes = {"rehearsal": {"pace": round(SECONDS_A_DAY / slowness)}, **changes}
    await begin(stack, absent, **changes)
    played = Played(stack.addresses(), stack.folder)
    day = 86400 / document(**changes)["rehearsal"]["pace"]
    async with (
        players(stack.addresses(), day, played.answers) as (everybody, client),
        asyncio.timeout(LONGEST_WAIT_SECONDS * slowness),
        asyncio.TaskGroup() as tasks,
    ):
        await until(lambda: _is_known(client))
        beside = [
            tasks.create_task(one)
            for one in (everybody.run(), *(begun(played) for begun in meanwhile))
        ]
        played.last = await _watch(client)
        for task in beside:
            task.cancel()
    return played


async def _is_known(client: httpx.AsyncClient) -> bool:
    """Whether the programme is on record: its run claims its code just after `binome start` has answered."""
    answer = await client.get(f"/api/programmes/{PROGRAMME}/status")
    return answer.status_code != httpx.codes.NOT_FOUND


async def _watch(client: httpx.AsyncClient) -> ProgrammeStatus:
    while not is_over(status := await status_of(client)):
        await asyncio.sleep(LOOK)
    return status


async def status_of(client: httpx.AsyncClient) -> ProgrammeStatus:
    answer = await client.get(f"/api/programmes/{PROGRAMME}/status")
    return ProgrammeStatus.model_validate_json(answer.raise_for_status().content)


def bearer(stack: Mapping[str, Any]) -> dict[str, str]:
    """How scripts on the stack's machine read the API."""
    return {"authorization": f"Bearer {stack['console_token']}"}


async def act_as_ops(played: Played) -> None:
    await Ops(await played.client(), played.stack["database_url"], played.ops).work()


async def compare(played: Played) -> None:
    """Take a status and count ourselves, before and after it: where both agree, it was one moment."""
    async with (
        database(played.stack["database_url"]) as found,
        httpx.AsyncClient(
            base_url=played.stack["gateway"],
            trust_env=False,
            headers=bearer(played.stack),
        ) as client,
    ):
        while True:
            before = await region_numbers(found, PROGRAMME)
            status = await status_of(client)
            if before == await region_numbers(found, PROGRAMME):
                played.seen.append((status, before))
            await asyncio.sleep(LOOK)
