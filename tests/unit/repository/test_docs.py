"""The documentation against the code: what it names exists, and what it shows is accepted."""

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from pydantic import BaseModel

from activities.persistence.templates import TemplateFolder
from binome.command_line import app
from domain.programme.document import read_document
from gateway.pages.words import PAGE_TEXTS
from schemas.cloud_events import CATALOGUE
from schemas.handlers import SIGNALS_BY_WORKFLOW, UPDATES_BY_WORKFLOW
from workers.settings import PREFIX, Settings
from workflows.reading import read

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in PAGES}
MESSAGES: dict[str, type[BaseModel]] = {
    name: model
    for kind in ("programme", "cohort", "pair")
    for handlers in (SIGNALS_BY_WORKFLOW, UPDATES_BY_WORKFLOW)
    for name, model in handlers[kind].items()
}

ALL_TESTS = sorted((ROOT / "tests").rglob("test_*.py"))

Found = tuple[str, str]
"""A page and something in it."""


def found(pattern: str, *pages: str) -> list[Found]:
    return [
        (page, hit)
        for page in pages or TEXTS
        for hit in re.findall(pattern, TEXTS[page], re.M)
    ]


def anchors(text: str) -> set[str]:
    """Anchors of headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }


def command(words: list[str]) -> click.Command | None:
    """The command that words of a command line name; words after it do not matter."""
    here: Any = typer.main.get_command(app)
    for word in words:
        if not hasattr(here, "commands"):
            break
        here = here.commands.get(word)
    return here  # type: ignore[no-any-return]


@pytest.mark.parametrize(("page", "link"), found(r"\]\(([^)\s]+)\)"))
def test_every_link_inside_the_repository_leads_somewhere(page: str, link: str) -> None:
    if link.startswith("https://"):
        return
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.exists()
    assert not anchor or anchor in anchors(target.read_text("utf-8"))


@pytest.mark.parametrize(
    ("page", "line"), found(r"(?<![\w/.-])(?:\.venv/bin/)?binome ([a-z][^`\n)(|<#]*)")
)
def test_every_command_exists_with_its_options(page: str, line: str) -> None:
    words = [word for word in line.split() if not word.startswith("-")]
    named = command(words)
    assert named is not None
    known = {name for parameter in named.params for name in parameter.opts} | {"--help"}
    assert {word for word in line.split() if word.startswith("--")} <= known


def test_every_make_target_exists() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    )
    assert {target for _, target in found(r"`make ([a-z]+)")} <= targets


def test_the_settings_are_those_of_the_code() -> None:
    documented = {
        name for _, name in found(rf"^\| `({PREFIX}\w+)` \|", "docs/platform.md")
    }
    assert documented == {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(("page", "text"), found(r"^ *```json\n([\s\S]*?)```"))
def test_json_is_json_and_a_programme_document_is_accepted(
    page: str, text: str
) -> None:
    shown = json.loads(text)
    if "starts_on" in shown:
        document, problems = read_document(shown, TemplateFolder(ROOT / "examples"))
        assert document is not None, problems


@pytest.mark.parametrize(
    ("page", "row"),
    found(r"^(\| [^\n]*`\{[^\n]*)$", "docs/services.md", "docs/ops.md"),
    ids=lambda text: text[:60],
)
def test_what_is_to_be_pasted_is_accepted(page: str, row: str) -> None:
    names = re.findall(r"`([a-z_.0-9]+)`", row)
    payload = json.loads(re.findall(r"`(\{.*?\})`", row)[0])
    if "binome." in row:
        CATALOGUE[names[0]].data.model_validate(payload)
    for name in names:
        if name in MESSAGES:
            read(MESSAGES[name], [payload], strict=True)


def test_the_threat_model_names_every_attack_and_only_tests_that_exist() -> None:
    named = {name for _, name in found(r"`([\w/]+/test_\w+\.py)`", "docs/security.md")}
    tests = {path.relative_to(ROOT / "tests").as_posix() for path in ALL_TESTS}
    assert named <= tests
    assert {path for path in tests if path.startswith("attacks/")} <= named


def test_the_french_page_on_privacy_has_what_the_english_one_has() -> None:
    english, french = TEXTS["docs/privacy.md"], TEXTS["docs/privacy.fr.md"]
    for pattern in (r"`([a-z_]+)`", r"^(#+) ", r"^(\|)", r"\]\(([^)#]+)"):
        here, there = (re.findall(pattern, text, re.M) for text in (english, french))
        assert [x for x in here if "privacy" not in x] == [
            x for x in there if "privacy" not in x
        ]


def test_every_type_of_event_is_documented() -> None:
    assert {
        name for _, name in found(r"^\| `(binome\.\w+\.v1)`", "docs/services.md")
    } == set(CATALOGUE)


def test_the_buttons_of_pages_are_called_so() -> None:
    texts = {re.sub(r"\{\w+\}", "…", text) for text in PAGE_TEXTS["en"].values()}
    cells = [row.split("|")[-2] for _, row in found(r"^(\|.*\|)$", "docs/support.md")]
    assert {
        button for cell in cells for button in re.findall(r"\*([^*]+)\*", cell)
    } <= texts
