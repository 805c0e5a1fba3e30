"""What delivery needs from outside, and the ways in which a mail is not sent.

The persistence Store and the gateway's Links fit these.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.notices.partitions import EVERYBODY, Partition
from domain.notices.recipients import RecipientSource
from schemas.links import Link
from schemas.people import Person
from schemas.records.outbox import OutboxRow
from schemas.records.reasons import DeliveryFailure


class OutboxStore(Protocol):
    """The outbox. Ids are `OutboxRow.id`; every time given here is wall time, UTC."""

    async def lease_due(
        self,
        channel: str,
        limit: int,
        seconds: float,
        partition: Partition = EVERYBODY,
    ) -> Sequence[OutboxRow]:
        """Lease rows to people of a partition whose `due` has come, oldest first.

        Nobody else gets them for `seconds`. A row that is neither marked nor postponed
        nor leased for longer by then comes again.
        """
        ...

    async def renew_leases(self, ids: Sequence[str], seconds: float) -> None:
        """Lease rows for `seconds` more, by whoever leased them."""
        ...

    async def begin_sending(self, message_ids: Mapping[str, str]) -> Collection[str]:
        """Count a send of each row, and keep its Message-ID unless one was kept.

        Returns the ids of those that may be sent: not of one that is finished, or may
        have been taken too often.
        """
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

    async def mark_unconfirmed(self, ids: Sequence[str], reason: str) -> None:
        """Mark rows that may have arrived; they are not sent again."""
        ...

    async def postpone(
        self,
        until: Mapping[str, datetime],
        *,
        count_attempt: bool,
        not_taken: bool = False,
    ) -> None:
        """End the lease and set `due`; `not_taken`: the send that was begun is none."""
        ...

    async def mark_awaiting_resume(self, ids: Sequence[str]) -> None:
        """End the lease; due when the pause of their pair ends."""
        ...

    async def release_resumed(self) -> None:
        """Make due what awaits a resume that has come, should that have missed it."""
        ...

    async def wait_for_due(
        self, channel: str, timeout: float, partition: Partition = EVERYBODY
    ) -> None:
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
    """No connection to the mail server can be opened; none is open."""

    def __init__(self, until: datetime) -> None:
        super().__init__("the mail server does not answer")
        self.until = until
        """Wall time of the next attempt to connect."""


class MailCut(Exception):
    """The connection broke, or the server was silent, before it was given the mail."""


class MailInDoubt(Exception):
    """The server was given the whole mail, and did not say whether it took it."""


class MailWithdrawn(Exception):
    """Whoever gave the mail wants it back: it is not to be sent."""


class MailRefused(Exception):
    """The server will never take this mail."""

    def __init__(self, reason: DeliveryFailure) -> None:
        super().__init__(reason)
        self.reason = reason


class MailDeferred(Exception):
    """The server does not take this mail for the time being."""


Begin = Callable[[], Awaitable[None]]
"""What is done when the server is about to be given a mail; what it raises ends that."""


class MailSender(Protocol):
    """Sends mails through one mail server."""

    @property
    def domain(self) -> str:
        """The part behind the @ of every address that mails come from."""
        ...

    async def send(self, mail: OutgoingMail, begin: Begin) -> None:
        """Hand one mail to the server.

        Raises:
            MailServerUnavailable: try again later, with every mail for this server.
            MailDeferred: try again later, with this mail.
            MailCut: the same; the server said nothing.
            MailInDoubt: it may have been taken, or not.
            MailRefused: never try again.
        """
        ...

    def connections(self) -> Mapping[str, int]:
        """Returns how many connections to the mail server are in use, and how many idle."""
        ...

    def unavailable_until(self, *, rehearsal: bool) -> datetime | None:
        """Returns the wall time before which sending is of no use.

        None: the server answers, as far as is known.
        """
        ...
