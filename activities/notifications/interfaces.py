"""What delivery needs from outside, and the three ways in which a mail is not sent.

The persistence Store and the gateway's Links fit these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.notices.recipients import RecipientSource
from schemas.links import Link
from schemas.people import Person
from schemas.records.outbox import OutboxRow
from schemas.records.reasons import DeliveryFailure


class OutboxStore(Protocol):
    """The outbox. Ids are `OutboxRow.id`; every time given here is wall time, UTC."""

    async def lease_due(self, channel: str, limit: int) -> Sequence[OutboxRow]:
        """Lease rows whose `due` has come, oldest first.

        Nobody else gets them for a minute. A row that is neither marked nor postponed by
        then comes again.
        """
        ...

    async def end_leases(self, channel: str) -> None:
        """Make every leased row of the channel due again: whoever leased it is gone."""
        ...

    async def keep_message_ids(self, message_ids: Mapping[str, str]) -> None:
        """Keep the Message-ID of each row about to be sent, unless one was kept."""
        ...

    async def mark_sent(self, ids: Sequence[str]) -> None: ...

    async def mark_failed(self, ids: Sequence[str], reason: str) -> None:
        """Mark rows that cannot be delivered; they are not tried again."""
        ...

    async def mark_dropped(self, ids: Sequence[str], reason: str) -> None:
        """Mark rows that are of no more use; they are not sent."""
        ...

    async def pass_on(
        self, sources: Mapping[str, Sequence[RecipientSource]]
    ) -> tuple[int, int]:
        """Queue notices, by id, for whoever stands in for a reader who left.

        Returns for how many somebody was found, and for how many nobody.
        """
        ...

    async def postpone(
        self, until: Mapping[str, datetime], *, count_attempt: bool
    ) -> None:
        """End the lease and set `due`."""
        ...

    async def mark_awaiting_resume(
        self, ids: Sequence[str], check_at: datetime
    ) -> None:
        """End the lease; due when the pause of their pair ends, or at `check_at`."""
        ...

    async def wait_for_due(self, channel: str, timeout: float) -> None:
        """Return when something was queued or is due, or after `timeout` seconds."""
        ...


class LinkMaker(Protocol):
    """Makes the addresses of pages that mails name."""

    def url(self, link: Link) -> str: ...

    def my_data_url(self, person: Person) -> str:
        """The page about all that is held about somebody; it opens for an hour."""
        ...

    def console_url(self, scope: str) -> str:
        """The console's page about a pair, cohort or programme, by its workflow id."""
        ...


class PairSignals(Protocol):
    """Signals pairs. `activities.executions.executions.Executions` fits it."""

    async def signal(
        self, workflow_id: str, name: str, payload: dict[str, Any]
    ) -> None:
        """Returns also when the workflow is closed: nobody waits for it any more."""
        ...


@dataclass(frozen=True)
class OutgoingMail:
    """A mail as it goes to a mail server."""

    sender: str
    """Address of the envelope, as is `recipient`."""
    recipient: str
    rehearsal: bool
    """Whether it goes to the catcher, and never to a real mail server."""
    data: bytes


class MailServerUnavailable(Exception):
    """The mail server cannot be reached, or the connection to it broke."""

    def __init__(self, until: datetime, *, sending: bool) -> None:
        super().__init__("the mail server does not answer")
        self.until = until
        """Wall time of the next attempt to connect."""
        self.sending = sending
        """It broke in the middle of this mail."""


class MailRefused(Exception):
    """The server will never take this mail."""

    def __init__(self, reason: DeliveryFailure) -> None:
        super().__init__(reason)
        self.reason = reason


class MailDeferred(Exception):
    """The server does not take this mail for the time being."""


class MailSender(Protocol):
    """Sends mails through one mail server."""

    @property
    def domain(self) -> str:
        """The part behind the @ of every address that mails come from."""
        ...

    async def send(self, mail: OutgoingMail) -> None:
        """Hand one mail to the server.

        Raises:
            MailServerUnavailable: try again later, with every mail for this server.
            MailDeferred: try again later, with this mail.
            MailRefused: never try again.
        """
        ...

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        """Returns the wall time before which sending is of no use.

        None: the server answers, as far as is known.
        """
        ...
