"""The outbox: notices until they are delivered.

Every time here is wall time, but `created`.
"""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from activities.persistence.database import (
    Database,
    DatabaseUnavailable,
    Repository,
    Row,
    as_json,
)
from activities.persistence.listening import Listener
from domain.notices.keys import revision_of
from domain.notices.partitions import EVERYBODY, Partition
from domain.notices.recipients import RecipientSource, recipient_sources
from domain.notices.retrying import MOST_SENDS
from domain.notices.supersession import RELATED_TEMPLATES
from schemas.notices import Notice, Recipient, Template
from schemas.records.outbox import OutboxRow
from schemas.time.calendar import WorkCalendar

BLIND_SECONDS = 2.0
"""Seconds between two looks at the outbox while PostgreSQL cannot notify us."""
FIELDS_OF_A_FINISHED = frozenset({"template", "to", "session", "attempt", "invite"})
"""What is kept of a notice that is sent, dropped or failed: what it was about."""
READ_NO_MORE = sorted(Notice.model_fields.keys() - FIELDS_OF_A_FINISHED)
CLOCK_COLUMNS = ("programme_epoch", "wall_epoch", "pace")
JSON_COLUMNS = ("notice", "person", "mentor", "mentee", "facts")


class Outbox(Repository):
    """Notices that are queued, leased for delivery, and marked with the result."""

    def __init__(self, database: Database, listener: Listener) -> None:
        super().__init__(database)
        self._listener = listener

    async def lease_due(
        self,
        channel: str,
        limit: int,
        seconds: float,
        partition: Partition = EVERYBODY,
    ) -> list[OutboxRow]:
        """Lease rows to people of a partition whose `due` has come, oldest first, for `seconds`."""
        rows = await self._database.rows(
            "lease_due",
            channel=channel,
            **partition._asdict(),
            most=limit,
            seconds=seconds,
            related_templates=sorted(RELATED_TEMPLATES),
        )
        return [outbox_row(row) for row in rows]

    async def renew_leases(self, ids: Sequence[str], seconds: float) -> None:
        """Lease rows for `seconds` more, by whoever leased them."""
        await self._database.execute("renew_leases", ids=list(ids), seconds=seconds)

    async def begin_sending(self, message_ids: Mapping[str, str]) -> Collection[str]:
        """Count a send of each row, and keep its Message-ID unless one was kept.

        Returns the ids of those that may be sent.
        """
        rows = await self._database.rows(
            "begin_sending", names=as_json(dict(message_ids)), most_sends=MOST_SENDS
        )
        return {row["notice"] for row in rows}

    async def mark_sent(self, ids: Sequence[str]) -> None:
        await self._finish(ids, "sent", None, confirmed=True)

    async def mark_unconfirmed(self, ids: Sequence[str], reason: str) -> None:
        """Mark rows that may have arrived; they are not sent again."""
        await self._finish(ids, "unconfirmed", reason)

    async def mark_failed(self, ids: Sequence[str], reason: str) -> None:
        """Mark rows that cannot be delivered; they are not tried again."""
        await self._finish(ids, "failed", reason)

    async def mark_dropped(self, ids: Sequence[str], reason: str) -> None:
        """Mark rows that are of no more use; they are not sent."""
        await self._finish(ids, "dropped", reason)

    async def pass_on(
        self, sources: Mapping[str, Sequence[RecipientSource]]
    ) -> tuple[int, int]:
        """Queue notices, by id, for whoever stands in for a reader who left.

        Returns for how many somebody was found, and for how many nobody.
        """
        notices = [
            {"id": notice, "sources": found} for notice, found in sources.items()
        ]
        row = await self._database.row("pass_on_notices", notices=as_json(notices))
        return (row["passed"], row["failed"]) if row else (0, 0)

    async def queue_for_person(
        self, pair: str, person: str, key: str, notices: Sequence[Notice]
    ) -> int:
        """Queue notices of a pair for one person, once a key; returns how many were queued."""
        rows = [
            {"key": f"{key}.{number}", "body": notice}
            for number, notice in enumerate(notices, 1)
        ]
        queued: int = await self._database.value(
            "queue_for_person",
            pair=pair,
            person=person,
            first=f"{key}.1",
            notices=as_json(rows),
        )
        return queued

    async def postpone(
        self,
        until: Mapping[str, datetime],
        *,
        count_attempt: bool,
        not_taken: bool = False,
    ) -> None:
        """End the lease and set `due`; `not_taken`: the send that was begun is none."""
        await self._database.execute(
            "postpone_notices",
            until=as_json(dict(until)),
            tried=count_attempt,
            not_taken=not_taken,
        )

    async def mark_awaiting_resume(self, ids: Sequence[str]) -> None:
        """End the lease; due when the pause of their pair ends."""
        await self._database.execute("mark_awaiting_resume", ids=list(ids))

    async def release_resumed(self) -> None:
        """Make due what awaits a resume that has come, should that have missed it."""
        await self._database.execute("release_resumed")

    async def mails_in_doubt(self, since: datetime) -> tuple[int, int]:
        """Returns how many mails servers may have taken that never said so.

        Those that wait to be sent once more, and those given up after `since`.
        """
        row = await self._database.row("mails_in_doubt", since=since)
        return (row["waiting"], row["given_up"])

    async def counts(self, programme: str | None = None) -> dict[str, int]:
        """Returns how many are in each state; those held wait for a mentor's agreement."""
        return {
            row["state"]: row["notices"]
            for row in await self._database.rows("notice_counts", programme=programme)
        }

    async def wait_for_due(
        self, channel: str, timeout: float, partition: Partition = EVERYBODY
    ) -> None:
        """Return when something was queued or is due, or after `timeout` seconds.

        Whatever was queued ends it, in any channel, to anybody.
        """
        try:
            soon = await self.seconds_until_due(channel, partition)
            await self._listener.wait(timeout if soon is None else min(timeout, soon))
        except DatabaseUnavailable:
            await asyncio.sleep(min(timeout, BLIND_SECONDS))

    async def seconds_until_due(
        self, channel: str, partition: Partition = EVERYBODY
    ) -> float | None:
        """Returns how long nothing is due; None: nothing is queued."""
        found: float | None = await self._database.value(
            "seconds_until_due", channel=channel, **partition._asdict()
        )
        return found

    async def queue_call_notices(self, pair: str, key: str) -> None:
        """Ask supervisor and ops to call the mentor of a closed pair, once a key."""
        notices = [
            Notice(template=Template.CALL_MENTOR, to=Recipient.SUPERVISOR),
            Notice(template=Template.CONCERN_WAITING, to=Recipient.OPS),
        ]
        rows = [
            {"sources": recipient_sources(notice.to), "body": notice}
            for notice in notices
        ]
        await self._database.execute(
            "queue_call_requests", pair=pair, key=key, notices=as_json(rows)
        )

    async def _finish(
        self,
        ids: Sequence[str],
        state: str,
        reason: str | None,
        *,
        confirmed: bool = False,
    ) -> None:
        await self._database.execute(
            "finish_notices",
            ids=list(ids),
            state=state,
            reason=reason,
            confirmed=confirmed,
            read_no_more=READ_NO_MORE,
        )


def outbox_row(row: Row) -> OutboxRow:
    fields = {key: value for key, value in row.items() if value is not None}
    clock = {key: fields.pop(key, None) for key in CLOCK_COLUMNS}
    if clock["pace"] is None:
        # A pair without a programme, as benchmarks start them.
        created = row["created"]
        clock = {"programme_epoch": created, "wall_epoch": created, "pace": 1.0}
    documents = {
        key: json.loads(fields.pop(key)) for key in JSON_COLUMNS if key in fields
    }
    if "calendar" in fields:
        documents["calendar"] = _calendar(fields.pop("calendar"))
    facts = documents["facts"]
    facts["revision"] = revision_of(row["id"], row["scope"])
    for other in facts["others"]:
        other["revision"] = revision_of(other.pop("id"), row["scope"])
    return OutboxRow.model_validate({**fields, **documents, "clock": clock})


@lru_cache(maxsize=100)
def _calendar(text: str) -> WorkCalendar:
    """Years of holidays, the same for every notice of a region."""
    return WorkCalendar.model_validate_json(text)
