"""Messages of any kind, restarts, lost runs and outages between them leave the invariants of a pair's life intact."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.pair.advance import serve_due
from domain.pair.refusals import refusal
from schemas import events as e
from schemas.effects import RefusedMessagesState
from schemas.pair import PairState
from schemas.stages import Stage
from tests.support.lives import A_START
from tests.support.properties import budget
from tests.unit.domain.pair.json_values import bent, json_values
from tests.unit.domain.pair.random_events import RANDOM_SIGNALS, RANDOM_UPDATES
from tests.unit.domain.pair.test_random_lives import PairLife
from workers.converter import data_converter
from workflows.pairs.pair_continue_as_new import PairContinueAsNew
from workflows.pairs.pair_restoring import restored, snapshot
from workflows.reading import MessageRefused, read, read_carried

EVENTS = st.one_of(RANDOM_SIGNALS, RANDOM_UPDATES)
DECIDED = {kind.kind for kind in e.UPDATES}


def through_temporal(value: object) -> Any:
    """As it arrives at whoever takes anything."""
    converter = data_converter.payload_converter
    return converter.from_payloads(converter.to_payloads([value]))[0]


class InterruptedLife(PairLife):
    """The same life, with what messages are made of, and with what happens to runs and workers."""

    def __init__(self) -> None:
        super().__init__()
        self.on_record = self.life.state

    @rule(event=EVENTS, data=st.data())
    def a_message_of_any_kind(self, event: e.Event, data: st.DataObject) -> None:
        """Right, a little wrong, or nothing like it."""
        right = event.model_dump(mode="json")
        payload = data.draw(st.just(right) | bent(right) | json_values())
        try:
            taken: e.Event = read(type(event), [payload], strict=event.kind in DECIDED)
        except MessageRefused:
            return
        if refusal(self.life.state, taken) is None:
            self._play(taken)

    @rule()
    def the_run_continues_as_new(self) -> None:
        state = self.life.state
        carry = PairContinueAsNew(
            state=state,
            inbox=RefusedMessagesState(more=1),
            suspended="waits",
            shown=("training", "at_risk"),
        )
        again = read_carried(PairContinueAsNew, [through_temporal(carry)])
        assert again == carry
        self.life.state = again.state

    @rule()
    def what_happened_is_recorded(self) -> None:
        self.on_record = self.life.state

    @precondition(lambda self: self.life.state.stage is not Stage.CLOSED)
    @rule()
    def the_run_is_lost(self) -> None:
        """Another one begins with what PostgreSQL holds: what was not recorded never happened, and time went on."""
        kept = self.on_record
        self.life.state = _brought_back(kept).having(outbox=kept.outbox)
        self.life.wait(timedelta(0))
        self.before = self.life.state

    @rule(hours=st.integers(1, 24 * 20))
    def no_worker_is_there(self, hours: int) -> None:
        """What fell due meanwhile is served afterwards, at once, in its order."""
        self.before = self.life.state
        self.life.now += timedelta(hours=hours)
        self.life.state = serve_due(
            self.life.state, self.life.now, served_at=lambda due: self.life.now
        )


def _brought_back(state: PairState) -> PairState:
    kept = through_temporal(snapshot(state))
    made = restored(
        A_START.model_copy(update={"policy": state.policy, "restored": kept})
    )
    assert made == state.having(outbox=())
    return made


InterruptedLife.TestCase.settings = settings(
    max_examples=budget(120), stateful_step_count=60
)
TestInterruptedLife = InterruptedLife.TestCase
