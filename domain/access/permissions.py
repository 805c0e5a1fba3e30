"""What each role may do, and where: the only place that says so."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from schemas.records.access import AccountRole, Grant


class Permission(StrEnum):
    """What a page or a button needs."""

    SEE_PROGRAMME = "see_programme"
    """Numbers and plan; no names."""
    SEE_EVIDENCE = "see_evidence"
    """The figures with which a region is proposed."""
    SEE_COHORT = "see_cohort"
    """Who is paired with whom, and the review of matches."""
    SEE_PAIR = "see_pair"
    SEE_PEOPLE = "see_people"
    """Names, addresses, weekly hours."""
    SEE_MAILS = "see_mails"
    """Mails of a rehearsal, with their links."""
    SEE_MENTORS = "see_mentors"
    """How the mentors get on whom one supervises."""
    READ_COMMENTS = "read_comments"
    """Confidential comments, with who wrote them."""
    DECIDE = "decide"
    """Pause, approve matches, part two people, tick a need."""
    DECIDE_OPENING = "decide_opening"
    """Open a region or hold it back."""
    CHANGE_PEOPLE = "change_people"
    """Import people, and pause a person."""
    REPAIR = "repair"
    """What was not delivered, and runs that differ from the record."""
    SEE_HISTORIES = "see_histories"
    """Encrypted histories of Temporal, decrypted; they hold no names."""
    ADMINISTER = "administer"
    """Accounts, and who read what."""


P = Permission
_VIEWED = frozenset({P.SEE_PROGRAMME, P.SEE_EVIDENCE, P.SEE_COHORT, P.SEE_PAIR})
PERMISSIONS: Mapping[AccountRole, frozenset[Permission]] = {
    AccountRole.ADMINISTRATOR: frozenset(Permission) - {P.READ_COMMENTS},
    AccountRole.PROGRAMME_MANAGER: _VIEWED
    | {
        P.SEE_PEOPLE,
        P.SEE_MAILS,
        P.DECIDE,
        P.DECIDE_OPENING,
        P.CHANGE_PEOPLE,
        P.REPAIR,
        P.SEE_HISTORIES,
    },
    AccountRole.VIEWER: _VIEWED,
    AccountRole.SPONSOR: frozenset({P.SEE_EVIDENCE, P.DECIDE_OPENING}),
    AccountRole.SUPERVISOR: frozenset({P.SEE_MENTORS}),
    AccountRole.TRUSTED_CONTACT: frozenset({P.READ_COMMENTS}),
}
PERSONAL = frozenset(
    {
        P.SEE_COHORT,
        P.SEE_PAIR,
        P.SEE_PEOPLE,
        P.SEE_MAILS,
        P.SEE_MENTORS,
        P.READ_COMMENTS,
        P.REPAIR,
    }
)
"""Whoever reads what these open has read about persons, and it is recorded."""


class Place(NamedTuple):
    """What a page is about: the installation, a programme, or a region of it."""

    programme: str | None = None
    region: str | None = None


INSTALLATION = Place()


def may(
    grants: Iterable[Grant], permission: Permission, places: Iterable[Place]
) -> bool:
    """Whether one of the grants gives the permission in one of the places."""
    wanted = tuple(places)
    return any(
        permission in PERMISSIONS[grant.role] and _covers(grant, place)
        for grant in grants
        for place in wanted
    )


def may_somewhere(grants: Iterable[Grant], permission: Permission) -> bool:
    """Whether one of the grants gives the permission anywhere: the page shows what it covers."""
    return any(permission in PERMISSIONS[grant.role] for grant in grants)


def _covers(grant: Grant, place: Place) -> bool:
    """A grant for a region covers nothing that is about its whole programme."""
    if grant.programme is None:
        return True
    return grant.programme == place.programme and grant.region in (None, place.region)
