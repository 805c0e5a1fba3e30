"""Who receives a notice: where people are looked for, by the role that it is addressed to."""

import pytest

from domain.notices.recipients import (
    RecipientSource,
    needs_agreement,
    recipient_sources,
)
from schemas.notices import Recipient

S = RecipientSource
CASES = [
    (Recipient.MENTOR, (S.MENTOR,)),
    (Recipient.MENTEE, (S.MENTEE,)),
    (Recipient.DELEGATE, (S.MENTEES_DELEGATE,)),
    # A mentor without a supervisor is the business of ops.
    (Recipient.SUPERVISOR, (S.MENTORS_SUPERVISOR, S.OPS_OF_REGION, S.OPS_ANYWHERE)),
    (Recipient.MANAGER, (S.MENTORS_MANAGER,)),
    # A region without its own falls back to all there are.
    (Recipient.SPONSOR, (S.SPONSOR_OF_REGION, S.SPONSOR_ANYWHERE)),
    (Recipient.OPS, (S.OPS_OF_REGION, S.OPS_ANYWHERE)),
    # Nobody has it as a role: it is queued with the address.
    (Recipient.FORMER_ADDRESS, ()),
]


@pytest.mark.parametrize(("to", "sources"), CASES)
def test_a_role_is_looked_for_in_these_places_in_this_order(
    to: Recipient, sources: tuple[RecipientSource, ...]
) -> None:
    assert recipient_sources(to) == sources


def test_every_role_has_its_row_in_the_table() -> None:
    assert {to for to, _ in CASES} == set(Recipient)


@pytest.mark.parametrize("to", Recipient)
def test_only_the_manager_gets_a_notice_with_the_mentors_agreement(
    to: Recipient,
) -> None:
    assert needs_agreement(to) is (to is Recipient.MANAGER)
