"""What the terminal shows while the demo runs: a table that lives, or a line now and then where it cannot."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import httpx
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.table import Column, Table
from rich.text import Text

from binome.demo.mailbox import Mailbox
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.stages import Awaited, Stage
from schemas.wording.counted import counted

REFRESH_SECONDS = 1.0
"""Seconds between two updates of the progress shown."""
LINE_SECONDS = 5.0
"""Seconds between two lines where the screen cannot be drawn over."""
AWAITED: dict[str, str] = {
    Awaited.TRAINING_REMINDER: "training",
    Awaited.TRAINING_DUE: "training",
    Awaited.TRAINING_GRACE: "training",
    Awaited.AGREE_REMINDER: "agreement to a match",
    Awaited.AGREE_DUE: "agreement to a match",
    Awaited.ANSWER_DUE: "answer to an invitation",
    Awaited.ASK_MENTOR: "answer to an invitation",
    Awaited.PROPOSAL_LAPSES: "answer to an invitation",
    Awaited.HELD_REMINDER: "session, or word of it",
    Awaited.HELD_ESCALATES: "session, or word of it",
    Awaited.HELD_LAPSES: "session, or word of it",
    Awaited.IDLE: "next date",
    Awaited.CONCERN_DUE: "supervisor's call",
    Awaited.FEEDBACK_DUE: "last pulse",
}
"""Deadlines as what they wait for."""
WAITS_FOR_PERSON = frozenset({"proposed", "held", "needs"})
"""A region that only a person can move on."""


class ShowStatus(Protocol):
    """Shows the status of the programme."""

    def __call__(self, status: ProgrammeStatus, mails: int) -> None: ...


async def watch(
    client: httpx.AsyncClient, programme: str, mailbox: Mailbox
) -> ProgrammeStatus:
    """Show the status until the programme is over; returns the last one."""
    with _screen() as show:
        while True:
            answer = await client.get(f"/api/programmes/{programme}/status")
            status = ProgrammeStatus.model_validate_json(
                answer.raise_for_status().content
            )
            show(status, len(mailbox))
            if is_over(status):
                return status
            await asyncio.sleep(REFRESH_SECONDS)


def is_over(status: ProgrammeStatus) -> bool:
    """Whether all regions that opened have closed, none opens by itself, and the last
    mail was sent.
    """
    statuses = {region.status for region in status.regions}
    nothing_runs = (
        statuses <= {"closed", "waiting", *WAITS_FOR_PERSON} and "closed" in statuses
    )
    nothing_comes = (
        "waiting" not in statuses or bool(statuses & WAITS_FOR_PERSON)
    ) and not any(r.next_wave_at for r in status.regions)
    return nothing_runs and nothing_comes and not status.notices.get("queued")


@contextmanager
def _screen() -> Iterator[ShowStatus]:
    console = Console()
    if not console.is_terminal:
        yield _Lines(console)
        return
    with Live(console=console, auto_refresh=False) as live:
        yield lambda status, mails: live.update(picture(status, mails), refresh=True)


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console, self._last = console, -LINE_SECONDS

    def __call__(self, status: ProgrammeStatus, mails: int) -> None:
        if time.monotonic() - self._last >= LINE_SECONDS or is_over(status):
            self._last = time.monotonic()
            self._console.print(
                line(status, mails), markup=False, highlight=False, soft_wrap=True
            )


def line(status: ProgrammeStatus, mails: int) -> str:
    """The progress of a programme in one line."""
    regions = "; ".join(_brief(region) for region in status.regions)
    awaited = _awaited(status) or "nobody"
    return f"{status.date_shown:%a %d %b %Y}  {regions}  | {counted(mails, 'mail')} | waits for {awaited}"


def _brief(region: RegionStatus) -> str:
    if region.status not in ("open", "closed"):
        return f"{region.region} {region.status}"
    stages = [
        f"{region.stages[stage]} {stage}" for stage in Stage if region.stages.get(stage)
    ]
    numbers = [*stages, f"{region.sessions_held} held", f"pulse {mean(region)}"]
    return f"{region.region} {region.status}: {', '.join(numbers)}"


def picture(status: ProgrammeStatus, mails: int) -> Group:
    """A table of the regions, the date above it, below it what waits for a person."""
    numbers = (Column(name, justify="right") for name in (*Stage, "held", "pulse"))
    table = Table(
        "region",
        "status",
        *numbers,
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for region in status.regions:
        counts = (str(region.stages.get(stage) or "") for stage in Stage)
        table.add_row(
            region.region,
            region.status,
            *counts,
            str(region.sessions_held or ""),
            mean(region),
        )
    head = Text(
        f"Programme {status.programme}, {status.date_shown:%A %d %B %Y}, {counted(mails, 'mail')}",
        style="bold",
    )
    return Group(
        head, table, Text(f"Waits for {_awaited(status) or 'nobody'}", style="dim")
    )


def mean(region: RegionStatus) -> str:
    """The released mean pulse, or a dash."""
    return region.release.mean_text if region.release else "–"


def _awaited(status: ProgrammeStatus) -> str:
    counts: Counter[str] = Counter()
    for what, count in status.waiting_for.items():
        counts[AWAITED.get(what, what.replace("_", " "))] += count
    return ", ".join(
        f"{what} ({count})" for what, count in counts.most_common() if count
    )
