"""JSON Schemas of what crosses a boundary: documents, updates, events and states."""

import json

from pydantic import BaseModel

from schemas.cloud_events import CATALOGUE, CloudEvent
from schemas.cohort import CohortStart, MatchDecision
from schemas.events import SIGNALS, UPDATES
from schemas.guard import AcceptPeopleChange, DismissPeopleChange, PeopleChanged
from schemas.pair import PairStart, PairState
from schemas.programme import CheckResult, ProgrammeDocument, StartResult
from schemas.records.status import ProgrammeStatus
from schemas.rollout import ConcludeRegion, ExtendRegion, HoldRegion, TickNeed

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
    "update.approve_matches": MatchDecision,
    "update.accept_people_change": AcceptPeopleChange,
    "update.dismiss_people_change": DismissPeopleChange,
    "signal.people_changed": PeopleChanged,
    "update.extend": ExtendRegion,
    "update.hold": HoldRegion,
    "update.conclude": ConcludeRegion,
    "update.tick_need": TickNeed,
    **{f"signal.{m.model_fields['kind'].default}": m for m in SIGNALS},
    **{f"update.{m.model_fields['kind'].default}": m for m in UPDATES},
}


def texts() -> dict[str, str]:
    return {
        name: json.dumps(_schema(model), indent=2, ensure_ascii=False) + "\n"
        for name, model in NAMED.items()
    }


def _schema(model: type[BaseModel]) -> dict[str, object]:
    schema = model.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
