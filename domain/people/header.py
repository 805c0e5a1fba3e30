"""The header of a people file: the place of each of our columns in a line."""

from collections.abc import Iterator, Mapping, Sequence

from domain.people.column_names import (
    COLUMNS,
    LIST_COLUMNS,
    REQUIRED_COLUMNS,
    TOPIC_COLUMNS,
)
from domain.people.columns_file import ColumnsFile
from domain.wording import nearest

MOST_HEADERS = 500
LONGEST_HEADER_CHARACTERS = 200
NOT_UTF_8 = 'not UTF-8; in the spreadsheet, save as "CSV UTF-8"'


class HeaderInvalid(Exception):
    """A header that does not fit: what is wrong, by our column; the empty text means
    all of it.
    """

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(what for _, what in problems))
        self.problems = problems


class HeaderLayout:
    """A header that fits; finds our columns in the lines below it."""

    def __init__(self, header: Sequence[str], columns: ColumnsFile | None) -> None:
        """Raises HeaderInvalid. Without `columns` the header must be exactly ours."""
        _check_size(header)
        self.width = len(header)
        self._columns = columns or ColumnsFile()
        if columns is None:
            _check_is_ours(header)
        self._places = _places([cell.strip() for cell in header], self._columns)
        self._translates = bool(
            self._columns.values or self._columns.separators or self._columns.constants
        )

    def cells(self, line: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yields our columns with their texts; the line is as wide as the header."""
        for column, places in self._places.items():
            if len(places) == 1:
                text = line[places[0]].strip()
            else:
                parts = (line[place].strip() for place in places)
                text = " ".join(filter(None, parts))
            yield column, self._translated(column, text) if self._translates else text
        yield from self._columns.constants.items()

    def external_id(self, line: Sequence[str]) -> str:
        """Returns the id of a line that may be too short."""
        place = self._places["external_id"][0]
        return line[place].strip() if place < len(line) else ""

    def _translated(self, column: str, text: str) -> str:
        """Returns the text in our words, a list with our separator."""
        words = self._columns.values.get(column, {})
        if (ours := _our_word(column, text, words)) is not None:
            return ours
        separator = self._columns.separators.get(column)
        if column not in LIST_COLUMNS or not (words or separator):
            return text
        usual, join_with = (";", "; ") if column == "windows" else (None, " ")
        translated = []
        for part in text.split(separator or usual):
            ours = _our_word(column, part.strip(), words)
            translated.append(part.strip() if ours is None else ours)
        return join_with.join(filter(None, translated))


def _our_word(column: str, text: str, words: Mapping[str, str]) -> str | None:
    """Returns our word for theirs; a level behind their topic stays behind ours."""
    ours = words.get(text.casefold())
    if ours is not None or column not in TOPIC_COLUMNS:
        return ours
    word, colon, level = (part.strip() for part in text.rpartition(":"))
    if not colon or not level.isalnum() or word.casefold() not in words:
        return None
    topics = words[word.casefold()].split()
    return " ".join(f"{topic}:{level}" for topic in topics)


def _check_size(header: Sequence[str]) -> None:
    if len(header) > MOST_HEADERS:
        what = f"more than {MOST_HEADERS} columns; leave out what is not needed"
        raise HeaderInvalid([("", what)])
    if any(len(one) > LONGEST_HEADER_CHARACTERS for one in header):
        what = f"a header is longer than {LONGEST_HEADER_CHARACTERS} characters"
        raise HeaderInvalid([("", what)])


def _check_is_ours(header: Sequence[str]) -> None:
    if tuple(header) == COLUMNS:
        return
    if len(header) == 1 and any(header[0].count(mark) >= 3 for mark in ";\t"):
        what = (
            "separated by semicolons or tabs; save it as CSV with commas,"
            ' or say delimiter = ";" in a columns file'
        )
        raise HeaderInvalid([("", what)])
    why = "has columns in another order, or more of them"
    if missing := [column for column in COLUMNS if column not in header]:
        why = f"lacks {', '.join(missing)}"
    what = (
        f"the header {why}; it reads exactly: {','.join(COLUMNS)};"
        " or say in a columns file which is which"
    )
    raise HeaderInvalid([("", what)])


def _places(header: Sequence[str], columns: ColumnsFile) -> dict[str, tuple[int, ...]]:
    headers = _headers_by_column(header, columns)
    problems = [
        (column, what)
        for column, theirs in headers.items()
        for one in theirs
        if (what := _why_not_found(one, header))
    ]
    problems += [
        (column, "no header and no constant for it; it is needed")
        for column in REQUIRED_COLUMNS
        if column not in headers and column not in columns.constants
    ]
    if problems:
        raise HeaderInvalid(problems)
    return {
        column: tuple(header.index(one) for one in theirs)
        for column, theirs in headers.items()
    }


def _headers_by_column(
    header: Sequence[str], columns: ColumnsFile
) -> dict[str, tuple[str, ...]]:
    """A column that the columns file does not mention is read from a header of our own
    name, where there is one.
    """
    mentioned = {one for theirs in columns.headers.values() for one in theirs}
    own = {column: (column,) for column in header if column not in mentioned}
    headers = {**own, **columns.headers}
    return {
        column: headers[column]
        for column in COLUMNS
        if column in headers and column not in columns.constants
    }


def _why_not_found(one: str, header: Sequence[str]) -> str:
    """Returns why a header cannot be read; empty: it can."""
    times = header.count(one)
    if times == 1:
        return ""
    if times:
        return "its header is in the file more than once; rename one of them"
    if len(header) == 1:
        return (
            "its header is not in the file, which has one column only;"
            " say the delimiter in the columns file"
        )
    near = nearest(one, header)
    hint = (
        f"did you mean {near}?"
        if near
        else "write it exactly as in the file's first line"
    )
    return f"its header is not in the file; {hint}"
