"""Everything that an export shows has words in both languages."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import pytest

from domain.erasure.plan import PLAN, SHOWN
from domain.erasure.table_plan import Fate
from gateway.my_data.sections import TECHNICAL
from gateway.my_data.words import DataWords, data_words
from gateway.pages.words import LOCALES
from schemas.events import InvitationAnswer, Side
from schemas.notices import Recipient, Template
from schemas.people import Role
from schemas.records.access import AccountRole
from schemas.records.inbox import EventState
from schemas.records.outbox import NoticeState
from schemas.records.privacy import InformedBy
from schemas.stages import Outcome, SessionStatus, Stage

CODES: dict[str, Iterable[type[StrEnum]]] = {
    "roles": (Role,),
    "role": (AccountRole,),
    "to": (Recipient,),
    "side": (Side,),
    "stage": (Stage,),
    "outcome": (Outcome,),
    "status": (SessionStatus,),
    "state": (NoticeState, EventState),
    "template": (Template,),
    "answer": (InvitationAnswer,),
    "way": (InformedBy,),
}


@pytest.fixture(params=LOCALES)
def words(request: pytest.FixtureRequest) -> DataWords:
    return data_words(request.param)


def test_every_table_that_is_shown_has_words(words: DataWords) -> None:
    assert set(words.tables) == set(SHOWN)
    assert set(words.fates) == {fate.value for fate in Fate}


def test_every_column_that_is_shown_has_a_heading(words: DataWords) -> None:
    shown = {
        column
        for table in SHOWN
        for column in PLAN[table].columns
        if column not in PLAN[table].hidden
    }
    assert shown - set(words.columns) == set()
    assert shown >= TECHNICAL


def test_every_code_of_a_closed_list_has_words(words: DataWords) -> None:
    codes = {
        (column, code.value)
        for column, lists in CODES.items()
        for each in lists
        for code in each
    }
    known = {(c, code) for c, values in words.values.items() for code in values}
    assert codes - known == set()


def test_both_languages_have_words_for_the_same() -> None:
    def keys(found: Any) -> Any:
        if not isinstance(found, dict):
            return None
        return {key: keys(value) for key, value in found.items()}

    one, other = (data_words(locale) for locale in LOCALES)
    for part in ("columns", "values", "fates", "phrases"):
        assert keys(getattr(one, part)) == keys(getattr(other, part)), part
