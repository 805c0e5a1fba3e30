"""Where in a line of a file our columns stand."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from domain.people.columns_file import COLUMNS, LISTS, NEEDED, TOPICS, Columns


class HeaderWrong(Exception):
    """A header that does not fit: by our column, or the empty text for all of it, what is wrong."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(what for _, what in problems))
        self.problems = problems


class Layout:
    """A header that fits; takes lines apart."""

    def __init__(self, header: Sequence[str], columns: Columns | None) -> None:
        """Raises HeaderWrong; without `columns` the header must be ours to the letter."""
        self.width = len(header)
        self._places: dict[str, tuple[int, ...]] = {
            column: (place,) for place, column in enumerate(COLUMNS)
        }
        self._columns = columns or Columns()
        if columns is None:
            _ours(header)
        else:
            self._places = _places([cell.strip() for cell in header], columns)
        self._plain = not (
            self._columns.values or self._columns.separators or self._columns.constants
        )

    def cells(self, line: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Our columns with their texts; the line is as wide as the header."""
        for column, places in self._places.items():
            text = (
                line[places[0]]
                if len(places) == 1
                else " ".join(filter(None, (line[p].strip() for p in places)))
            )
            yield (
                column,
                text.strip() if self._plain else self._ours(column, text.strip()),
            )
        yield from self._columns.constants.items()

    def identity(self, line: Sequence[str]) -> str:
        """The external id of a line that may be too short."""
        place = self._places["external_id"][0]
        return line[place].strip() if place < len(line) else ""

    def _ours(self, column: str, text: str) -> str:
        words = self._columns.values.get(column, {})
        if (meant := _meant(column, text, words)) is not None:
            return meant
        separator = self._columns.separators.get(column)
        if column not in LISTS or not (words or separator):
            return text
        parts = (
            part.strip()
            for part in text.split(separator or (";" if column == "windows" else None))
        )
        ours = (
            part if (meant := _meant(column, part, words)) is None else meant
            for part in parts
        )
        return ("; " if column == "windows" else " ").join(filter(None, ours))


def _meant(column: str, text: str, words: Mapping[str, str]) -> str | None:
    """Our word for theirs; a level behind theirs for a topic stays behind ours."""
    if (meant := words.get(text.casefold())) is not None or column not in TOPICS:
        return meant
    word, colon, level = (part.strip() for part in text.rpartition(":"))
    meant = words.get(word.casefold()) if colon and level.isalnum() else None
    return (
        None
        if meant is None
        else " ".join(f"{topic}:{level}" for topic in meant.split())
    )


def _ours(header: Sequence[str]) -> None:
    if tuple(header) == COLUMNS:
        return
    if len(header) == 1 and any(header[0].count(mark) >= 3 for mark in ";\t"):
        what = 'separated by semicolons or tabs; save it as CSV with commas, or say delimiter = ";" in a columns file'
        raise HeaderWrong([("", what)])
    missing = [column for column in COLUMNS if column not in header]
    why = (
        f"lacks {', '.join(missing)}"
        if missing
        else "has columns in another order, or more of them"
    )
    what = f"the header {why}; it reads exactly: {','.join(COLUMNS)}; or say in a columns file which is which"
    raise HeaderWrong([("", what)])


def _places(header: Sequence[str], columns: Columns) -> dict[str, tuple[int, ...]]:
    """What is not mentioned is read from a header of our own name, where there is one."""
    taken = {header for several in columns.headers.values() for header in several}
    own = {
        column: (column,)
        for column in COLUMNS
        if column in header and column not in taken
    }
    wanted: Mapping[str, tuple[str, ...]] = {**own, **columns.headers}
    wanted = {
        column: wanted[column]
        for column in COLUMNS
        if column in wanted and column not in columns.constants
    }
    problems = [
        (ours, what)
        for ours, several in wanted.items()
        for one in several
        if (what := _absent(one, header))
    ]
    problems += [
        (column, "no header and no constant for it; it is needed")
        for column in NEEDED
        if column not in wanted and column not in columns.constants
    ]
    if problems:
        raise HeaderWrong(problems)
    return {
        column: tuple(header.index(one) for one in several)
        for column, several in wanted.items()
    }


def _absent(one: str, header: Sequence[str]) -> str:
    if (times := header.count(one)) == 1:
        return ""
    if times:
        return "its header stands in the file more than once; rename one of them"
    if len(header) == 1:
        return "its header is not in the file, which has one column only; say the delimiter in the columns file"
    near = get_close_matches(one, header, n=1)
    hint = (
        f"did you mean {near[0]}?"
        if near
        else "write it exactly as in the file's first line"
    )
    return f"its header is not in the file; {hint}"
