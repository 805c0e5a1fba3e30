"""Who may do what, and where: the table of roles."""

import pytest

from domain.access.permissions import (
    INSTALLATION,
    PERMISSIONS,
    Permission,
    Place,
    may,
    may_somewhere,
)
from schemas.records.access import AccountRole, Grant

P, R = Permission, AccountRole
EVERYTHING = set(Permission)
VIEWED = {P.SEE_PROGRAMME, P.SEE_EVIDENCE, P.SEE_COHORT, P.SEE_PAIR}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (R.ADMINISTRATOR, EVERYTHING - {P.READ_COMMENTS}),
        (
            R.PROGRAMME_MANAGER,
            EVERYTHING - {P.ADMINISTER, P.SEE_MENTORS, P.READ_COMMENTS},
        ),
        (R.VIEWER, VIEWED),
        (R.SPONSOR, {P.SEE_EVIDENCE, P.DECIDE_OPENING}),
        (R.SUPERVISOR, {P.SEE_MENTORS}),
        (R.TRUSTED_CONTACT, {P.READ_COMMENTS}),
    ],
)
def test_a_role_may_this_and_nothing_else(
    role: AccountRole, allowed: set[Permission]
) -> None:
    assert PERMISSIONS[role] == allowed


def test_every_role_stands_in_the_table() -> None:
    assert set(PERMISSIONS) == set(AccountRole)


PLACES = (INSTALLATION, Place("a"), Place("a", "x"), Place("a", "y"), Place("b", "x"))


@pytest.mark.parametrize(
    ("programme", "region", "covered"),
    [
        (None, None, set(PLACES)),
        ("a", None, {Place("a"), Place("a", "x"), Place("a", "y")}),
        ("a", "x", {Place("a", "x")}),
        ("c", None, set()),
    ],
)
def test_a_grant_covers_its_place_and_what_lies_in_it(
    programme: str | None, region: str | None, covered: set[Place]
) -> None:
    grant = Grant(role=R.VIEWER, programme=programme, region=region)
    assert {
        place for place in PLACES if may((grant,), P.SEE_PROGRAMME, (place,))
    } == covered


def test_one_of_several_places_is_enough() -> None:
    grant = Grant(role=R.VIEWER, programme="a", region="x")
    assert may((grant,), P.SEE_PAIR, (INSTALLATION, Place("a", "x")))


def test_a_role_in_one_place_lends_nothing_to_another_one() -> None:
    grants = (
        Grant(role=R.PROGRAMME_MANAGER, programme="a"),
        Grant(role=R.VIEWER, programme="b"),
    )
    assert not may(grants, P.DECIDE, (Place("b"),))


def test_without_a_grant_nothing_is_allowed() -> None:
    assert not any(may((), p, PLACES) or may_somewhere((), p) for p in Permission)
