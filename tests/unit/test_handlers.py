"""What the console says that a workflow takes, against the workflows themselves."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from temporalio import workflow

from gateway.console.resending import STEPS
from schemas.cohort import MatchDecision
from schemas.events import NoticeFailed
from schemas.examples import example
from schemas.handlers import SIGNALS, UPDATES, kind_of
from workflows.cohort import CohortWorkflow
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow
from workflows.retrying import retry_forever

KINDS: dict[str, type] = {
    "pair": PairWorkflow,
    "cohort": CohortWorkflow,
    "programme": ProgrammeWorkflow,
}
ALL = [
    model
    for models in (*SIGNALS.values(), *UPDATES.values())
    for model in models.values()
]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_what_the_workflow_has(kind: str) -> None:
    defined = workflow._Definition.must_from_class(KINDS[kind])
    assert set(SIGNALS[kind]) == {name for name in defined.signals if name}
    assert set(UPDATES[kind]) == set(defined.updates)


@pytest.mark.parametrize("model", dict.fromkeys(ALL), ids=lambda model: model.__name__)
def test_every_example_is_accepted(model: type[BaseModel]) -> None:
    model.model_validate(example(model))


@pytest.mark.parametrize("model", dict.fromkeys(ALL), ids=lambda model: model.__name__)
def test_every_text_is_bound_to_a_form(model: type[BaseModel]) -> None:
    """What PostgreSQL cannot hold, a NUL above all, would be written down in vain for ever."""
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


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (MatchDecision, {"approve": ["1:1:a\0"]}),
        (MatchDecision, {"swap": [{"one": "1:1:a", "other": "\0"}]}),
        (MatchDecision, {"all": True, "run": 2**31}),
        (MatchDecision, {"all": True, "revision": 2**31}),
        (NoticeFailed, {"notice": "\0", "reason": "refused"}),
    ],
)
def test_what_postgresql_cannot_hold_is_refused(
    model: type[BaseModel], fields: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(fields)


def test_other_workflows_take_nothing() -> None:
    assert kind_of("delivery:mail") == kind_of("my-own-id") == ""


def test_a_step_that_failed_is_told_from_a_message_by_its_reason() -> None:
    assert any(
        str(constant).startswith(STEPS) for constant in retry_forever.__code__.co_consts
    )
