"""Random events in random order leave the invariants of a pair's life intact."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from domain.pair.advance import advance, restore, serve_due
from domain.pair.refusals import refusal
from domain.pair.training import missing_gate_items
from schemas import events as e
from schemas import pair_updates as u
from schemas.notices import Recipient, Template
from schemas.pair import PairState
from schemas.stages import Awaited, SessionStatus, Stage
from tests.support.lives import A_START, MENTEE, Life, a_pair
from tests.support.properties import budget
from tests.unit.domain.pair.random_events import (
    RANDOM_SIGNALS,
    RANDOM_UPDATES,
    RARE_EVENTS,
)
from workflows.pairs.pair_restoring import snapshot

POLICY: dict[str, object] = {
    "training": {"modules": ["listening"]},
    "sessions": {"count": 3, "every": "1 week"},
}
ENDS = {
    SessionStatus.HELD,
    SessionStatus.MISSED,
    SessionStatus.UNKNOWN,
    SessionStatus.WITHDRAWN,
}


class PairLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.life = Life(a_pair(POLICY)).on(e.Started())
        self.before = self.life.state

    def _play(self, event: e.Event) -> None:
        self.before = self.life.state
        self.life.on(event)
        self._same_fact_twice_changes_nothing(event)

    def _same_fact_twice_changes_nothing(self, event: e.Event) -> None:
        again = advance(self.life.state, event, self.life.now)
        assert again.state.revision == self.life.state.revision, event.kind

    @rule(fact=RANDOM_SIGNALS)
    def a_fact(self, fact: e.Event) -> None:
        self._play(fact)

    @rule(decision=RANDOM_UPDATES)
    def a_decision(self, decision: e.Event) -> None:
        if refusal(self.life.state, decision) is None:
            self._play(decision)

    @rule(event=RARE_EVENTS, chance=st.integers(0, 99))
    def something_rare(self, event: e.Event, chance: int) -> None:
        if chance == 42:
            self._play(event)

    @initialize(ahead=st.integers(0, 5))
    def some_begin_further_on(self, ahead: int) -> None:
        if ahead > 0:
            self.the_gate_is_open()
        if ahead > 1:
            self._play(e.Matched(mentee=MENTEE))
        if ahead > 2:
            self.both_agree()
        for _ in range(3, ahead):
            self.the_next_session_is_held()

    @precondition(lambda self: self.life.state.finding is not None)
    @rule()
    def the_next_session_is_held(self) -> None:
        self.times_are_found(some=True)
        self.the_live_invite_is_answered(
            answer=e.InvitationAnswer.YES, side=e.Side.MENTEE, which=False
        )
        s = self.life.state.current
        assert s is not None and s.start is not None
        self.life.wait(max(timedelta(0), s.start - self.life.now) + timedelta(hours=3))
        self.the_mentor_says(held=True)

    @precondition(lambda self: self.life.state.stage is Stage.TRAINING)
    @rule()
    def the_gate_is_open(self) -> None:
        self.life.on(
            e.Volunteered(),
            e.CharterSigned(side=e.Side.MENTOR),
            e.ModuleCompleted(module="listening"),
        )
        if refusal(self.life.state, u.SignOffMentor(rehearsed=True)) is None:
            self._play(u.SignOffMentor(rehearsed=True))

    @precondition(
        lambda self: (
            self.life.state.match is not None
            and self.life.state.stage is Stage.MATCHING
        )
    )
    @rule()
    def both_agree(self) -> None:
        match = self.life.state.match
        assert match is not None
        for s in e.Side:
            self._play(e.MatchAgreed(side=s, mentee=match.mentee, charter=True))

    @precondition(lambda self: self.life.state.finding is not None)
    @rule(some=st.booleans())
    def times_are_found(self, some: bool) -> None:
        asked = self.life.state.finding
        assert asked is not None
        first = max(asked.earliest, self.life.now) + timedelta(hours=1)
        starts = (first, first + timedelta(days=1)) if some else ()
        self._play(
            e.SlotsFound(revision=asked.revision, session=asked.session, starts=starts)
        )

    @precondition(lambda self: self.life.state.current is not None)
    @rule(
        answer=st.sampled_from(list(e.InvitationAnswer)),
        side=st.sampled_from(list(e.Side)),
        which=st.booleans(),
    )
    def the_live_invite_is_answered(
        self, answer: e.InvitationAnswer, side: e.Side, which: bool
    ) -> None:
        s = self.life.state.current
        assert s is not None
        start = s.alternatives[0] if which and s.alternatives else None
        self._play(
            e.InvitationAnswered(
                session=s.number,
                attempt=s.attempt,
                sequence=max(0, s.sequence),
                answer=answer,
                side=side,
                start=start,
            )
        )

    @precondition(
        lambda self: (
            self.life.state.current is not None
            and self.life.state.current.begun(self.life.now)
        )
    )
    @rule(held=st.booleans())
    def the_mentor_says(self, held: bool) -> None:
        s = self.life.state.current
        assert s is not None
        self._play(e.Held(session=s.number, attempt=s.attempt, held=held))

    @rule(hours=st.integers(1, 24 * 6))
    def time_goes_by(self, hours: int) -> None:
        self.before = self.life.state
        self.life.wait(timedelta(hours=hours))

    @invariant()
    def no_session_before_both_gates(self) -> None:
        state = self.life.state
        if state.current is not None:
            assert state.stage is Stage.SESSIONS
            assert not missing_gate_items(state)
            assert state.match is not None
            assert (
                state.match.mentor_agreed
                and state.match.mentee_agreed
                and state.match.mentee_charter
            )

    @invariant()
    def exactly_two_people_and_at_most_one_live_session(self) -> None:
        state = self.life.state
        assert sum(s.status.live for s in state.sessions) <= 1
        assert all(s.status in ENDS for s in state.sessions[:-1])
        if state.finding is not None:
            assert (
                state.match is not None
                and state.finding.mentee == state.match.mentee != state.pair.mentor
            )

    @invariant()
    def nothing_is_sent_while_paused(self) -> None:
        new = self.life.state.outbox[len(self.before.outbox) :]
        if self.before.paused and self.life.state.paused:
            assert {n.template for r in new for n in r.notices} <= {
                "call_mentor",
                "concern_waiting",
            }
            assert self.life.state.finding is None
        if self.life.state.paused:
            assert (
                set(self.before.notices_awaiting_resume)
                <= set(self.life.state.notices_awaiting_resume)
                or self.life.state.match != self.before.match
            )

    @invariant()
    def a_call_for_help_reaches_somebody(self) -> None:
        """Whoever asked: the supervisor is asked to call, and ops are where the pair waits no longer for it.

        Who receives a notice in the place of somebody who left is in test_recipients.py.
        """
        before, state = self.before, self.life.state
        new = state.outbox[len(before.outbox) :]
        sent = {(n.template, n.to) for r in new for n in r.notices}
        lines = {line.what for r in new for line in r.lines}
        called = (Template.CALL_MENTOR, Recipient.SUPERVISOR) in sent
        put_before_ops = (Template.CONCERN_WAITING, Recipient.OPS) in sent
        if "concern_raised" in lines:
            assert called or before.awaits_help
        if state.awaits_help and not before.awaits_help:
            assert called
        if before.awaits_help and not state.awaits_help:
            assert put_before_ops or "checked_in" in lines
        if state.awaits_help and not state.paused and new:
            sent_before = [n for r in state.outbox for n in r.notices]
            assert Awaited.CONCERN_DUE in state.deadlines or any(
                n.template is Template.CONCERN_WAITING and n.check >= state.call_check
                for n in sent_before
            )

    @invariant()
    def nothing_is_planned_while_frozen(self) -> None:
        state = self.life.state
        if state.frozen:
            assert state.stage is Stage.SESSIONS and state.finding is None
            assert state.current is None or state.current.begun(self.life.now)

    @invariant()
    def a_closed_pair_stays_closed(self) -> None:
        if self.before.stage is Stage.CLOSED:
            assert self.life.state == self.before
        if self.life.state.stage is Stage.CLOSED:
            assert self.life.state.outcome is not None
            assert not self.life.state.deadlines and self.life.state.finding is None

    @invariant()
    def revision_only_grows_and_every_revision_is_recorded(self) -> None:
        state = self.life.state
        assert state.revision >= self.before.revision
        assert [r.revision for r in state.outbox] == list(range(1, state.revision + 1))

    @invariant()
    def every_invite_is_held_withdrawn_or_replaced(self) -> None:
        """Read from what was sent to each alone: no calendar keeps a meeting that the pair knows nothing of."""
        last: dict[tuple[str, Recipient], tuple[int, Template, int | None, int]] = {}
        for record in self.life.state.outbox:
            for notice in record.notices:
                if notice.invite:
                    key = (notice.invite.uid, notice.to)
                    assert notice.invite.sequence >= last.get(key, (0,))[0]
                    last[key] = (
                        notice.invite.sequence,
                        notice.template,
                        notice.session,
                        notice.attempt,
                    )
        by_key = {(s.number, s.attempt): s for s in self.life.state.sessions}
        for sequence, template, session, attempt in last.values():
            s = by_key[(session or 0, attempt)]
            assert s.sequence == sequence
            withdrawn = template is Template.SESSION_CANCELLED
            if s.status is SessionStatus.WITHDRAWN and s.start is not None:
                assert withdrawn or s.start <= self.life.now

    @invariant()
    def what_postgresql_keeps_makes_the_same_state_again(self) -> None:
        state = self.life.state
        start = A_START.model_copy(
            update={"policy": state.policy, "restored": snapshot(state)}
        )
        assert restore(start) == state.having(outbox=())

    @invariant()
    def time_is_always_awaited_unless_closed_or_paused(self) -> None:
        state: PairState = self.life.state
        if state.stage is not Stage.CLOSED and not state.paused:
            assert state.next_deadline is not None
        assert serve_due(state, self.life.now, served_at=lambda d: d) == state


PairLife.TestCase.settings = settings(max_examples=budget(120), stateful_step_count=60)
TestPairLife = PairLife.TestCase
