"""Who receives a notice: which people PostgreSQL looks for, and in what order.

Nobody who has left is ever found.
"""

from enum import StrEnum

from schemas.notices import Recipient


class RecipientSource(StrEnum):
    """One place where PostgreSQL looks for people: around a pair, or in a region."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    MENTEES_DELEGATE = "mentees_delegate"
    MENTORS_SUPERVISOR = "mentors_supervisor"
    MENTORS_MANAGER = "mentors_manager"
    """The direct manager; dotted lines do not count."""
    OPS_OF_REGION = "ops_of_region"
    OPS_ANYWHERE = "ops_anywhere"
    SPONSOR_OF_REGION = "sponsor_of_region"
    SPONSOR_ANYWHERE = "sponsor_anywhere"


_OPS = (RecipientSource.OPS_OF_REGION, RecipientSource.OPS_ANYWHERE)
_SPONSOR = (RecipientSource.SPONSOR_OF_REGION, RecipientSource.SPONSOR_ANYWHERE)
_IN_CHARGE = (*_OPS, *_SPONSOR)
"""Ops; a sponsor where no ops are left. A call for help ends here at the latest."""
_SOURCES: dict[Recipient, tuple[RecipientSource, ...]] = {
    Recipient.MENTOR: (RecipientSource.MENTOR,),
    Recipient.MENTEE: (RecipientSource.MENTEE,),
    Recipient.DELEGATE: (RecipientSource.MENTEES_DELEGATE,),
    Recipient.SUPERVISOR: (RecipientSource.MENTORS_SUPERVISOR, *_IN_CHARGE),
    Recipient.MANAGER: (RecipientSource.MENTORS_MANAGER,),
    Recipient.SPONSOR: _SPONSOR,
    Recipient.OPS: _IN_CHARGE,
    Recipient.FORMER_ADDRESS: (),  # no role: it is queued with the change of the address
}


def recipient_sources(to: Recipient) -> tuple[RecipientSource, ...]:
    """Returns the places to look in, in order.

    Everybody in the first place that has anybody receives the notice. A mentee whose
    delegate left has a notice of their own already.
    """
    return _SOURCES[to]


def needs_agreement(to: Recipient) -> bool:
    """Whether it is held until the mentor agrees that this person gets it."""
    return to is Recipient.MANAGER
