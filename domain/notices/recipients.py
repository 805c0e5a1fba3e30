"""Who receives a notice: which people PostgreSQL looks for, and in what order."""

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
_SOURCES: dict[Recipient, tuple[RecipientSource, ...]] = {
    Recipient.MENTOR: (RecipientSource.MENTOR,),
    Recipient.MENTEE: (RecipientSource.MENTEE,),
    Recipient.DELEGATE: (RecipientSource.MENTEES_DELEGATE,),
    Recipient.SUPERVISOR: (RecipientSource.MENTORS_SUPERVISOR, *_OPS),
    Recipient.MANAGER: (RecipientSource.MENTORS_MANAGER,),
    Recipient.SPONSOR: (
        RecipientSource.SPONSOR_OF_REGION,
        RecipientSource.SPONSOR_ANYWHERE,
    ),
    Recipient.OPS: _OPS,
    Recipient.FORMER_ADDRESS: (),  # no role: it is queued with the change of the address
}


def recipient_sources(to: Recipient) -> tuple[RecipientSource, ...]:
    """Returns the places to look in, in order.

    Everybody in the first place that has anybody receives the notice.
    """
    return _SOURCES[to]


def needs_agreement(to: Recipient) -> bool:
    """Whether it is held until the mentor agrees that this person gets it."""
    return to is Recipient.MANAGER
