"""The editor of weekly windows, there and back."""

import pytest

from gateway.pages.weekly import editor_rows, read_windows
from schemas.time.calendar import Window


def form(*spans: tuple[int, int, str, str]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for day, row, begins, ends in spans:
        typed |= {f"from-{day}-{row}": begins, f"to-{day}-{row}": ends}
    return typed


@pytest.mark.parametrize(
    ("typed", "windows", "wrong"),
    [
        (form(), [], False),
        (form((0, 0, "09:00", "12:00")), [(0, 540, 720)], False),
        (
            form((0, 0, "14:00", "16:00"), (0, 1, "09:00", "12:00")),
            [(0, 540, 720), (0, 840, 960)],
            False,
        ),
        # Windows that touch or overlap are one.
        (
            form((2, 0, "09:00", "12:00"), (2, 1, "11:00", "13:00")),
            [(2, 540, 780)],
            False,
        ),
        (
            form((2, 0, "09:00", "12:00"), (2, 1, "12:00", "13:00")),
            [(2, 540, 780)],
            False,
        ),
        # A field cannot say 24:00, so the last minute stands for midnight.
        (form((6, 0, "20:00", "23:59")), [(6, 1200, 1440)], False),
        # Some browsers send seconds.
        (form((0, 0, "09:00:00", "10:00:00")), [(0, 540, 600)], False),
        (form((0, 0, "09:00", "")), [], True),
        (form((0, 0, "12:00", "09:00")), [], True),
        (form((0, 0, "09:00", "09:00")), [], True),
        (form((0, 0, "25:00", "26:00")), [], True),
        (form((0, 0, "nine", "10:00")), [], True),
    ],
)
def test_rows_become_windows(
    typed: dict[str, str], windows: list[tuple[int, int, int]], wrong: bool
) -> None:
    read, bad = read_windows(typed)
    assert ([(w.day, w.start, w.end) for w in read], bad) == (windows, wrong)


def test_what_is_shown_reads_back_as_it_was() -> None:
    given = (
        Window(day=0, start=540, end=720),
        Window(day=0, start=780, end=900),
        Window(day=4, start=0, end=1440),
    )
    typed = form(
        *(
            (day, i, *span)
            for day, rows in editor_rows(given)
            for i, span in enumerate(rows)
        )
    )
    assert read_windows(typed) == (given, False)


def test_every_day_has_room_for_two_windows() -> None:
    assert [len(rows) for _, rows in editor_rows(())] == [2] * 7
