"""The shipped policies of published programmes, read from a folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class TemplateFolder:
    """A folder of programme documents `<name>.json` that others use as templates."""

    folder: Path

    def names(self) -> list[str]:
        return sorted(file.stem for file in self.folder.glob("*.json"))

    def load(self, name: str) -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads(
            (self.folder / f"{name}.json").read_text("utf-8")
        )
        return document
