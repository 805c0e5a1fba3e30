"""One document froze the worker for fourteen minutes: sizes and counts are looked at before anything is read."""

import asyncio
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest

from activities.persistence import checking
from activities.persistence.checking import ProgrammeChecker
from activities.persistence.store import Store
from activities.persistence.templates import TemplateFolder
from domain.programme import document, size
from schemas.programme import ProgrammeDocument, out_of_order
from tests.attacks.counting import counted
from tests.unit.domain.programme.documents import raw, refused
from workflows import reading

REGIONS = [
    {"region": f"r{number}", "after": f"r{number - 1}"} for number in range(60_000)
]
WRONG: list[dict[str, Any]] = [
    {"regions": REGIONS},
    {"regions": [{"region": f"r{number}", "nonsense": 1} for number in range(60_000)]},
    {f"field{number}": number for number in range(60_000)},
    {"sessions": {f"lenght{number}": number for number in range(60_000)}},
    {"training": {"modules": ["oser"] * 60_000}},
    {"regions": [{"region": "a", "closed": ["2027-08-02/2027-08-20"] * 60_000}]},
    {"sender": "x" * 2_000_000},
    {"x" * 2_000_000: 1},
    {"training": {"modules": ["é" * 1_000_000]}},
]


@pytest.mark.parametrize("changes", WRONG)
def test_a_document_that_is_too_large_is_refused_before_it_is_read(
    changes: dict[str, Any],
) -> None:
    with counted(ProgrammeDocument, "model_validate") as validated:
        problems = refused(raw(**changes))
    assert (validated.count, len(problems)) == (0, 1)
    assert "allowed: up to" in problems[0]


@pytest.mark.parametrize("changes", WRONG)
def test_no_activity_is_handed_a_document_that_is_too_large(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(reading.MessageRefused, match="allowed: up to"):
        reading.document([raw(**changes)])


def test_counting_ends_where_it_is_too_much() -> None:
    """The values of one long list are counted at once; those behind them are never looked at."""

    class Untouchable(dict[str, Any]):
        def values(self) -> Any:
            raise AssertionError("looked at")

    assert size.too_large({"deep": Untouchable(), "long": [0] * 60_000}) is not None


def test_the_largest_document_that_is_allowed_costs_a_comparison_a_problem() -> None:
    """Nearest names are looked for as often as problems are shown, and never for long ones."""
    wrong = {f"sesions{number}": number for number in range(9_000)}
    with counted(SequenceMatcher, "ratio") as ratios:
        problems = refused(raw(**wrong))
    assert len(problems) == document.MOST_PROBLEMS
    assert ratios.count <= 2 * document.MOST_PROBLEMS * len(
        ProgrammeDocument.model_fields
    )


def test_the_order_of_regions_is_looked_at_once_for_each() -> None:
    class Name(str):
        compared = 0
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            Name.compared += 1
            return str.__eq__(self, other)

    regions = [(Name(f"r{n}"), Name(f"r{n - 1}")) for n in range(2_000)]
    assert len(list(out_of_order(regions))) == 1
    assert Name.compared <= 3 * len(regions)


async def test_no_document_is_read_on_the_loop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred regions with a country each take seconds of holidays: others go on meanwhile."""
    threads: set[int] = set()
    for name in ("read_document", "plan_of", "dated_regions"):
        original = getattr(checking, name)

        def noting(*args: Any, original: Any = original) -> Any:
            threads.add(get_ident())
            return original(*args)

        monkeypatch.setattr(checking, name, noting)
    checker = ProgrammeChecker(
        store, TemplateFolder(Path("examples")), "http://localhost"
    )
    await checker.check(raw(), datetime.now(UTC), None)
    assert threads and get_ident() not in threads


async def test_whoever_asks_for_people_of_many_regions_is_told_of_the_first(
    store: Store,
) -> None:
    checker = ProgrammeChecker(
        store, TemplateFolder(Path("examples")), "http://localhost"
    )
    async with asyncio.timeout(60):
        found = await checker.check(raw(regions=REGIONS), datetime.now(UTC), None)
    assert len(found.problems) <= document.MOST_PROBLEMS
