"""The state of a pair: all that the lifecycle needs to decide, and nothing personal."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from schemas.base import LenientModel, StrictModel
from schemas.effects import FindSlots, Record, SessionAttempt
from schemas.ids import Code, PairRef, PersonId
from schemas.notices import Notice
from schemas.policy import Policy
from schemas.stages import Awaited, Health, Outcome, SessionStatus, Stage
from schemas.time.calendar import Instant, WorkCalendar
from schemas.time.clock import Clock

SCHEMA_VERSION = 1
RULES_VERSION = 1


class PairStart(StrictModel):
    """The start document of PairWorkflow, made by the cohort."""

    pair: PairRef
    clock: Clock
    policy: Policy
    calendar: WorkCalendar
    starts_at: Instant
    modules_done: tuple[Code, ...] = ()
    """Completions that arrived before the start."""
    windows_known: bool = False
    """The mentor's windows came with the people file."""
    restored: dict[str, Any] | None = None
    """What PostgreSQL holds of a pair whose run was terminated or reset (`pairs.state`): it goes on from there."""


class PairUpdateResult(LenientModel):
    """What every update of a pair returns."""

    revision: int
    stage: Stage
    health: Health


class Gate(LenientModel):
    """The mentor's readiness gate; every part is true before the first session."""

    volunteered: bool = False
    windows: bool = False
    modules: tuple[Code, ...] = ()
    rehearsed: bool = False
    signed_off: bool = False
    charter: bool = False
    waived: tuple[str, ...] = ()
    asked_sign_off: bool = False


class Match(LenientModel):
    """The mentee of a pair, and what both have agreed to."""

    mentee: PersonId
    mentor_agreed: bool = False
    mentee_agreed: bool = False
    mentee_charter: bool = False
    people_check: int = 0
    """Number of the newest check of their reporting lines that the pair knows of.

    It comes with `too_close` and `apart_again`.
    """
    kept: bool = False
    """Whether somebody decided that they go on although their lines are too close."""


class Session(SessionAttempt):
    """One conversation, as the lifecycle follows it."""

    alternatives: tuple[Instant, ...] = ()
    refused: tuple[Instant, ...] = ()
    """Starts to come that somebody declined or let pass; never proposed again."""
    declined: tuple[Instant, ...] = ()
    """When times of it were declined or cancelled, in the week before the last of them."""
    call_check: int = 0
    """Number of the request to call about its times; 0: none is open."""
    invite_withdrawn: bool = False
    """Its last invite was taken out of calendars, and no newer one followed."""
    searches: int = 0
    """How often nothing was found that suits both."""
    mentor_asked: bool = False
    """The mentee stayed silent and the mentor was asked: now the mentor's yes counts for both."""

    @property
    def awaits_call(self) -> bool:
        """Whether nothing is proposed until somebody called about its times, or a week is over."""
        return self.status is SessionStatus.FINDING and self.call_check > 0

    def begun(self, now: datetime) -> bool:
        """Whether an agreed session's time has come: its invite is no longer cancelled."""
        agreed = self.status in (SessionStatus.AGREED, SessionStatus.OVER)
        return agreed and self.start is not None and now >= self.start


class PairState(LenientModel):
    """Everything that the lifecycle of a pair decides on; carried whole at continue-as-new."""

    schema_version: int = 1
    """The version that wrote it; a state without one is of the first."""
    rules: int = 1
    """Version of the lifecycle's rules; changes only at continue-as-new."""
    pair: PairRef
    clock: Clock
    policy: Policy
    calendar: WorkCalendar
    minimum_answer_time: timedelta = timedelta(0)
    """Least programme time that a person has to answer; zero at pace 1."""
    stage: Stage = Stage.TRAINING
    outcome: Outcome | None = None
    reason: Code | None = None
    revision: int = 0
    now: Instant
    """Programme time of the last event; never goes back."""
    gate: Gate = Gate()
    match: Match | None = None
    sessions: tuple[Session, ...] = ()
    held: int = 0
    first: int = 1
    """Number of this match's first session: an earlier mentee may have had some."""
    strikes: int = 0
    """Cancelled and missed sessions since the last check-in that went well."""
    concerns: tuple[Code, ...] = ()
    concern_open: bool = False
    call_check: int = 0
    """Number of the newest request to call because of a concern; 0: none, or passed on to ops."""
    idle: bool = False
    pulses: tuple[tuple[int, Code], ...] = ()
    """Session and id of each pulse that came; two of the last session complete the pair."""
    checks: int = 0
    """How often the supervisor was asked to talk with the mentor."""
    checked: int = 0
    """The last of them that was answered."""
    former_mentees: tuple[PersonId, ...] = ()
    """Mentees of earlier matches; never matched with this mentor again."""
    failed_notices: tuple[str, ...] = ()
    """The last few ids of notices that could not be delivered."""
    paused_by: tuple[str, ...] = ()
    paused_at: Instant | None = None
    notices_awaiting_resume: tuple[Notice, ...] = ()
    """Notices kept back during a pause; sent when it ends, if they are still of use."""
    deadlines: dict[str, datetime] = Field(default_factory=dict)
    outbox: tuple[Record, ...] = ()
    finding: FindSlots | None = None

    @property
    def last(self) -> int:
        """Number of the session that completes this match."""
        return self.first - 1 + self.policy.sessions.count

    @property
    def held_here(self) -> int:
        """Number of sessions held by the present two."""
        return len(
            [
                s
                for s in self.sessions
                if s.status is SessionStatus.HELD and s.number >= self.first
            ]
        )

    @property
    def current(self) -> Session | None:
        """The one session that is not over, if any."""
        if self.sessions and self.sessions[-1].status.live:
            return self.sessions[-1]
        return None

    @property
    def paused(self) -> bool:
        return bool(self.paused_by)

    @property
    def frozen(self) -> bool:
        """Whether the guard holds the pair: nothing is planned until a decision, or its deadline."""
        return Awaited.DECISION_DUE in self.deadlines

    @property
    def awaits_help(self) -> bool:
        """Whether somebody was asked to call because of a concern, and nobody said that they did."""
        return self.call_check > self.checked

    @property
    def health(self) -> Health:
        risky = (
            self.concern_open
            or self.idle
            or self.strikes >= self.policy.supervision.risk_after
        )
        return Health.AT_RISK if risky else Health.ON_COURSE

    @property
    def next_deadline(self) -> datetime | None:
        """The earliest deadline, programme time; None while paused or when nothing is awaited."""
        return (
            None if self.paused or not self.deadlines else min(self.deadlines.values())
        )
