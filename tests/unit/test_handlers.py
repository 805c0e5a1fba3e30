"""What the console says that a workflow takes, against the workflows themselves."""

import pytest
from pydantic import BaseModel
from temporalio import workflow

from gateway.console.mending import STEPS
from schemas.handlers import DECISIONS, FACTS, example, kind_of
from workflows.cohort import CohortWorkflow
from workflows.endurance import until_it_works
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow

KINDS: dict[str, type] = {"pair": PairWorkflow, "cohort": CohortWorkflow, "programme": ProgrammeWorkflow}
ALL = [model for models in (*FACTS.values(), *DECISIONS.values()) for model in models.values()]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_what_the_workflow_has(kind: str) -> None:
    defined = workflow._Definition.must_from_class(KINDS[kind])
    assert set(FACTS[kind]) == {name for name in defined.signals if name}
    assert set(DECISIONS[kind]) == set(defined.updates)


@pytest.mark.parametrize("model", dict.fromkeys(ALL), ids=lambda model: model.__name__)
def test_every_example_is_accepted(model: type[BaseModel]) -> None:
    model.model_validate(example(model))


def test_other_workflows_take_nothing() -> None:
    assert kind_of("delivery:mail") == kind_of("my-own-id") == ""


def test_a_step_that_failed_is_told_from_a_message_by_its_reason() -> None:
    assert any(str(constant).startswith(STEPS) for constant in until_it_works.__code__.co_consts)
