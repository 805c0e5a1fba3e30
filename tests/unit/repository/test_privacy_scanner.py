"""The scanner that looks for personal words must find them, or its silence says nothing."""

import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest

from tests.support.rehearsal.organisation import COMMENT, people
from tests.support.rehearsal.secrets import SHAPES, Scanner, personal

NAME = "Thaddéus Oxbloodwell"


SCANNER = Scanner(personal() | SHAPES)


def found(data: bytes) -> set[str]:
    return {
        leak.what.removesuffix(" in base64") for leak in SCANNER.leaks("here", data)
    }


@pytest.mark.parametrize(
    "data",
    [
        f"log line about {NAME} at 9".encode(),
        NAME.upper().encode(),
        json.dumps({"who": NAME}).encode(),
        f"/people?name={quote(NAME)}".encode(),
        *(b64encode(b"x" * shift + NAME.encode() + b"y") for shift in range(6)),
        urlsafe_b64encode(json.dumps({"who": NAME}, ensure_ascii=False).encode()),
    ],
)
def test_a_planted_name_is_found_in_every_disguise(data: bytes) -> None:
    assert "Oxbloodwell" in found(data)


@pytest.mark.parametrize("column", ["external_id", "name", "email"])
def test_everybody_is_looked_for(column: str) -> None:
    assert [row for row in people() if not found(f"<{row[column]}>".encode())] == []


def test_a_comment_is_found_by_a_word_of_it() -> None:
    assert found(b'said ".. thunderstorms .."') == {COMMENT.split()[1]}


def test_a_score_is_found_by_its_field() -> None:
    assert found(b'{"session":1,"score":4}') == {'"score":'}


def test_what_is_not_personal_is_no_leak() -> None:
    assert (
        found(
            b"pair:quiet-trial:comex:1:paaaaaaaaaaaaa:1 held session 2; reason moved, p234 at 09:00"
        )
        == set()
    )
