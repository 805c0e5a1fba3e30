"""Who reads the comments of a region."""

from datetime import UTC, datetime

import pytest

from domain.access.trusted_contacts import trusted_contacts
from schemas.records.access import Account, AccountRole, Grant

ADDED = datetime(2027, 1, 4, tzinfo=UTC)


def account(
    role: AccountRole,
    programme: str | None = None,
    region: str | None = None,
    revoked: bool = False,
) -> Account:
    return Account(
        actor="a" + "b" * 13,
        login="maud",
        name="Maud",
        grants=(Grant(role=role, programme=programme, region=region),),
        added_at=ADDED,
        revoked_at=ADDED if revoked else None,
    )


CONTACT = AccountRole.TRUSTED_CONTACT


@pytest.mark.parametrize(
    ("found", "readers"),
    [
        (account(CONTACT), ("Maud",)),
        (account(CONTACT, "demo"), ("Maud",)),
        (account(CONTACT, "demo", "comex"), ("Maud",)),
        (account(CONTACT, "demo", "ouest"), ()),
        (account(CONTACT, "other"), ()),
        (account(CONTACT, revoked=True), ()),
        (account(AccountRole.ADMINISTRATOR), ()),
        (account(AccountRole.SUPERVISOR), ()),
    ],
)
def test_a_trusted_contact_of_the_region_reads_and_nobody_else(
    found: Account, readers: tuple[str, ...]
) -> None:
    assert trusted_contacts([found], "demo", "comex") == readers
