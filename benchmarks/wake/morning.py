"""The mails of many people wait for the same morning, through the worker's own delivery."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.support.tables import table
from benchmarks.wake.house import REGION, House, claim, house, say, worker

OPENS_AFTER = timedelta(minutes=2)
"""All notices were looked at, and wait, by then."""
LOOK_SECONDS = 1.0
NOON = 12
OPEN = """
update cohorts set plan = jsonb_set(plan, '{calendar}', plan -> 'calendar' || jsonb_build_object(
    'zone', $1::text, 'opens', $2::integer, 'closes', 1440, 'workdays', '[0, 1, 2, 3, 4, 5, 6]'::jsonb,
    'holidays', '[]'::jsonb))
"""
QUEUE = """
insert into outbox (notice, scope, programme, region, wave, person, body, mentor, created)
select pair || ':1:ready:0.0.0:' || mentor, pair, programme, region, wave, mentor,
       '{"template": "ready", "to": "mentor"}'::jsonb, mentor, now()
from pairs
"""
UNSEEN = "select count(*) from outbox where due < $1"


async def measure(mails: int, spreads: Sequence[timedelta]) -> bool:
    """Print a row for each spread; returns whether none left before the morning."""
    rows = [await _morning(mails, spread) for spread in spreads]
    table(
        f"{mails:,} mails that wait for one morning",
        ["spread over, minutes", "all sent after, s", "half late by, s", "99 of 100 late by, s",
         "another mail, queued a second after the opening, took, s", "none too early"],
        rows,
    )  # fmt: skip
    return all(row[-1] == "yes" for row in rows)


async def _morning(mails: int, spread: timedelta) -> list[str]:
    async with house() as here:
        say(f"{mails:,} mails, spread over {spread}")
        await claim(here, mails + 1, {"timing": {"spread": spread}})
        async with worker(here):
            opens = await _open_soon(here)
            await here.sql.execute(QUEUE)
            await here.sql.execute(
                "delete from outbox where notice = (select max(notice) from outbox)"
            )
            await asyncio.sleep((opens - datetime.now(UTC)).total_seconds() + 1)
            if await here.sql.fetchval(UNSEEN, opens):
                raise SystemExit("not all were looked at when the morning began")
            await here.sql.execute(QUEUE + " on conflict do nothing")
            while left := await _count(here, "queued"):
                say(f"{mails + 1 - left:,} of {mails + 1:,} sent")
                await asyncio.sleep(LOOK_SECONDS * 10 if left > mails / 10 else 1)
        rows = await here.sql.fetch(
            "select due, finished_at from outbox where state = 'sent' order by due"
        )
        other = await here.sql.fetchrow(
            "select created, finished_at from outbox order by created desc limit 1"
        )
    return _row(rows, opens, other)


async def _count(here: House, state: str) -> int:
    found: int = await here.sql.fetchval(
        "select count(*) from outbox where state = $1", state
    )
    return found


async def _open_soon(here: House) -> datetime:
    """Have working hours begin soon, in a zone where it is about noon; returns when."""
    opens = (datetime.now(UTC) + OPENS_AFTER).replace(second=0, microsecond=0)
    ahead = NOON - opens.hour
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"
    await here.sql.execute(OPEN, zone, NOON * 60 + opens.minute)
    await here.sql.execute("update people set zone = $1", zone)
    say(f"the morning of {REGION} begins at {opens:%H:%M} UTC")
    return opens


def _row(rows: Sequence[Any], opens: datetime, other: Any) -> list[str]:
    late = sorted((row["finished_at"] - row["due"]).total_seconds() for row in rows)
    last = max(row["finished_at"] for row in rows)
    first = min(row["finished_at"] for row in rows)
    took = (other["finished_at"] - other["created"]).total_seconds()
    return [
        f"{(rows[-1]['due'] - opens) / timedelta(minutes=1):.0f}",
        f"{(last - opens).total_seconds():.0f}",
        f"{late[len(late) // 2]:.1f}",
        f"{late[len(late) * 99 // 100]:.1f}",
        f"{took:.1f}",
        "yes" if first >= opens else "NO",
    ]
