"""Notices as PostgreSQL keeps them until they are delivered.

Never a payload of Temporal.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import LenientModel
from schemas.ids import Code, PersonId
from schemas.notices import Notice, Template
from schemas.people import Person
from schemas.stages import SessionStatus, Stage
from schemas.time.calendar import Instant, WorkCalendar
from schemas.time.clock import Clock


class PairMember(LenientModel):
    """The mentor or mentee of a notice, as far as texts and calendars need them."""

    person: PersonId
    name: str
    email: str
    site: str = ""
    left: bool = False

    @property
    def display_name(self) -> str:
        return _one_line(self.name)


class NoticeState(StrEnum):
    """What has become of a notice."""

    QUEUED = "queued"
    HELD = "held"
    """A word to the manager, until the mentor agrees to it."""
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    """It was sent, and no server said whether it took it; it is not sent again."""


class OtherNotice(LenientModel):
    """Another notice of the same scope to the same person."""

    revision: int
    """Number of the transition of the scope that asked for it."""
    template: Template
    state: NoticeState
    in_mail: bool
    """Whether it was put into a mail, so that its reader may know of it."""


class SessionFacts(LenientModel):
    """The session that a notice is about, as it is now."""

    status: SessionStatus
    sequence: int
    """Number of its newest invite."""


class NoticeFacts(LenientModel):
    """What PostgreSQL knew when it leased a notice, for rules in `domain.notices`."""

    revision: int = 0
    """Number of the transition of its scope that asked for it."""
    pair_stage: Stage | None = None
    """The stage of its pair now; None: it is about a cohort or programme."""
    pair_paused: bool = False
    directive_paused: bool = False
    """A pause is in force for its pair, whether or not the pair knows of it yet."""
    pulse_given: bool = False
    """Its reader gave a pulse about its session."""
    session: SessionFacts | None = None
    others: tuple[OtherNotice, ...] = ()
    """Other notices to the same person, of the templates that rules ask for."""


class OutboxRow(LenientModel):
    """A notice to one person that is due, with all that rendering and sending need."""

    id: Annotated[str, Field(max_length=200)]
    """Lasting id of the notice; the Message-ID comes from it, so a repeat has the same."""
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
    mentor: PairMember | None = None
    mentee: PairMember | None = None
    """Mentor and mentee are those when the notice was queued: they may have parted since."""
    created: Instant
    """Programme time of the transition that asked for it."""
    due: Instant
    """Wall time from which it may be sent, as queued or last postponed."""
    leased_at: Instant | None = None
    """Wall time of PostgreSQL when it was leased: the clock by which it was due."""
    facts: NoticeFacts = NoticeFacts()
    attempts: int = 0
    """Tries to send it that failed for the time being."""
    sends_in_doubt: int = 0
    """Times that its mail was given whole to a server that did not say whether it took
    it, such as when the connection broke or the worker died."""
    message_id: str | None = None
    """Message-ID of the mail into which it was put, if it was: a repeat is the same mail."""

    @property
    def reader_name(self) -> str:
        return _one_line(self.person.name)

    @property
    def rehearsal(self) -> bool:
        """Whether its mail goes to the catcher instead of its reader."""
        return self.clock.pace != 1.0

    @property
    def common_site(self) -> str:
        """The site where both work; empty when they share none."""
        if self.mentor and self.mentee and self.mentor.site == self.mentee.site:
            return _one_line(self.mentor.site)
        return ""


def _one_line(text: str) -> str:
    """Returns text without line breaks, so that a name cannot add lines to a mail."""
    return " ".join(text.split())


class DeliveryReport(LenientModel, frozen=False):
    """What one run of the delivery activity did; counts only, which grow as it goes on."""

    sent: int = 0
    """Number of mails; a digest counts once."""
    notices: int = 0
    """Number of notices in those mails."""
    dropped: int = 0
    failed: int = 0
    unconfirmed: int = 0
    """Number of notices that were sent, and of which no server said that it took them."""
    postponed: int = 0
    needed: bool = True
    """False: there are to be fewer deliveries, and this one is none of them."""
