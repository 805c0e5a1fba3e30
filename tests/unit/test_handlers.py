"""Every signal and update is declared once, and its example is accepted."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError
from temporalio import workflow

from gateway.console.message_drafts import handlers_help
from gateway.console.resending import OWN_STEP
from schemas.cohort import CohortUpdate, MatchDecision
from schemas.effects import DirectivesChanged
from schemas.events import NoticeFailed, PairSignal
from schemas.examples import example
from schemas.handlers import SIGNALS_BY_WORKFLOW, UPDATES_BY_WORKFLOW, kind_of
from schemas.pair_updates import PairUpdate
from schemas.rollout import ProgrammeUpdate
from workflows.cohort import CohortWorkflow
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow
from workflows.reading import read
from workflows.retrying import retry_forever

WORKFLOWS: dict[str, type] = {
    "pair": PairWorkflow,
    "cohort": CohortWorkflow,
    "programme": ProgrammeWorkflow,
}
ALL = [
    (kind, name, model, strict)
    for strict, each in ((False, SIGNALS_BY_WORKFLOW), (True, UPDATES_BY_WORKFLOW))
    for kind, models in each.items()
    for name, model in models.items()
]
MODELS = dict.fromkeys(model for _, _, model, _ in ALL)
IDS = [f"{kind}.{name}" for kind, name, _, _ in ALL]


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_a_workflow_has_the_handlers_that_are_declared_and_no_others(kind: str) -> None:
    defined = workflow._Definition.must_from_class(WORKFLOWS[kind])
    assert set(SIGNALS_BY_WORKFLOW[kind]) == {name for name in defined.signals if name}
    assert set(UPDATES_BY_WORKFLOW[kind]) == set(defined.updates)


def test_a_pair_declares_every_event_that_is_sent_under_its_kind() -> None:
    signals = {model.kind: model for model in get_args(PairSignal)}
    assert SIGNALS_BY_WORKFLOW["pair"] == signals | {
        "directives_changed": DirectivesChanged
    }
    assert UPDATES_BY_WORKFLOW["pair"] == {
        model.kind: model for model in get_args(PairUpdate)
    }


def test_cohorts_and_programmes_declare_every_update_that_they_decide_on() -> None:
    assert set(UPDATES_BY_WORKFLOW["cohort"].values()) == set(get_args(CohortUpdate))
    assert set(UPDATES_BY_WORKFLOW["programme"].values()) == set(
        get_args(ProgrammeUpdate)
    )


@pytest.mark.parametrize(("kind", "name", "model", "strict"), ALL, ids=IDS)
def test_every_example_is_read_by_its_handler(
    kind: str, name: str, model: type[BaseModel], strict: bool
) -> None:
    read(model, [example(model)], strict=strict)


@pytest.mark.parametrize(("kind", "name", "model", "strict"), ALL, ids=IDS)
def test_the_web_ui_and_the_console_show_that_same_example(
    kind: str, name: str, model: type[BaseModel], strict: bool
) -> None:
    defined = workflow._Definition.must_from_class(WORKFLOWS[kind])
    handler = defined.updates[name] if strict else defined.signals[name]
    (shown,) = (each for each in handlers_help(kind) if each.name == name)
    assert f"Example: `{shown.example}`" in (handler.description or "")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_text_is_bound_to_a_form(model: type[BaseModel]) -> None:
    """PostgreSQL cannot hold a NUL: a record with one would be retried for ever."""
    free = [
        text
        for text in texts(model.model_json_schema())
        if not text.keys() & {"pattern", "format", "enum", "const"}
    ]
    assert free == []


def texts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "string":
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from texts(part)


MATCH_ID = f"1:1:p{'a' * 13}:p{'b' * 13}"


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (MatchDecision, {"approve": ["Jean Dupont"]}),
        (MatchDecision, {"approve": [f"{MATCH_ID}\0"]}),
        (MatchDecision, {"swap": [{"one": MATCH_ID, "other": "\0"}]}),
        (MatchDecision, {"all": True, "run": 2**31}),
        (MatchDecision, {"all": True, "revision": 2**31}),
        (NoticeFailed, {"notice": "\0", "reason": "address_refused"}),
    ],
)
def test_what_postgresql_cannot_hold_is_refused(
    model: type[BaseModel], fields: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(fields)


def test_nothing_can_be_sent_to_other_workflows() -> None:
    assert kind_of("delivery:mail") == kind_of("my-own-id") == ""


def test_a_step_that_failed_differs_from_a_message_by_its_reason() -> None:
    assert any(
        str(constant).startswith(OWN_STEP)
        for constant in retry_forever.__code__.co_consts
    )
