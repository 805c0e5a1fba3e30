"""The outbox: notices as PostgreSQL keeps them until they are delivered. Never a payload of Temporal."""

from typing import Annotated

from pydantic import Field

from schemas.base import Carried
from schemas.calendar import Instant, WorkCalendar
from schemas.clock import Clock
from schemas.ids import Code, PersonId
from schemas.notices import Notice
from schemas.people import Person


class Party(Carried):
    """One of the two people of a pair, as far as texts and calendars need them."""

    person: PersonId
    name: str
    email: str
    site: str = ""


class OutboxRow(Carried):
    """A notice that is due, resolved to one person, with all that rendering and sending need."""

    id: Annotated[str, Field(max_length=200)]
    """Lasting id of the notice; the Message-ID comes from it, so it is the same at every repeat."""
    scope: str
    """Workflow id of the pair, cohort or programme it is about."""
    programme: Code
    region: Code
    clock: Clock
    calendar: WorkCalendar = WorkCalendar()
    """The region's; its hours are read in the recipient's own zone."""
    sender: Code = "mentoring"
    """Local part of the address that mails come from."""
    person: Person
    """The recipient; the notice says in which role."""
    notice: Notice
    mentor: Party | None = None
    mentee: Party | None = None
    """Both as they were when the notice was queued: a pair may have parted since."""
    created: Instant
    """Programme time of the transition that asked for it."""
    due: Instant
    """Wall time from which it may be sent: when it was queued, or until when it was last postponed."""
    superseded: bool = False
    """It was queued ahead (`not_before`), and its session has changed since; or a newer notice tells it, or it is over
    before anybody was told."""
    attempts: int = 0
    """Tries to send it that failed for the time being."""
    message_id: str | None = None
    """Set once it was put into a mail: a repeat goes out with the same rows under the same Message-ID."""


class DeliveryReport(Carried):
    """What one run of the delivery activity did; counts only."""

    sent: int = 0
    """Mails; a digest counts once."""
    notices: int = 0
    """Notices in those mails."""
    dropped: int = 0
    failed: int = 0
    postponed: int = 0
