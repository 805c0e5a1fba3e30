"""Programme documents as a form sends them, and what reading one returns."""

from collections.abc import Mapping
from typing import Any

from domain.programme.document import read_document
from schemas.programme import ProgrammeDocument


class OneTemplate:
    """One template, `short`."""

    def names(self) -> list[str]:
        return ["short"]

    def load(self, name: str) -> Mapping[str, Any]:
        assert name == "short"
        return {
            "programme": "short",
            "sender": "short",
            "sessions": {"count": 3, "length": "2 hours"},
        }


def raw(**changes: Any) -> dict[str, Any]:
    return {
        "programme": "pilot",
        "starts_on": "2027-01-11",
        "regions": [{"region": "comex"}],
        **changes,
    }


def read(**changes: Any) -> ProgrammeDocument:
    document, problems = read_document(raw(**changes), OneTemplate())
    assert document is not None, problems
    return document


def refused(document: object) -> list[str]:
    read, problems = read_document(document, OneTemplate())
    assert read is None
    return [str(problem) for problem in problems]
