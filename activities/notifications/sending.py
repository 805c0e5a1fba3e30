"""What sending means: the mail, who sends it, and the three ways in which it does not go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class OutgoingMail:
    """What a sender sends. Addresses are the envelope's."""

    sender: str
    recipient: str
    rehearsal: bool
    """To the catcher, never to a real mail server."""
    data: bytes


class MailServerUnavailable(Exception):
    """The mail server cannot be reached, or went away. `sending`: in the middle of this mail."""

    def __init__(self, until: datetime, *, sending: bool) -> None:
        super().__init__("the mail server is away")
        self.until = until
        self.sending = sending


class MailRefused(Exception):
    """The server will never take this mail; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailDeferred(Exception):
    """The server does not take this mail for the time being."""


class Sender(Protocol):
    """Sends mails."""

    @property
    def domain(self) -> str:
        """What stands behind the @ of every address that mails come from."""
        ...

    async def send(self, mail: OutgoingMail) -> None:
        """Hand one mail to the server.

        Raises:
            ServerAway: try again later, with every mail for this server.
            NotNow: try again later, with this mail.
            Refused: never try again.
        """
        ...

    def away_until(self, *, rehearsal: bool) -> datetime | None:
        """Wall time before which sending is of no use; None: the server is there, as far as is known."""
        ...

    async def close(self) -> None: ...
