"""The editor of weekly windows: two times a row, some rows a day, no script needed."""

import re
from collections.abc import Iterable, Mapping

from gateway.texts.times import clock_of
from schemas.time.calendar import Window

ROWS_SHOWN = 2
MOST_ROWS = 6
_TIME = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)(?::\d\d)?$")


def editor_rows(windows: Iterable[Window]) -> list[tuple[int, list[tuple[str, str]]]]:
    """Returns (day, [(from, to)…]) for every day of the week, with empty rows to fill
    in.
    """
    days: list[tuple[int, list[tuple[str, str]]]] = []
    ordered = sorted(windows, key=lambda w: (w.day, w.start))
    for day in range(7):
        rows = [(clock_of(w.start), clock_of(w.end)) for w in ordered if w.day == day][
            :MOST_ROWS
        ]
        days.append((day, rows + [("", "")] * max(0, ROWS_SHOWN - len(rows))))
    return days


def typed_rows(form: Mapping[str, str]) -> list[tuple[int, list[tuple[str, str]]]]:
    """Returns (day, [(from, to)…]) as somebody typed them, to show the form again."""
    return [
        (
            day,
            [
                _row(form, day, row)
                for row in range(MOST_ROWS)
                if row < ROWS_SHOWN or _row(form, day, row) != ("", "")
            ],
        )
        for day in range(7)
    ]


def read_windows(form: Mapping[str, str]) -> tuple[tuple[Window, ...], bool]:
    """Returns windows, merged where they touch, and whether any row is wrong.

    A row is wrong that is half filled, or ends before it begins.
    """
    spans: list[tuple[int, int, int]] = []
    wrong = False
    for day in range(7):
        for row in range(MOST_ROWS):
            begins, ends = (_minute(text) for text in _row(form, day, row))
            if begins is None and ends is None:
                continue
            if begins is None or ends is None or begins < 0 or ends <= begins:
                wrong = True
            else:
                spans.append((day, begins, 1440 if ends == 1439 else ends))
    return _merged(spans), wrong


def _row(form: Mapping[str, str], day: int, row: int) -> tuple[str, str]:
    return form.get(f"from-{day}-{row}", "").strip()[:8], form.get(
        f"to-{day}-{row}", ""
    ).strip()[:8]


def _minute(text: str) -> int | None:
    """Minute of the day; None for an empty field, -1 for what is no time."""
    if not text:
        return None
    found = _TIME.match(text)
    return int(found[1]) * 60 + int(found[2]) if found else -1


def _merged(spans: list[tuple[int, int, int]]) -> tuple[Window, ...]:
    merged: list[tuple[int, int, int]] = []
    for day, start, end in sorted(spans):
        if merged and merged[-1][0] == day and start <= merged[-1][2]:
            merged[-1] = (day, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((day, start, end))
    return tuple(Window(day=day, start=start, end=end) for day, start, end in merged)
