"""JSON Schemas of what crosses a boundary: documents, updates, events and states."""

import json

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from schemas.cloud_events import CATALOGUE, CloudEvent
from schemas.cohort import CohortStart
from schemas.handlers import SIGNALS_BY_WORKFLOW, UPDATES_BY_WORKFLOW
from schemas.pair import PairStart, PairState
from schemas.programme import CheckResult, ProgrammeDocument, StartResult
from schemas.records.status import ProgrammeStatus

NAMED: dict[str, type[BaseModel]] = {
    "programme-document": ProgrammeDocument,
    "check-result": CheckResult,
    "start-result": StartResult,
    "programme-status": ProgrammeStatus,
    "cohort-start": CohortStart,
    "pair-start": PairStart,
    "pair-state": PairState,
    "cloud-event": CloudEvent,
    **{
        f"event.{name.removeprefix('binome.')}": incoming.data
        for name, incoming in CATALOGUE.items()
    },
    **{
        f"{what}.{name}": model
        for what, handlers in (
            ("signal", SIGNALS_BY_WORKFLOW),
            ("update", UPDATES_BY_WORKFLOW),
        )
        for kind in ("programme", "cohort", "pair")
        for name, model in handlers[kind].items()
    },
}
"""Where several workflows have a name, such as `pause`, it is the pair's."""


def texts() -> dict[str, str]:
    return {
        name: json.dumps(_schema(model), indent=2, ensure_ascii=False) + "\n"
        for name, model in NAMED.items()
    }


def _schema(model: type[BaseModel]) -> dict[str, object]:
    return {"$schema": GenerateJsonSchema.schema_dialect, **model.model_json_schema()}
