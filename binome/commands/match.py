"""`binome match`: a run of matching that is not kept, and pins."""

import asyncio
import csv
import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.errors import CommandRefused, ServerNotReached
from binome.printing import print_json, print_table, say, warn
from binome.servers import ServerAddresses, find_servers
from gateway.temporal import (
    TemporalUnavailable,
    UpdateRejected,
    WorkflowClient,
    WorkflowNotFound,
)
from gateway.texts.names import with_names
from gateway.texts.reason_texts import gain_text, reason_text
from schemas.ids import CohortRef, parse_cohort_id
from schemas.matches.matching import MatchReason, MatchRun

if TYPE_CHECKING:
    from activities.persistence.store import Store
    from domain.matching.matching_run import MatchingPhase
    from schemas.people import Person

app = typer.Typer(
    help="How those who wait would be matched now; and pins.", no_args_is_help=True
)
COHORT = "COHORT"
PAIR = "MENTOR=MENTEE"
COLUMNS = ("mentor", "mentee", "score", "because")
PHASES = {
    "rules": "comparing everybody by the rules",
    "assignment": "matching as many as possible, as well as possible",
    "reasons": "putting the reasons together",
    "gains": "counting what looser rules would gain",
}
REASONS_SHOWN = 3
"""Reasons in a table; JSON and CSV have them all."""
Cohort = Annotated[
    list[str],
    typer.Argument(
        metavar=COHORT, help="Its workflow id (cohort:…), or PROGRAMME and REGION."
    ),
]
Wave = Annotated[
    int, typer.Option(min=1, metavar="NUMBER", help="Wave, servers a region is named.")
]


@app.command("preview")
def preview(
    cohort: Cohort,
    wave: Wave = 1,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="CSV with a header, for a spreadsheet.")
    ] = False,
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Show how those who wait would be matched now, and why. Nothing of it is kept or sent to anybody."""
    if as_csv and as_json:
        raise CommandRefused("--csv and --json exclude each other; give one of them")
    ref = _cohort(cohort, wave)
    run, names = asyncio.run(_preview(find_servers(data), ref))
    if as_json:
        print_json(
            {"cohort": ref.workflow_id, **run.model_dump(mode="json"), "names": names}
        )
    elif as_csv:
        _csv(run, names)
    else:
        _table(ref, run, names)


@app.command("pin")
def pin(cohort_and_pair: Cohort, wave: Wave = 1, data: Data = DEFAULT_DATA) -> None:
    """Have two people matched in every run: COHORT MENTOR=MENTEE, by their ids in the people file."""
    asyncio.run(_ask(find_servers(data), "pin", cohort_and_pair, wave))


@app.command("unpin")
def unpin(cohort_and_pair: Cohort, wave: Wave = 1, data: Data = DEFAULT_DATA) -> None:
    """Insist on two people no more: COHORT MENTOR=MENTEE."""
    asyncio.run(_ask(find_servers(data), "unpin", cohort_and_pair, wave))


def _cohort(words: list[str], wave: int) -> CohortRef:
    """Read what was typed for COHORT.

    Raises:
        CommandRefused: it names none.
    """
    if len(words) == 1 and words[0].startswith("cohort:"):
        try:
            return parse_cohort_id(words[0])
        except ValueError:
            raise CommandRefused(
                f"{COHORT} is no workflow id of a cohort; write cohort:PROGRAMME:REGION:WAVE"
            ) from None
    if len(words) != 2:
        raise CommandRefused(
            f"{COHORT} is its workflow id, or PROGRAMME and REGION; {len(words)} words were given"
        )
    return CohortRef(
        programme=code("PROGRAMME", words[0]),
        region=code("REGION", words[1]),
        wave=wave,
    )


async def _preview(
    servers: ServerAddresses, cohort: CohortRef
) -> tuple[MatchRun, dict[str, str]]:
    """Run matching as a preview. Returns also the names of everybody in it."""
    from domain.matching.matching_run import match_pool
    from domain.matching.pins import PinsContradict

    async with servers.store() as store:
        await _check_open(store, cohort)
        pool = await store.pools.current(cohort)
        try:
            run = match_pool(pool, on_phase=_progress())
        except PinsContradict as error:
            raise CommandRefused(
                await with_names(str(error), store.people, _external_id)
            ) from None
        return run, await store.people.names(
            [one.person for one in (*pool.mentors, *pool.mentees)]
        )


def _progress(after_seconds: float = 1.0) -> "Callable[[MatchingPhase], None]":
    """Shows the phase of a large cohort; a small one is matched before anybody asks."""
    began = monotonic()

    def report_phase(phase: "MatchingPhase") -> None:
        if monotonic() - began >= after_seconds:
            warn(f"{PHASES[phase]} …")

    return report_phase


async def _check_open(store: "Store", cohort: CohortRef) -> None:
    status = await store.status.find(cohort.programme)
    if status is None:
        raise CommandRefused(
            f"no programme is called {cohort.programme}; known: {', '.join(await store.programmes.codes()) or 'none'}"
        )
    known = [(region.region, region.wave) for region in status.regions if region.opened]
    if (cohort.region, cohort.wave) not in known:
        open_ones = (
            ", ".join(f"{region} (wave {wave})" for region, wave in known) or "none"
        )
        raise CommandRefused(f"no such cohort is open; this programme's: {open_ones}")


async def _ask(
    servers: ServerAddresses, what: str, words: list[str], wave: int
) -> None:
    """Ask the cohort to decide, with its checks and on its record."""
    if "=" not in words[-1]:
        raise CommandRefused(
            f"write the two as {PAIR}, one word, with their ids in the people file"
        )
    cohort = _cohort(words[:-1], wave)
    async with servers.store() as store:
        await _check_open(store, cohort)
        decision = {what: [await _mentor_mentee(store, words[-1])], "by": "command"}
        workflows = WorkflowClient(await servers.client())
        try:
            await workflows.update(
                cohort.workflow_id, "approve_matches", decision, None
            )
        except UpdateRejected as refused:
            raise CommandRefused(
                await with_names(str(refused), store.people, _external_id)
            ) from None
        except (WorkflowNotFound, TemporalUnavailable):
            raise ServerNotReached(
                f"{cohort.workflow_id} does not answer; `binome doctor` says more"
            ) from None
    say(f"{words[-1]}: {'pinned' if what == 'pin' else 'not pinned any more'}")


async def _mentor_mentee(store: "Store", written: str) -> dict[str, str]:
    """Person ids of the two, who are written by the organisation's ids."""
    found = [
        await store.people.find_external(part.strip()) for part in written.split("=")
    ]
    if len(found) != 2 or found[0] is None or found[1] is None:
        raise CommandRefused(
            f"not two people who were imported; write {PAIR} with their ids in the people file"
        )
    return {"mentor": found[0].person, "mentee": found[1].person}


