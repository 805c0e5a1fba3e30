"""docs/programme-document.md: every field with its default, where the default comes from, and an example."""

import json
from datetime import timedelta
from enum import StrEnum
from types import NoneType
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from domain.wording import duration_in_words
from schemas.policy import Policy
from schemas.programme import ProgrammeDocument, Region, Rehearsal

HEAD = """# The programme document

What ops type into the form of the Temporal Web UI, or load as a file. This page is generated from the code
(`python -m tools.docs`). Durations read as people write them: `2 hours`, `4 weeks`, `1 hour 30 minutes`, or ISO 8601
(`PT48H`); a month is 30 days and a year 365. Unknown fields are refused with the nearest known one. Nothing personal
may stand in the document: it is recorded in the history of the workflow.

With `"check_only": true` the answer is the dated plan, who cannot be matched and what is missing; nothing is sent to
anyone. Every refusal ends with: *Nothing was sent. Choose Start Workflow Like This One, correct, start.*
"""
SECTIONS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("The document", "", ProgrammeDocument),
    *(
        (name, name, type(field.get_default()))
        for name, field in Policy.model_fields.items()
    ),
    ("regions", "regions[0]", Region),
    ("rehearsal", "rehearsal", Rehearsal),
)
NOT_SHOWN = (BaseModel, dict, tuple, NoneType)
"""Defaults that are no example."""
EXAMPLES: dict[str, Any] = {
    "programme": "mentorat-2027",
    "template": "cofely",
    "starts_on": "2027-01-11",
    "sender": "rh-mentorat",
    "modules": ["oser-parler", "ecoute"],
    "pulse_after": [1, 3, 6],
    "region": "ouest",
    "after": "comex",
    "mentors_from": ["idf"],
    "needs": ["works_council", "privacy_notice"],
    "closed": ["2027-08-02/2027-08-20"],
    "pace": 43200,
    "country": "FR",
    "zone": "Europe/Paris",
}


def page() -> str:
    parts = [HEAD]
    for title, path, model in SECTIONS:
        parts += [
            f"## {title}",
            "",
            (model.__doc__ or "").strip(),
            "",
            "| field | default | what it is | example |",
            "|---|---|---|---|",
        ]
        parts += [_row(path, name, field) for name, field in model.model_fields.items()]
        parts.append("")
    return "\n".join(parts)


def _row(path: str, name: str, field: FieldInfo) -> str:
    where = f"{path}.{name}" if path else name
    meaning = (
        " ".join((field.description or "").split()) or f"See the section `{name}`."
    )
    return f"| `{where}` | {_default(field)} | {meaning} | {_example(name, field)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return "see below"
    return "none" if value is None or value in ((), {}) else f"`{_plain_text(value)}`"


def _example(name: str, field: FieldInfo) -> str:
    if name in EXAMPLES:
        return f"`{json.dumps(EXAMPLES[name], ensure_ascii=False)}`"
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or isinstance(value, NOT_SHOWN):
        return ""
    return f"`{json.dumps(_plain(value))}`"


def _plain_text(value: Any) -> str:
    """As it is typed in a document, a text without its quotes."""
    plain = _plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    match value:
        case timedelta():
            return duration_in_words(value)
        case StrEnum():
            return value.value
        case tuple():
            return list(value)
        case _:
            return value
