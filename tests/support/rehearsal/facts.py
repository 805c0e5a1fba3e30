"""Whether mails and calendars agree with PostgreSQL."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock
from tests.support.rehearsal.own_sql import Database
from tests.support.rehearsal.post import Invite

CALENDAR_CHANGES = [
    "session_proposed", "session_moved", "session_agreed", "session_cancelled",
]  # fmt: skip
"""Templates whose mails have a calendar part."""
LATE = timedelta(seconds=30)
"""Wall time by which a mail may leave after it was due: in a rehearsal a working day is a fifth of a second."""


async def stray_invites(
    found: Database, calendars: Mapping[tuple[str, str], Sequence[Invite]]
) -> list[Any]:
    """Invites left in a calendar whose session was neither held nor replaced.

    Each with its session and with what became of its mails. One whose newer one was dropped, since an outage held it
    up until the session had begun, is no stray: there is nothing left to turn up for.
    """
    rows = await found.rows(
        "select pair, number, attempt, status, sequence from sessions"
    )
    sessions = {(row["pair"], row["number"], row["attempt"]): row for row in rows}
    strays = []
    for invites in calendars.values():
        last = invites[-1]
        row = sessions[last.session]
        if not (
            last.method == "CANCEL"
            or _was_held(row, last)
            or _made_up_for(row, sessions)
        ):
            newer = await _newer(found, last)
            if not any(mail["reason"] == "too_late" for mail in newer):
                strays.append((last, tuple(row), newer))
    return strays


async def _newer(found: Database, invite: Invite) -> list[Any]:
    """Notices with an invite to the same person about the same meeting, queued since the last that was sent.

    What is finished keeps its session, and no invite.
    """
    pair, number, attempt = invite.session
    return await found.rows(
        """
        with about as (
            select body ->> 'template' as template, state, reason, created
            from outbox join people using (person)
            where email = $1 and scope = $2 and body ->> 'session' = $3 and coalesce(body ->> 'attempt', '1') = $4
              and body ->> 'template' = any($5)
        )
        select * from about
        where created >= coalesce((select max(created) from about where state = 'sent'), '-infinity')
        order by created
        """,
        invite.to,
        pair,
        str(number),
        str(attempt),
        CALENDAR_CHANGES,
    )


def _was_held(row: Any, invite: Invite) -> bool:
    return bool(row["status"] == "held" and row["sequence"] == invite.sequence)


def _made_up_for(row: Any, sessions: Mapping[tuple[str, int, int], Any]) -> bool:
    """It was missed, or nobody said; and its make-up is there."""
    make_up = (row["pair"], row["number"], row["attempt"] + 1)
    return row["status"] in ("missed", "unknown") and make_up in sessions


async def notices_outside_hours(found: Database) -> list[Any]:
    """Ids of notices that were sent when their reader does not work, programme time."""
    rows = await found.rows(
        """
        select notice, due, finished_at, programme_epoch, wall_epoch, pace, people.zone, body, start_at,
               coalesce(cohorts.plan, programmes.plan -> 'cohorts' -> 0) -> 'calendar' as calendar
        from outbox join programmes using (programme) join people using (person)
        left join cohorts on cohorts.programme = outbox.programme and cohorts.region = outbox.region
        left join sessions on pair = scope and number = (body ->> 'session')::integer
              and attempt = coalesce(body ->> 'attempt', '1')::integer
        where outbox.state = 'sent'
        """
    )
    return [row["notice"] for row in rows if not _in_time(row)]


def _in_time(row: Any) -> bool:
    """In working hours, or about an appointment that begins before they do."""
    clock = Clock(
        **{name: row[name] for name in ("programme_epoch", "wall_epoch", "pace")}
    )
    hours = WorkCalendar.model_validate(
        json.loads(row["calendar"]) | {"zone": row["zone"]}
    )
    moment = (
        row["due"] if row["finished_at"] - row["due"] < LATE else row["finished_at"]
    )
    at, body = clock.programme(moment), json.loads(row["body"])
    appointment = body["template"] in (
        "session_agreed",
        "session_moved",
        "session_reminder",
        "session_cancelled",
    )
    begins = row["start_at"] if appointment else None
    if begins and at < begins <= hours.next_open(at):
        return True
    return hours.next_open(at) == at
