"""Who receives a notice: where people are looked for, by the role that it is addressed to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notices.delivery_decision import DropNotice, PassOn, delivery_decision
from domain.notices.recipients import (
    RecipientSource,
    needs_agreement,
    recipient_sources,
)
from domain.pair.step import URGENT
from schemas.notices import Recipient, Template
from tests.support.notices import NOW, person, row

S = RecipientSource
IN_CHARGE = (
    S.OPS_OF_REGION,
    S.OPS_ANYWHERE,
    S.SPONSOR_OF_REGION,
    S.SPONSOR_ANYWHERE,
)
CASES = [
    (Recipient.MENTOR, (S.MENTOR,)),
    (Recipient.MENTEE, (S.MENTEE,)),
    (Recipient.DELEGATE, (S.MENTEES_DELEGATE,)),
    # A mentor without a supervisor, or whose supervisor left, is the business of ops.
    (Recipient.SUPERVISOR, (S.MENTORS_SUPERVISOR, *IN_CHARGE)),
    (Recipient.MANAGER, (S.MENTORS_MANAGER,)),
    # A region without its own falls back to all there are.
    (Recipient.SPONSOR, (S.SPONSOR_OF_REGION, S.SPONSOR_ANYWHERE)),
    # Where all ops have left, a sponsor is asked.
    (Recipient.OPS, IN_CHARGE),
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


IN_PLACE = {source: f"somebody as {source}" for source in RecipientSource}
CALLS = (Recipient.SUPERVISOR, Recipient.OPS)
"""Whom a pair asks for a call; a sponsor where a mail to ops could not be delivered."""


def found(to: Recipient, left: set[str]) -> list[str]:
    """As PostgreSQL looks: everybody in the first place where anybody is who has not left."""
    places = ({IN_PLACE[source]} - left for source in recipient_sources(to))
    return sorted(next((people for people in places if people), ()))


@given(left=st.sets(st.sampled_from(sorted(IN_PLACE.values()))))
@pytest.mark.parametrize("to", CALLS)
def test_a_call_for_help_reaches_somebody_whoever_left_while_anybody_is_in_charge(
    to: Recipient, left: set[str]
) -> None:
    in_charge = {IN_PLACE[source] for source in IN_CHARGE}
    assert found(to, left) or left >= in_charge
    assert not left & set(found(to, left))


STAND_INS = [
    # who left                 to whom the notice was    who receives it
    ({S.MENTORS_SUPERVISOR}, Recipient.SUPERVISOR, S.OPS_OF_REGION),
    ({S.OPS_OF_REGION}, Recipient.OPS, S.OPS_ANYWHERE),
    ({S.OPS_OF_REGION, S.OPS_ANYWHERE}, Recipient.OPS, S.SPONSOR_OF_REGION),
    (
        {S.MENTORS_SUPERVISOR, *IN_CHARGE[:3]},
        Recipient.SUPERVISOR,
        S.SPONSOR_ANYWHERE,
    ),
    ({S.SPONSOR_OF_REGION}, Recipient.SPONSOR, S.SPONSOR_ANYWHERE),
]


@pytest.mark.parametrize(("gone", "to", "stands_in"), STAND_INS)
def test_whoever_stands_in_for_somebody_who_left_is_asked(
    gone: set[RecipientSource], to: Recipient, stands_in: RecipientSource
) -> None:
    assert found(to, {IN_PLACE[source] for source in gone}) == [IN_PLACE[stands_in]]


WITHOUT_READER = {
    Recipient.MENTOR: DropNotice("left"),
    Recipient.MENTEE: DropNotice("left"),
    Recipient.DELEGATE: DropNotice("left"),
    Recipient.MANAGER: DropNotice("left"),
    Recipient.FORMER_ADDRESS: DropNotice("left"),
    Recipient.SUPERVISOR: PassOn(recipient_sources(Recipient.SUPERVISOR)),
    Recipient.OPS: PassOn(recipient_sources(Recipient.OPS)),
    Recipient.SPONSOR: PassOn(recipient_sources(Recipient.SPONSOR)),
}


@pytest.mark.parametrize("template", [Template.READY, *URGENT])
@pytest.mark.parametrize("to", Recipient)
def test_nothing_is_sent_to_somebody_who_left_after_it_was_queued(
    to: Recipient, template: Template
) -> None:
    one = row(template, to, person=person(left=True))
    assert delivery_decision(one, NOW) == WITHOUT_READER[to]
