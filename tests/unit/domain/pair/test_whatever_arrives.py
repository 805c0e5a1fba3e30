"""Whatever arrives becomes a model or a refusal that quotes nothing of it; nothing else is ever raised."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from domain.pair.advance import advance, serve_due
from schemas import cohort, rollout
from schemas import events as e
from schemas import pair_updates as u
from schemas.effects import DirectivesChanged
from schemas.pair import PairStart, PairState
from schemas.unreadable import Unreadable
from tests.support.lives import A_START
from tests.support.properties import budget
from tests.unit.domain.pair.json_values import SECRET, bent, json_values, nested
from tests.unit.domain.pair.test_interleavings import EVENTS
from tests.unit.domain.pair.test_late_events_any_order import LIVES
from workflows.pairs.pair_continue_as_new import require_known_version
from workflows.pairs.pair_restoring import restored, snapshot
from workflows.reading import MessageRefused, read

TAKEN: tuple[type[BaseModel], ...] = (
    *e.SIGNALS,
    *e.UPDATES,
    DirectivesChanged,
    PairStart,
    cohort.CohortStart,
    cohort.CohortClosed,
    cohort.MatchDecision,
    *get_args(rollout.ProgrammeUpdate),
)
WORDS = ("zoe", "nonsense", "424242", "23:59:59-14", "\ud800", "\x00")
"""Words in what is sent, and in nothing that a refusal may say."""
KEPT = [snapshot(state) for state in LIVES]
A_START_AS_JSON = A_START.model_dump(mode="json")
widely = settings(max_examples=budget(250))


def refused(made: Any) -> str:
    """What `made()` refuses, if it does."""
    try:
        made()
    except MessageRefused as why:
        return str(why)
    return ""


def quotes_nothing(text: str) -> bool:
    return not any(word in text.lower() for word in WORDS)


@st.composite
def payloads(draw: st.DrawFn) -> tuple[type[BaseModel], list[Any]]:
    """A model, and what arrives for it: its own fields filled with anything, or anything at all, once or more often."""
    model = draw(st.sampled_from(TAKEN))
    fields = st.sampled_from(sorted({*model.model_fields, SECRET}))
    own = st.dictionaries(fields, json_values(fields), max_size=len(model.model_fields))
    value = (
        own | json_values(fields) | st.builds(Unreadable, st.just(SECRET), st.just(1))
    )
    return model, draw(st.lists(value, max_size=2))


@widely
@given(payloads(), st.booleans())
def test_a_message_becomes_a_model_or_a_refusal(
    arrived: tuple[type[BaseModel], list[Any]], strict: bool
) -> None:
    model, args = arrived
    assert quotes_nothing(refused(lambda: read(model, args, strict=strict)))


@widely
@given(
    st.sampled_from(list(A_START_AS_JSON)),
    json_values(st.sampled_from(list(PairState.model_fields))),
)
def test_a_start_document_with_one_field_of_anything_is_taken_or_refused(
    field: str, value: Any
) -> None:
    assert quotes_nothing(
        refused(
            lambda: read(PairStart, [{**A_START_AS_JSON, field: value}], strict=True)
        )
    )


@pytest.mark.parametrize("depth", [100, 900, 9000])
@pytest.mark.parametrize("model", TAKEN)
def test_however_deep_it_is_nested_it_is_taken_or_refused(
    model: type[BaseModel], depth: int
) -> None:
    deep = nested(depth)
    for value in (
        dict.fromkeys(model.model_fields, deep),
        {SECRET: deep},
        {"restored": {"deadlines": deep}},
    ):
        assert quotes_nothing(
            refused(lambda value=value: read(model, [{**A_START_AS_JSON, **value}]))
        )
    assert quotes_nothing(
        refused(
            lambda: brought_back(
                {"deadlines": {"idle": deep}, "gate": deep, "zoe": deep}
            )
        )
    )


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """What PostgreSQL might hold: a state, or parts of several, with fields lost or filled with anything."""
    kept = dict(draw(st.sampled_from(KEPT)))
    for name in draw(
        st.sets(st.sampled_from(sorted(PairState.model_fields)), max_size=3)
    ):
        other = draw(st.sampled_from(KEPT))
        kept = {**kept, name: draw(st.just(other.get(name)) | json_values())}
        if draw(st.booleans()):
            del kept[name]
    return kept


def brought_back(kept: dict[str, Any]) -> PairState:
    return restored(A_START.model_copy(update={"restored": kept}))


@widely
@given(records() | st.sampled_from(KEPT).flatmap(bent))
@example({"minimum_answer_time": 1e308})
def test_what_postgresql_holds_becomes_a_state_or_a_refusal(
    kept: dict[str, Any],
) -> None:
    assert quotes_nothing(refused(lambda: brought_back(kept)))


@widely
@given(records(), st.lists(EVENTS, max_size=4))
@example({"deadlines": {"idle": "2027-01-11T09:00:00"}}, [])
@example({"deadlines": {"zoe_nonsense": "2027-01-11T09:00:00Z"}}, [])
@example({"deadlines": {"answer_due": "2027-01-11T09:00:00Z"}}, [])
def test_a_state_that_was_brought_back_can_go_on(
    kept: dict[str, Any], events: list[e.Event]
) -> None:
    """What is no state would hold its workflow task at every deadline; a newer one waits for its version."""
    try:
        state = brought_back(kept)
        require_known_version(state)
    except (MessageRefused, RuntimeError):
        return
    for event in (
        u.PausePair(),
        u.ResumePair(),
        u.PausePair(scope="directive"),
        u.ResumePair(scope="directive"),
        *events,
    ):
        state = advance(state, event, state.now).state
    serve_due(state, state.now + timedelta(days=400), served_at=lambda due: due)


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.get("stage", "training"))
def test_every_real_state_is_brought_back(kept: dict[str, Any]) -> None:
    assert snapshot(brought_back(kept)) == kept
