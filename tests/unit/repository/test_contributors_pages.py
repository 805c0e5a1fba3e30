"""What the pages for contributors name is there: paths, classes, decisions."""

import re
from pathlib import Path

import pytest

from tools.words import PRODUCT, ROOT, read

DOCS = ROOT / "docs"
DECISIONS = sorted(p for p in (DOCS / "decisions").glob("*.md") if p.stem != "README")
PAGES = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    DOCS / "architecture.md",
    DOCS / "glossary.md",
    DOCS / "solver.md",
    *DECISIONS,
]
FOLDERS = "|".join((*PRODUCT, "tests", "docs", "deploy", "examples", "benchmarks"))
NAMED_PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
CLASSES = set(re.findall(r"^class (\w+)", "\n".join(s.text for s in read()), re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_that_is_named_exists(page: Path) -> None:
    named = NAMED_PATH.findall(page.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_architecture_names_every_folder_of_the_product() -> None:
    named = set(NAMED_PATH.findall((DOCS / "architecture.md").read_text("utf-8")))
    assert {f"{folder}/" for folder in PRODUCT} <= named


def test_the_glossary_names_classes_that_exist() -> None:
    ours = (DOCS / "glossary.md").read_text("utf-8").partition("## Ours")[2]
    named = set(re.findall(r"`([A-Z]\w+)`", ours))
    assert named
    assert named - CLASSES == set()


def test_no_word_is_explained_twice_in_a_table_of_the_glossary() -> None:
    for table in (DOCS / "glossary.md").read_text("utf-8").split("## "):
        words = re.findall(r"^\| ([^|]+) \|", table, re.M)
        assert len(words) == len(set(words))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_listed_and_says_what_else_was_tried(page: Path) -> None:
    assert f"({page.name})" in (DOCS / "decisions/README.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.M)
    assert headings == [
        "Context",
        "Decision",
        "What else was tried and measured",
        "Consequences",
    ]
