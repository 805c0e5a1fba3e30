"""What a cipher binds, what a length says, and what a key is known by."""

import pytest

from activities.ciphers import Cipher
from activities.persistence.sealing.data_keys import DataKey, OpenedKeys
from activities.persistence.sealing.sealed_tables import (
    PULSES,
    RELEASES,
    Sealable,
    padded,
    unpadded,
)
from activities.persistence.sealing.wrapping_keys import WrappingKey
from schemas.records.sealing import Unopened

KEY = b"k" * 32
ROW = {"pair": "a", "session": 1, "side": "mentor", "person": "P"}


def test_what_is_sealed_opens_with_its_key_for_its_place() -> None:
    assert Cipher(KEY).open(Cipher(KEY).seal(b"words", b"here"), b"here") == b"words"


def test_the_same_words_never_look_the_same() -> None:
    assert Cipher(KEY).seal(b"words", b"here") != Cipher(KEY).seal(b"words", b"here")


SEALED = Cipher(KEY).seal(b"words", b"here")


@pytest.mark.parametrize(
    ("key", "sealed", "place"),
    [
        (b"x" * 32, SEALED, b"here"),
        (KEY, SEALED, b"there"),
        (KEY, SEALED[:-1], b"here"),
        (KEY, SEALED[:-1] + bytes([SEALED[-1] ^ 1]), b"here"),
        (KEY, SEALED[:5], b"here"),
        (KEY, b"", b"here"),
    ],
    ids=["another key", "another place", "cut", "changed", "cut to five", "nothing"],
)
def test_nothing_else_opens(key: bytes, sealed: bytes, place: bytes) -> None:
    assert Cipher(key).open(sealed, place) is None


@pytest.mark.parametrize(
    "value", [1, 5, 10**9, True, False, "é", 'a"b\n\0', "x" * 9000]
)
def test_a_value_comes_back_as_it_was(value: Sealable) -> None:
    assert (unpadded(padded(value)), type(unpadded(padded(value)))) == (
        value,
        type(value),
    )


@pytest.mark.parametrize(
    ("values", "length"),
    [
        ([1, 5, 12345, True, False], 16),
        (["a", "é" * 250, "x" * 500], 512),
        (["x" * 511, "x" * 2000], 2048),
        (["x" * 4000], 8192),
        (["😀" * 4000], 32768),
    ],
)
def test_a_length_says_next_to_nothing(values: list[Sealable], length: int) -> None:
    assert {len(padded(value)) for value in values} == {length}


def test_an_empty_text_is_no_value() -> None:
    assert DataKey("P", 1, Cipher(KEY)).seal(PULSES, ROW, "idea", "") is None


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (ROW, "idea", None),
        (ROW, "comment", Unopened.CHANGED),
        ({**ROW, "session": 2}, "idea", Unopened.CHANGED),
        ({**ROW, "side": "mentee"}, "idea", Unopened.CHANGED),
        ({**ROW, "person": "Q"}, "idea", Unopened.KEY_GONE),
        ({**ROW, "person": "R"}, "idea", Unopened.WRAPPING_UNKNOWN),
    ],
)
def test_a_value_opens_in_its_own_row_and_column_alone(
    row: dict[str, object], column: str, why: Unopened | None
) -> None:
    value = DataKey("P", 1, Cipher(KEY)).seal(PULSES, ROW, "idea", "words")
    keys = OpenedKeys({("P", 1): Cipher(KEY), ("R", 1): Unopened.WRAPPING_UNKNOWN})
    assert keys.open(PULSES, {**row, column: value}, column) == (why or "words")


def test_no_two_rows_have_the_same_place() -> None:
    rows = [
        {"programme": "a", "region": "b", "wave": wave, "number": number}
        for wave, number in ((1, 11), (11, 1))
    ]
    assert RELEASES.place(rows[0], "total") != RELEASES.place(rows[1], "total")


def test_a_wrapping_key_is_known_by_an_id_that_is_always_the_same() -> None:
    first, again, other = (WrappingKey.of(key) for key in (KEY, KEY, b"x" * 32))
    assert first == again != other
    assert KEY.hex() not in repr(first) and len(first.id) == 16
