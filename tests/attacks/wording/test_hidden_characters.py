"""Row 13: zero-width and right-to-left characters in names, ids, codes and ideas."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.persistence.templates import TemplateFolder
from domain.people.column_names import COLUMNS
from domain.programme.document import read_document
from schemas.links import Question
from tests.attacks.senders import DIRECTORY, Sender, sending
from tests.support.world import World
from tests.unit.domain.people.files import file, person, problems
from tests.unit.gateway.factories import House
from tests.unit.gateway.pages.pressing import held, press

HIDDEN = ["\u200b", "\u200f", "\u202e", "\u2066", "\u00ad", "\ufeff", "\u3164", "\x1b"]
"""Zero width space, right-to-left mark, override and isolate, soft hyphen, byte order
mark, a letter that is drawn as nothing, and what begins a terminal's commands."""
EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
async def directory(world: World, http: httpx.AsyncClient) -> Sender:
    return await sending(world, DIRECTORY, http)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
def test_no_column_of_a_people_file_takes_a_hidden_character(
    column: str, hidden: str
) -> None:
    (first, *_) = problems(file(person(**{column: f"Zebulon{hidden}x"})))
    assert first.startswith(f"line 2, {column}: character 8 is U+{ord(hidden):04X} (")
    assert "Zebulon" not in first


@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
@pytest.mark.parametrize("column", ["name", "function", "site"])
async def test_no_event_about_a_person_brings_a_hidden_character(
    directory: Sender, column: str, hidden: str
) -> None:
    before = await directory.boss()
    answer = await directory.send(
        "person_upserted", "BOSS", {column: f"Zebulon{hidden}x"}
    )
    (problem,) = answer.json()["errors"]
    assert (answer.status_code, problem["path"]) == (422, f"data.{column}")
    assert problem["what"].startswith(f"character 8 is U+{ord(hidden):04X} (")
    assert "Zebulon" not in answer.text
    assert await directory.boss() == before


@pytest.mark.parametrize("field", ["id", "source", "subject", "type"])
async def test_no_event_is_named_so_that_the_console_shows_it_turned_around(
    directory: Sender, field: str
) -> None:
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": "/hr",
        "type": "binome.person_left.v1",
        "subject": "BOSS",
    }
    answer = await directory.post(event | {field: "x\u202ey"})
    assert answer.status_code == 422
    assert "character 2 is U+202E (right-to-left override)" in answer.text


def strings(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yields the place of every text in a document."""
    if isinstance(value, str):
        yield at
    elif isinstance(value, dict | list):
        for key, inner in (
            value.items() if isinstance(value, dict) else enumerate(value)
        ):
            yield from strings(inner, (*at, key))


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e"], ids=ascii)
@pytest.mark.parametrize("name", ["axa", "cofely", "demo", "orange"])
def test_no_text_of_a_programme_document_hides_a_character(
    name: str, hidden: str
) -> None:
    document = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    for *holders, last in strings(document):
        changed = json.loads(json.dumps(document))
        place = changed
        for holder in holders:
            place = place[holder]
        place[last] = "zebulon" + hidden
        read, found = read_document(changed, TemplateFolder(EXAMPLES))
        assert read is None and "zebulon" not in str(found)
        assert "character 8 is U+" in str(found[0])


async def test_an_idea_that_is_published_turns_no_text_around(at_home: House) -> None:
    at_home.put(held())
    path = at_home.link(Question.PULSE, session=1)
    await press(
        at_home, path, score="4", idea="Tea\u202e\x1b[2J at\r\nfour", comment=""
    )
    assert at_home.store.answers.pulses[0][5] == "Tea[2J at\nfour"
