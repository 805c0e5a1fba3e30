"""Facts in whatever order, and each as often as you like: what they make of a pair is the same."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pair.advance import advance
from domain.pair.refusals import refusal
from domain.pair.training import missing_gate_items
from schemas import events as e
from schemas import pair_updates as u
from schemas.pair import PairState
from schemas.stages import Stage
from tests.support.lives import MENTEE, Life
from tests.unit.domain.pair.factories import answer, started, until_over
from tests.unit.domain.pair.random_events import RANDOM_SIGNALS, RANDOM_UPDATES
from tests.unit.domain.pair.test_random_lives import POLICY

TRAINING: dict[str, object] = {"modules": ["listening", "daring"]}
MENTORS: list[e.Event] = [
    e.Volunteered(),
    e.WindowsGiven(side=e.Side.MENTOR),
    e.ModuleCompleted(module="listening"),
    e.ModuleCompleted(module="daring"),
    e.CharterSigned(side=e.Side.MENTOR),
    e.Rehearsed(),
]


def fresh() -> Life:
    """A mentor who gave no windows yet."""
    life = started(training=TRAINING)
    life.state = life.state.having(gate=life.state.gate.having(windows=False))
    return life


def gate(state: PairState) -> tuple[object, ...]:
    """What the gate says; modules count, whatever came first."""
    return (
        state.gate.having(modules=tuple(sorted(state.gate.modules))),
        missing_gate_items(state),
        state.stage,
    )


@given(
    order=st.permutations(MENTORS),
    some=st.integers(0, len(MENTORS)),
    hours=st.integers(0, 48),
)
def test_facts_of_the_training_in_any_order_make_the_same_gate(
    order: list[e.Event], some: int, hours: int
) -> None:
    done = [fact for fact in MENTORS if fact in order[:some]]
    shuffled, sorted_ = fresh(), fresh()
    for fact in order[:some]:
        shuffled.on(fact).wait(timedelta(hours=hours))
    assert gate(shuffled.state) == gate(sorted_.on(*done).state)


@given(
    order=st.permutations(MENTORS), again=st.lists(st.sampled_from(MENTORS), max_size=8)
)
def test_when_all_is_done_the_sign_off_opens_the_gate_whatever_came_again(
    order: list[e.Event], again: list[e.Event]
) -> None:
    life = fresh().on(*order, *again)
    assert refusal(life.state, u.SignOffMentor()) is None
    assert (
        life.on(u.SignOffMentor()).state.stage,
        life.sent().count(("sign_off_request", "supervisor")),
    ) == (
        Stage.MATCHING,
        1,
    )


def lives() -> list[PairState]:
    """One of each stage, to begin from."""
    training = started(**POLICY)
    matching = started(**POLICY).on(
        *MENTORS[:3], MENTORS[4], u.SignOffMentor(rehearsed=True)
    )
    announced = advance(matching.state, e.Matched(mentee=MENTEE), matching.now).state
    both = [e.MatchAgreed(side=side, mentee=MENTEE, charter=True) for side in e.Side]
    life = matching.on(e.Matched(mentee=MENTEE), *both).slots()
    proposed = life.state
    over = until_over(answer(life, e.InvitationAnswer.YES)).state
    return [training.state, announced, proposed, over]


LIVES = lives()


@settings(max_examples=300)
@given(
    begin=st.sampled_from(LIVES),
    events=st.lists(st.one_of(RANDOM_SIGNALS, RANDOM_UPDATES), max_size=14),
    data=st.data(),
)
def test_any_event_of_a_life_doubled_where_it_comes_changes_nothing(
    begin: PairState, events: list[e.Event], data: st.DataObject
) -> None:
    twice = data.draw(st.sets(st.integers(0, max(len(events) - 1, 0))))
    once = doubled = begin
    for number, event in enumerate(events):
        once = advance(once, event, once.now).state
        for _ in range(2 if number in twice else 1):
            doubled = advance(doubled, event, doubled.now).state
    assert doubled == once


@settings(max_examples=300)
@given(
    events=st.lists(RANDOM_SIGNALS, min_size=1, max_size=10), which=st.integers(0, 9)
)
def test_a_fact_repeated_later_takes_back_no_other_fact(
    events: list[e.Event], which: int
) -> None:
    """A straggler of an at-least-once sender: the gate, the pulses and what was held only ever grow."""
    state = LIVES[-1]
    for event in events:
        state = advance(state, event, state.now).state
    after = advance(state, events[which % len(events)], state.now).state
    assert (
        set(state.gate.modules) <= set(after.gate.modules) and state.held <= after.held
    )
    assert set(state.pulses) <= set(after.pulses) and set(state.concerns) <= set(
        after.concerns
    )
