"""What delivery needs from outside. `Store.outbox` and the gateway's Links fit these."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from schemas.events import NoticeFailed
from schemas.links import Link
from schemas.outbox import OutboxRow


class OutboxRows(Protocol):
    """The outbox. Ids are `OutboxRow.id`; every time given here is wall time, UTC."""

    async def lease(self, channel: str, limit: int) -> Sequence[OutboxRow]:
        """Lease rows whose `due` has come, oldest first; nobody else gets them for a minute.

        A row that is neither marked nor postponed by then comes again.
        """
        ...

    async def end_leases(self, channel: str) -> None:
        """End every lease of the channel: whoever held one is gone, and its rows are due again."""
        ...

    async def set_message_ids(self, message_ids: Mapping[str, str]) -> None:
        """Keep the Message-ID under which each row is about to go out (only where none was kept before)."""
        ...

    async def mark_sent(self, ids: Sequence[str]) -> None: ...

    async def mark_failed(self, ids: Sequence[str], reason: str) -> None:
        """They cannot be delivered, and are not tried again."""
        ...

    async def mark_dropped(self, ids: Sequence[str], reason: str) -> None:
        """They are of no more use, and are not sent."""
        ...

    async def postpone(self, until: Mapping[str, datetime], tried: bool) -> None:
        """End the lease and set `due`; `tried` counts an attempt."""
        ...

    async def wait(self, channel: str, timeout: float) -> None:
        """Return when something was queued (LISTEN binome_outbox), after `timeout` seconds at the latest."""
        ...


class LinkMaker(Protocol):
    """Makes the addresses that stand in mails."""

    def url(self, link: Link) -> str: ...

    def console(self, scope: str) -> str:
        """The console's page about a pair, cohort or programme, by its workflow id."""
        ...


class Signaller(Protocol):
    """Tells workflows what became of their notices."""

    async def notice_failed(self, workflow_id: str, event: NoticeFailed) -> None:
        """Returns, too, when the workflow is closed by now: nobody waits for it any more."""
        ...
