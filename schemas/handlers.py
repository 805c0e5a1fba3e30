"""What each type of workflow takes by name: facts as signals, decisions as updates; an example of each, and its check.

A workflow that has other handlers than stand here fails a test.
"""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any
from unicodedata import category

from pydantic import BaseModel

from schemas.cohort import CohortClosed, MatchDecision, PauseCohort, ResumeCohort
from schemas.effects import DirectivesChanged
from schemas.events import SIGNALS, UPDATES, name_of
from schemas.guard import DismissGuard, PeopleChanged, ReleaseGuard
from schemas.rollout import (
    ConcludeRegion,
    ExtendRegion,
    HoldRegion,
    PauseProgramme,
    ResumeProgramme,
    TickNeed,
)

Handlers = Mapping[str, type[BaseModel]]

FACTS: Mapping[str, Handlers] = {
    "pair": {
        **{name_of(kind): kind for kind in SIGNALS},
        "directives_changed": DirectivesChanged,
    },
    "cohort": {"people_changed": PeopleChanged},
    "programme": {"cohort_closed": CohortClosed},
}
"""By the first part of a workflow's id."""
DECISIONS: Mapping[str, Handlers] = {
    "pair": {name_of(kind): kind for kind in UPDATES},
    "cohort": {
        "approve_matches": MatchDecision,
        "pause": PauseCohort,
        "resume": ResumeCohort,
        "release_guard": ReleaseGuard,
        "dismiss_guard": DismissGuard,
    },
    "programme": {
        "extend": ExtendRegion,
        "hold": HoldRegion,
        "conclude": ConcludeRegion,
        "tick_need": TickNeed,
        "pause": PauseProgramme,
        "resume": ResumeProgramme,
    },
}
_SAMPLES: dict[str, Any] = {
    "session": 1,
    "sequence": 0,
    "check": 1,
    "side": "mentor",
    "answer": "yes",
    "item": "rehearsal",
    "mentee": "pmwyxjner6rlwe",
    "module": "listening",
    "concern": "a-code-of-yours",
    "reason": "asked",
    "region": "est",
    "need": "works_council",
    "notice": "its-id",
    "evidence": {
        "cohort": {"programme": "mentorat-2027", "region": "comex", "wave": 1},
        "pairs": 16, "completed": 10, "on_course": 0.8, "sessions_held": 30, "answers": 12, "met": True,
    },
}  # fmt: skip


def kind_of(workflow_id: str) -> str:
    """Such as `pair`; empty where nothing can be sent."""
    kind = workflow_id.partition(":")[0]
    return kind if kind in FACTS else ""


def example(model: type[BaseModel]) -> dict[str, Any]:
    """The model's own, or one made of the fields that are needed."""
    extra = model.model_config.get("json_schema_extra")
    if (
        isinstance(extra, dict)
        and isinstance(own := extra.get("examples"), list)
        and isinstance(own[0], dict)
    ):
        return dict(own[0])
    needed = [
        name
        for name, field in model.model_fields.items()
        if name != "kind" and field.is_required()
    ]
    return {name: _SAMPLES.get(name, name) for name in needed}


def unknown_fields(
    model: type[BaseModel], payload: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """(field, what is allowed instead) of what the model has no place for."""
    known = [name for name in model.model_fields if name != "kind"]
    return [
        (name, _instead(name, known))
        for name in payload
        if name not in model.model_fields
    ]


def _instead(name: str, known: list[str]) -> str:
    if near := get_close_matches(name[:60], known, 1):
        return f"unknown; did you mean {near[0]}?"
    return f"unknown; allowed: {', '.join(known) or 'no field at all'}"


def as_text(payload: Any) -> str:
    """JSON as people edit it, and read it in the order in which it is."""
    return "\n".join(
        map(visible, json.dumps(payload, indent=2, ensure_ascii=False).split("\n"))
    )


def visible(text: str) -> str:
    """One line; what cannot be seen in it, turns it around or is half a character stands as JSON writes it."""
    return "".join(c if category(c)[0] != "C" else json.dumps(c)[1:-1] for c in text)
