"""Policies of published programmes, shipped as programme documents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

POLICY_SECTIONS = ("training", "sessions", "matching", "feedback", "supervision", "extension")


class Templates(Protocol):
    """Where the documents named by `template` come from."""

    def names(self) -> list[str]: ...

    def load(self, name: str) -> Mapping[str, Any]:
        """The document of one of the names."""
        ...


@dataclass(frozen=True)
class TemplateFolder:
    """A folder of `<name>.json`."""

    folder: Path

    def names(self) -> list[str]:
        return sorted(file.stem for file in self.folder.glob("*.json"))

    def load(self, name: str) -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads((self.folder / f"{name}.json").read_text("utf-8"))
        return document


def merged(raw: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, Any]:
    """The template's policy under the document's own values; nothing else of a template counts."""
    document = dict(raw)
    for section in POLICY_SECTIONS:
        own = raw.get(section, {})
        if section in template and isinstance(own, Mapping):
            document[section] = {**template[section], **own}
    return document
