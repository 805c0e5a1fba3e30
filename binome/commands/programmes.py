"""The commands `binome start` and `binome status`."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from temporalio.client import WorkflowFailureError

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.errors import CommandRefused, ServerNotReached
from binome.printing import print_json, print_table, say
from binome.servers import ServerAddresses, find_servers
from gateway.console.code_texts import WAITING_FOR, counts_by_text, word
from schemas.ids import TASK_QUEUE
from schemas.programme import CheckResult, StartResult
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.stages import Outcome, Stage

_START_TIMEOUT = timedelta(minutes=2)
"""A start answers in seconds; longer than this, no worker is running."""
_LARGEST_BYTES = 1_000_000
"""Temporal carries no more than two million, and no document of ours has a hundredth of that."""


def start(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            metavar="FILE",
            help="A programme document: JSON.",
        ),
    ],
    check: Annotated[
        bool,
        typer.Option("--check", help="Answer with the dated plan, and start nothing."),
    ] = False,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Start a programme with one JSON document, as the form of the Temporal Web UI does."""
    document = _document(file)
    asked = {**document, "check_only": True} if check else document
    answer = asyncio.run(_start(find_servers(data), asked))
    if as_json:
        print_json(answer)
    elif isinstance(answer, StartResult):
        say(
            f"{answer.programme} is running as {answer.workflow_id}; follow it at {answer.link}"
        )
    else:
        _show_plan(answer, file, by_document=document.get("check_only") is True)
    if isinstance(answer, CheckResult) and not answer.ok:
        raise typer.Exit(2)


def status(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="Its code.")],
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Show the status of a programme, region by region."""
    found = asyncio.run(status_of(find_servers(data), code("PROGRAMME", programme)))
    if as_json:
        print_json(found)
        return
    columns = [
        "region",
        "wave",
        "status",
        "pairs",
        "stages",
        "held",
        "mean pulse",
        "outcomes",
    ]
    at = f"{found.status}{' since' if found.closed_at else ','} {found.date_shown:%Y-%m-%d %H:%M} UTC"
    print_table(f"{found.programme}: {at}", columns, map(_row, found.regions))
    if found.waiting_for:
        waiting = counts_by_text(found.waiting_for, WAITING_FOR)
        say(
            "Waits for a person: "
            + ", ".join(f"{count} × {what}" for what, count in waiting)
        )


def _document(file: Path) -> dict[str, Any]:
    document = _json(file)
    if not isinstance(document, dict):
        raise CommandRefused(
            f"{file} is not a JSON object; see the documents in examples/"
        )
    return document


def _json(file: Path) -> Any:
    """Returns the JSON of a file, if Temporal can carry it.

    Raises:
        CommandRefused: with the place, where there is one.
    """
    try:
        value = json.loads(file.read_bytes().decode("utf-8-sig"))
        size = len(json.dumps(value, ensure_ascii=False).encode())
    except json.JSONDecodeError as error:
        why = f"is not JSON (line {error.lineno})"
    except UnicodeDecodeError:
        why = "is not JSON (not UTF-8)"
    except UnicodeEncodeError:
        why = "holds half of a character (\\ud800 to \\udfff alone)"
    except RecursionError:
        why = "is nested too deeply"
    except ValueError:  # Python reads no number of more than some thousand digits
        why = "holds a number that is too long"
    else:
        if size <= _LARGEST_BYTES:
            return value
        why = f"is too large; allowed: up to {_LARGEST_BYTES} bytes"
    raise CommandRefused(f"{file} {why}; see the documents in examples/")


async def _start(
    servers: ServerAddresses, document: dict[str, Any]
) -> CheckResult | StartResult:
    checks = document.get("check_only") is True
    client = await servers.client()
    try:
        answer: CheckResult | StartResult = await client.execute_workflow(
            "ProgrammeWorkflow",
            document,
            id=f"{'check' if checks else 'start'}:{uuid4().hex[:12]}",
            task_queue=TASK_QUEUE,
            result_type=CheckResult if checks else StartResult,
            execution_timeout=_START_TIMEOUT,
        )
    except WorkflowFailureError as error:
        message = getattr(error.cause, "message", "")
        if getattr(error.cause, "type", None) != "InvalidInput":
            raise ServerNotReached(
                f"the start was not answered ({type(error.cause).__name__}); `binome doctor`"
            ) from None
        raise CommandRefused(_without_form(message)) from None
    return answer


async def status_of(servers: ServerAddresses, programme: str) -> ProgrammeStatus:
    """Returns the status of a programme.

    Raises:
        CommandRefused: no such programme; the message names those that there are.
    """
    async with servers.store() as store:
        found: ProgrammeStatus | None = await store.status.find(programme)
        if found is None:
            known = ", ".join(await store.programmes.codes()) or "none"
            raise CommandRefused(f"no such programme; known: {known}")
    return found


def _show_plan(answer: CheckResult, file: Path, *, by_document: bool) -> None:
    columns = [
        "region",
        "opens",
        "trained by",
        "first sessions about",
        "ends about",
        "mentors",
        "mentees",
        "unmatched",
    ]
    rows = [
        (
            f"{r.region}, wave {r.wave}" if r.wave > 1 else r.region,
            r.opens,
            r.trained_by,
            r.first_sessions_about,
            r.ends_about,
            r.mentors,
            r.mentees,
            len(r.without_mentor),
        )
        for r in answer.regions
    ]
    if rows:
        print_table(f"{answer.programme}: nothing was started", columns, rows)
    for region in answer.regions:
        if region.missing:
            say(f"{region.region} still needs: {', '.join(region.missing)}")
    for problem in answer.problems:
        say(str(problem))
    say(_without_form(answer.next_step))
    how = ', once "check_only" is out of it' if by_document else ""
    if answer.ok:
        say(f"Start it: binome start {file}{how}")
    if answer.link:
        say(f"People: {answer.link}")


def _without_form(text: str) -> str:
    """Without what is for those who use the form of the Web UI."""
    return text.partition(" Choose *Start Workflow Like This One*")[0]


def _row(region: RegionStatus) -> tuple[object, ...]:
    counts = (
        _counted(region.stages, Stage),
        region.sessions_held,
        region.release.mean_text if region.release else "–",
        _counted(region.outcomes, Outcome),
    )
    return region.region, region.wave, region.status, region.pairs, *counts


def _counted(counts: Mapping[Any, int], order: Iterable[Stage | Outcome]) -> str:
    """Counts in the order of a pair's life, as it is told elsewhere too."""
    return ", ".join(
        f"{word(each)} {counts[each]}" for each in order if counts.get(each)
    )