def _external_id(person: "Person") -> str:
    """Returns the person's id of the people file."""
    return person.external_id


def _rows(
    run: MatchRun, names: dict[str, str], top: int | None
) -> list[tuple[str, str, str, str]]:
    """Returns the rows of the table of matches, the best first."""
    return [
        (
            names.get(p.mentor, p.mentor),
            names.get(p.mentee, p.mentee),
            f"{100 * p.score:.0f}",
            _reasons(p.reasons[:top]),
        )
        for p in sorted(run.proposals, key=lambda proposal: -proposal.score)
    ]


def _table(cohort: CohortRef, run: MatchRun, names: dict[str, str]) -> None:
    title = f"{cohort.programme}, {cohort.region}, wave {cohort.wave}: nothing of this was kept"
    if rows := _rows(run, names, REASONS_SHOWN):
        print_table(title, COLUMNS, rows)
    elif not run.unmatched:
        say(
            f"{cohort.programme}, {cohort.region}, wave {cohort.wave}: nobody waits to be matched now"
        )
    for gain in run.gains:
        say(gain_text(gain))
    for left in run.unmatched:
        say(
            f"{names.get(left.person, left.person)} ({left.side}) has no match: {_reasons(left.reasons)}"
        )


def _csv(run: MatchRun, names: dict[str, str]) -> None:
    """Print a line for each match, then one for each unmatched person, as CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(run, names, None):
        writer.writerow(map(_cell, row))
    for left in run.unmatched:
        name = names.get(left.person, left.person)
        two = (name, "") if left.side == "mentor" else ("", name)
        writer.writerow(map(_cell, (*two, "", _reasons(left.reasons))))


def _cell(text: str) -> str:
    """Quote a cell that a spreadsheet would take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def _reasons(reasons: tuple[MatchReason, ...]) -> str:
    return "; ".join(reason_text(reason) for reason in reasons)
