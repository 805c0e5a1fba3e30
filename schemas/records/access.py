"""Accounts of those who run programmes: who they are, and what they were granted."""

import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from schemas.base import LenientModel
from schemas.ids import ActorId, Code, PersonId

LOGIN_PATTERN = r"^[a-z0-9][a-z0-9._@+-]{0,99}$"


def is_login(value: str) -> bool:
    """Whether it may name an account: an address or a short name, in lower case."""
    return re.fullmatch(LOGIN_PATTERN, value) is not None


class AccountRole(StrEnum):
    """What an account is for; `domain.access.permissions` says what each may do."""

    ADMINISTRATOR = "administrator"
    """Everything, and who else may sign in."""
    PROGRAMME_MANAGER = "programme_manager"
    """Runs programmes."""
    VIEWER = "viewer"
    """Reads programmes, cohorts and pairs, and decides nothing."""
    SPONSOR = "sponsor"
    """Reads the evidence about a region, and decides whether it opens."""
    SUPERVISOR = "supervisor"
    """Reads how their own mentors get on."""
    TRUSTED_CONTACT = "trusted_contact"
    """Reads confidential comments, and nothing else; without one, none is collected."""


class Grant(LenientModel):
    """A role of an account, everywhere or in one place."""

    role: AccountRole
    programme: Code | None = None
    """None: everywhere, also where no programme is concerned."""
    region: Code | None = None
    """A region of the programme; None: in all of it."""


class Account(LenientModel):
    """Somebody, or a script, who may sign in."""

    actor: ActorId
    login: str
    """What is typed to sign in: an address or a short name, in lower case."""
    name: str
    """As pages show it."""
    person: PersonId | None = None
    """Who it is among the people of the programmes; a supervisor's mentors are found by it."""
    grants: tuple[Grant, ...] = ()
    added_at: datetime
    revoked_at: datetime | None = None
    """Since when it may do nothing; wall time."""
    has_password: bool = False
    has_token: bool = False


class SignInWay(StrEnum):
    """How somebody showed who they are."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    LINK = "link"
    """The one-time link that `binome up` or an administrator gave them."""
    OPENID = "openid"
    HEADER = "header"
    """A proxy of the organisation says so."""
    TOKEN = "token"  # noqa: S105 - a word, not a secret
    """The bearer token of a script."""


class FoundSession(NamedTuple):
    """A session that a browser names, open or not."""

    account: Account
    way: SignInWay
    started_at: datetime
    ended_at: datetime | None


class AccessEntry(NamedTuple):
    """One line of who read what, or decided what; wall time."""

    at: datetime
    actor: ActorId
    name: str
    what: str
    about: str
    outcome: str | None = None
    """What a workflow said to a decision, accepted or refused; None: nobody was asked, or it is not known."""
