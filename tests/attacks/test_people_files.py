"""People files, columns files and cells of any size and shape: as much work as they are long."""

import json
import tomllib
import unicodedata
from difflib import SequenceMatcher
from typing import Any, Literal

import pytest

from domain.people import columns_file, header
from domain.people.cells import CellInvalid, read_cell
from domain.people.column_guesses import columns_file_template
from domain.people.columns_file import ColumnsFileInvalid, read_columns_file
from domain.people.reporting_lines import pairs_in_line
from domain.wording import MOST_NAMES_COMPARED, nearest
from tests.attacks.counting import counted
from tests.unit.domain.people.files import read_people


@pytest.mark.parametrize(
    "data",
    [
        b"a," * 60_000 + b"\nx\n",
        b"a" * 100_000 + b",b\nx\n",
    ],
)
def test_a_header_wider_than_any_file_is_refused_before_it_is_compared(
    data: bytes,
) -> None:
    columns = columns_file.ColumnsFile(headers={"name": ("nom",)})
    with counted(SequenceMatcher, "ratio") as ratios:
        _, problems = read_people(data, columns=columns)
    assert (len(problems), ratios.count) == (1, 0)


def test_a_columns_file_larger_than_any_is_refused_before_it_is_read() -> None:
    with (
        counted(tomllib, "loads") as loaded,
        pytest.raises(ColumnsFileInvalid),
    ):
        read_columns_file(b"a." * 40_000 + b"a = 1")
    assert loaded.count == 0


def test_a_column_has_only_so_many_headers() -> None:
    many = json.dumps({"columns": {"name": [f"n{n}" for n in range(2_000)]}})
    with pytest.raises(ColumnsFileInvalid, match="1 problems"):
        read_columns_file(many.encode())


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("email", "a" * 100_000 + "@" + "a." * 50_000),
        ("email", "a@" + "a." * 120 + "!" + "a" * 20),
        ("windows", "mon 09:00-12:00;" * 10_000),
        ("offers", "topic:1 " * 10_000),
        ("name", "é" * 100_000),
    ],
)
def test_a_cell_longer_than_any_is_refused_before_it_is_read(
    column: str, cell: str
) -> None:
    with pytest.raises(CellInvalid):
        read_cell(column, cell)


def test_a_row_of_accents_is_put_in_order_for_a_header_s_length_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Unicode orders them by insertion: the square of their number."""
    lengths: list[int] = []
    normalize = unicodedata.normalize

    def noting(form: Literal["NFKD"], text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", noting)
    columns_file_template(("a" + "\u0301\u0323" * 15_000 + ",b").encode())
    assert max(lengths) <= header.LONGEST_HEADER_CHARACTERS


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("x" * 100_000, ["sessions"]),
        ("sesions", ["s" * 100_000]),
        ("sesions", [f"sessions{n}" for n in range(60_000)]),
    ],
)
def test_the_nearest_name_costs_as_much_for_any_name(
    name: str, known: list[str]
) -> None:
    with counted(SequenceMatcher, "ratio") as ratios:
        nearest(name, known)
    assert (
        ratios.count <= 2 * MOST_NAMES_COMPARED
    )  # the library asks twice for a near one


def test_circles_of_dotted_lines_are_gone_through_once() -> None:
    """Each knot was one more pass over everybody: the square of a people file."""
    looked_at = 0

    class Lines(dict[str, tuple[str | None, ...]]):
        def get(self, person: str, default: Any = ()) -> Any:
            nonlocal looked_at
            looked_at += 1
            return super().get(person, default)

    people = 3_000
    lines = Lines({f"p{n}": (f"p{n + 1}", f"p{max(0, n - 2)}") for n in range(people)})
    found = pairs_in_line([("p0", f"p{people - 1}"), (f"p{people - 1}", "p0")], lines)
    assert (len(found), looked_at <= 3 * people) == (2, True)


def test_what_is_meant_is_found_all_the_same() -> None:
    assert nearest("sesions", ["training", "sessions"]) == "sessions"
