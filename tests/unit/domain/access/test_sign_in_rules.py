"""Which passwords are taken, how fast they may be guessed, and how long a sign-in lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access.passwords import password_problem
from domain.access.sign_in import (
    LINK_LASTS,
    SESSION_LASTS,
    link_open,
    next_attempt,
    session_open,
)
from schemas.records.access import Account, FoundSession, SignInWay

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("x", False),
        ("elevenchars", False),
        ("twelve chars", True),
        ("aaaaaaaaaaaaaaaa", False),
        ("abababababababab", False),
        ("olga@example.org1", False),
        ("olga@example.org likes to walk in the rain", True),
        ("é" * 4 + "correct horse", True),
        ("a long one " * 20, False),
    ],
)
def test_a_password_is_long_and_not_the_name(password: str, taken: bool) -> None:
    assert (password_problem(password, "olga@example.org") is None) is taken


@pytest.mark.parametrize(
    ("failed", "seconds"),
    [
        ([], None),
        ([1] * 4, None),
        ([1] * 5, 1),
        ([1] * 6, 3),
        ([3] * 6, 1),
        ([5] * 6, None),
        ([1] * 10, 63),
        ([1] * 40, 299),
        ([16 * 60] * 40, None),
    ],
)
def test_each_wrong_password_after_the_fifth_doubles_the_wait(
    failed: list[int], seconds: int | None
) -> None:
    """`failed`: seconds ago; `seconds`: until the next one."""
    expected = None if seconds is None else NOW + seconds * SECOND
    assert next_attempt([NOW - ago * SECOND for ago in failed], NOW) == expected


def found(**changes: datetime | None) -> FoundSession:
    account = Account(actor="a" * 14, login="olga", name="Olga", added_at=NOW)
    revoked = account.model_copy(update={"revoked_at": changes.get("revoked_at")})
    started = changes.get("started_at") or NOW
    return FoundSession(revoked, SignInWay.PASSWORD, started, changes.get("ended_at"))


@pytest.mark.parametrize(
    ("session", "is_open"),
    [
        (found(), True),
        (found(started_at=NOW - SESSION_LASTS + SECOND), True),
        (found(started_at=NOW - SESSION_LASTS), False),
        (found(ended_at=NOW), False),
        (found(revoked_at=NOW), False),
    ],
)
def test_a_session_ends_by_itself_by_sign_out_and_with_its_account(
    session: FoundSession, is_open: bool
) -> None:
    assert session_open(session, NOW) is is_open


@pytest.mark.parametrize(
    ("made", "used", "is_open"),
    [
        (NOW, None, True),
        (NOW - LINK_LASTS, None, False),
        (NOW - SECOND, NOW, False),
    ],
)
def test_a_link_signs_in_once_and_for_a_day(
    made: datetime, used: datetime | None, is_open: bool
) -> None:
    assert link_open(made, used, NOW) is is_open
