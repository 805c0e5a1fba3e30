"""One transition while it is decided: what the stages read from and write to."""

from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter

from domain.pair.edges import SESSION_EDGES, STAGE_EDGES
from schemas.base import DeciderId
from schemas.effects import FindSlots, LedgerLine, PairRow, Record, SessionRow
from schemas.events import Event
from schemas.ids import PersonId
from schemas.notices import Invite, Notice, Recipient, Template
from schemas.pair import PairState, Session
from schemas.stages import Awaited

BOTH = (Recipient.MENTOR, Recipient.MENTEE)
URGENT = (Template.CALL_MENTOR, Template.CONCERN_WAITING)
"""Sent in a pause too: a call for help does not wait for its end."""
_when = itemgetter(1)
CONFIRMED = (Template.SESSION_AGREED, Template.SESSION_MOVED, Template.SESSION_REMINDER)
"""Templates whose invite is of an agreed time, not of a proposed one."""
AGENDAS = (Recipient.MENTOR, Recipient.MENTEE, Recipient.DELEGATE)


class Step:
    """Collects what one event changes.

    A step without a ledger line changes nothing: `finish` then returns the state as it was.
    """

    def __init__(
        self, state: PairState, now: datetime, by: DeciderId | None = None
    ) -> None:
        self.state = state.having()
        self.by = by
        self._draft = self.state.__dict__
        self.was_paused = state.paused
        self.was_stage = state.stage
        self.now = max(now, state.now)
        self.lines: list[LedgerLine] = []
        self.notices: list[Notice] = []
        self.touched: dict[tuple[int, int], Session] = {}
        self._invited: tuple[Session, Invite] | None = None
        """The session of the last invite, and the invite."""
        self.refusal: PersonId | None = None
        self.ignored: str | None = None

    def set(self, **changes: object) -> None:
        """Change the draft in place.

        It is this step's own copy; a copy for each change would cost a third more time.
        """
        self._draft.update(changes)

    def add_line(
        self, what: str, *, reason: str | None = None, session: Session | None = None
    ) -> None:
        """Add a line to the pair's ledger; `what` and `reason` are codes."""
        self.lines.append(
            _ledger_line(what, reason, session.number if session else None, self.by)
        )

    def ignore(self, why: str) -> None:
        """Note why the event changes nothing, as a code."""
        self.ignored = why

    def notice(
        self,
        template: Template,
        *to: Recipient,
        session: Session | None = None,
        invite: bool = False,
        useful_until: datetime | None = None,
        not_before: datetime | None = None,
        items: tuple[str, ...] = (),
        check: int = 0,
    ) -> None:
        if not to:
            return
        one = Notice(
            template=template,
            to=to[0],
            session=session.number if session else None,
            attempt=session.attempt if session else 1,
            invite=self._invite(session, template) if session and invite else None,
            not_before=not_before,
            useful_until=useful_until,
            items=items,
            check=check,
        )
        self.notices += (one, *[one.having(to=recipient) for recipient in to[1:]])

    def _invite(self, session: Session, template: Template) -> Invite:
        confirmed = template in CONFIRMED
        if (
            self._invited
            and self._invited[0] is session
            and self._invited[1].confirmed is confirmed
        ):
            return self._invited[1]
        pair = self.state.pair
        assert (
            session.start is not None
        )  # an invite is made of a session that has a time
        made = Invite(
            uid=f"{pair.programme}.{pair.region}.{pair.wave}.{pair.mentor}.{pair.seat}.{session.number}.{session.attempt}",
            sequence=session.sequence,
            start=session.start,
            minutes=session.minutes,
            alternatives=session.alternatives,
            confirmed=confirmed,
        )
        self._invited = (session, made)
        return made

    def live_session(self) -> Session:
        """The session that is not over, for what happens only while there is one."""
        session = self.state.current
        assert session is not None
        return session

    def put_session(self, session: Session, **changes: object) -> Session:
        """Put a session into the state, in its place or as the newest."""
        new = session.having(**changes)
        key = (new.number, new.attempt)
        kept = self.state.sessions
        at = len(kept) - 1
        while at >= 0 and (kept[at].number, kept[at].attempt) != key:
            at -= 1
        old = kept[at].status if at >= 0 else None
        assert old is new.status or (old, new.status) in SESSION_EDGES
        self.set(
            sessions=(*kept[:at], new, *kept[at + 1 :]) if at >= 0 else (*kept, new)
        )
        self.touched[key] = new
        return new

    def deadline(self, kind: Awaited, at: datetime, *, person: bool = False) -> None:
        """Set a deadline, in programme time.

        With `person`, somebody has to answer by then: it lies at least `state.minimum_answer_time`
        ahead. The end of a pause moves every deadline by its whole length, so a deadline
        set in a pause is set earlier by the part that has passed.
        """
        at = self.state.calendar.skip_closed(at)
        if person:
            at = max(at, self.now + self.state.minimum_answer_time)
        if self.state.paused_at is not None:
            at -= self.now - self.state.paused_at
        self.set(deadlines=self.state.deadlines | {kind.value: at})

    def in_open_days(self, span: timedelta) -> datetime:
        return self.state.calendar.add_open(self.now, span)

    def drop_deadlines(self, *kinds: Awaited) -> None:
        """Drop the deadlines of these kinds, as far as they are set."""
        deadlines = self.state.deadlines
        if not deadlines.keys().isdisjoint(kinds):
            self.set(deadlines={k: v for k, v in deadlines.items() if k not in kinds})

    def find(self, session: Session, earliest: datetime, latest: datetime) -> None:
        """Ask for times for a session; an answer to an earlier request is then stale."""
        assert self.state.match is not None  # only matched pairs look for times
        self.set(
            finding=FindSlots(
                pair=self.state.pair,
                mentee=self.state.match.mentee,
                revision=self.state.revision + 1,
                session=session.number,
                attempt=session.attempt,
                earliest=earliest,
                latest=latest,
                minutes=session.minutes,
                refused=session.refused,
            )
        )

    def finish(self, event: Event) -> PairState:
        """Return the new state: with a new revision and its record if anything changed."""
        state = self.state
        assert (
            state.stage is self.was_stage
            or (self.was_stage, state.stage) in STAGE_EDGES
        )
        if not self.lines:
            self.set(now=self.now)
            return state
        if self.was_paused and state.paused:
            self.set(
                notices_awaiting_resume=(
                    *state.notices_awaiting_resume,
                    *(n for n in self.notices if n.template not in URGENT),
                )
            )
            self.notices = [n for n in self.notices if n.template in URGENT]
        record = Record(
            revision=state.revision + 1,
            at=self.now,
            event=event.kind,
            row=row_of(state),
            lines=tuple(self.lines),
            notices=tuple(self.notices),
            sessions=tuple([self._row(s) for s in self.touched.values()]),
            refusal=self.refusal,
        )
        self.set(now=self.now, revision=record.revision, outbox=(*state.outbox, record))
        return state

    def _row(self, s: Session) -> SessionRow:
        match = self.state.match
        return SessionRow(
            number=s.number,
            attempt=s.attempt,
            status=s.status,
            sequence=s.sequence,
            start=s.start,
            minutes=s.minutes,
            mentee=match.mentee if match else None,
        )


@lru_cache(maxsize=10_000)
def _ledger_line(
    what: str, reason: str | None, session: int | None, by: str | None
) -> LedgerLine:
    """One object for equal lines: all pairs have the same few."""
    return LedgerLine(what=what, reason=reason, session=session, by=by)


def row_of(state: PairState) -> PairRow:
    """The pair as listings show it."""
    step, at = (
        min(state.deadlines.items(), key=_when) if state.deadlines else (None, None)
    )
    return PairRow(
        stage=state.stage,
        outcome=state.outcome,
        reason=state.reason,
        health=state.health,
        paused=state.paused,
        held=state.held,
        mentee=state.match.mentee if state.match else None,
        next_step=step,
        next_at=at,
    )
