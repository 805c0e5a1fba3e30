"""Policies of published programmes, as programme documents: which of their fields count, and under what."""

from collections.abc import Mapping
from typing import Any, Protocol

POLICY_SECTIONS = (
    "training",
    "sessions",
    "matching",
    "feedback",
    "supervision",
    "extension",
    "timing",
)


class Templates(Protocol):
    """Loads the programme documents that others name as their `template`."""

    def names(self) -> list[str]: ...

    def load(self, name: str) -> Mapping[str, Any]:
        """The document of one of the names."""
        ...


def merged(raw: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, Any]:
    """The template's policy under the document's own values; nothing else of a template counts."""
    document = dict(raw)
    for section in POLICY_SECTIONS:
        own = raw.get(section, {})
        if section in template and isinstance(own, Mapping):
            document[section] = {**template[section], **own}
    return document
