"""A columns file is guessed from a header, and is itself accepted."""

from hypothesis import example, given
from hypothesis import strategies as st

from domain.people.column_guesses import columns_file_template
from domain.people.column_names import COLUMNS
from domain.people.columns_file import read_columns_file
from domain.people.header import HeaderInvalid
from tests.unit.domain.people.files import THEIR_COLUMNS, THEIR_HEADER


@given(
    st.binary(max_size=200)
    | st.text(max_size=40).map(lambda text: text.encode("utf-8", "ignore"))
)
@example(b"a\x7f,b")
def test_a_template_is_made_of_any_bytes_or_they_are_refused(data: bytes) -> None:
    try:
        guessed = columns_file_template(data)
    except HeaderInvalid:
        return
    assert read_columns_file(guessed.encode())


def test_a_template_is_guessed_from_a_header_and_is_itself_accepted() -> None:
    guessed = read_columns_file(
        columns_file_template((THEIR_HEADER + "\r\n1;x").encode()).encode()
    )
    expected = {
        ours: (theirs,) if isinstance(theirs, str) else tuple(theirs)
        for ours, theirs in THEIR_COLUMNS.items()
    }
    assert guessed.headers == expected | {"roles": ("Rôle",), "languages": ("Langues",)}
    assert guessed.delimiter == ";"


def test_one_word_is_enough_for_topics() -> None:
    guessed = read_columns_file(
        columns_file_template(b"Matricule,Nom complet,Mail,Propose,Souhaite").encode()
    ).headers
    assert (guessed["offers"], guessed["wants"]) == (("Propose",), ("Souhaite",))


def test_our_own_header_is_guessed_as_it_is() -> None:
    assert read_columns_file(
        columns_file_template(",".join(COLUMNS).encode()).encode()
    ).headers == {c: (c,) for c in COLUMNS}
