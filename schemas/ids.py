"""Every id is built and taken apart here, and nowhere else.

An id has no slash: proxies in front of the Temporal Web UI do not pass one on.
"""

import re
from base64 import b32encode
from typing import Annotated, TypeGuard

from pydantic import Field, StringConstraints

from schemas.base import LenientModel

TASK_QUEUE = "binome"
MATCHING_QUEUE = "binome-matching"
NOTIFICATIONS_QUEUE = "binome-notifications"
TASK_QUEUES = (TASK_QUEUE, MATCHING_QUEUE, NOTIFICATIONS_QUEUE)
"""All of them; each worker's process takes tasks of all."""

RECONCILE_SCHEDULE = "reconcile"
"""Id of the Temporal Schedule; its runs are called so, followed by the time."""
RETENTION_SCHEDULE = "retention"
"""The same of the daily clearing-out."""
EXAMPLE_WORKFLOW_ID = "example"
"""Workflow id of the example run; the Web UI fills its start form from it."""

CODE_PATTERN = r"^[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?$"
PERSON_PATTERN = r"^p[a-z2-7]{13}$"
DECIDER_PATTERN = r"^(update|console|command|[ap][a-z2-7]{13})$"
MATCH_PATTERN = r"^\d{1,10}:\d{1,6}:p[a-z2-7]{13}:p[a-z2-7]{13}$"
ACTOR_PATTERN = r"^a[a-z2-7]{13}$"
KEY_PATTERN = r"^[^\x00-\x1f]*$"

Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
"""A programme, region, module or topic: lower case, digits, - and _, at most 40 characters."""

PersonId = Annotated[str, StringConstraints(pattern=PERSON_PATTERN)]
"""Random, minted at import; says nothing about the person."""

ActorId = Annotated[str, StringConstraints(pattern=ACTOR_PATTERN)]
"""An account that may sign in, random: histories name whoever decided by it, and say nothing more."""

Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
"""The id of a notice, without control characters.

PostgreSQL takes no NUL, and a write with one would be retried for ever.
"""

Ordinal = Annotated[int, Field(ge=1, le=999)]
"""Which session, attempt or check it is, counted from 1."""

LARGEST_INTEGER = 2**31 - 1
"""The largest number that PostgreSQL keeps as an `integer`."""


def is_code(value: object) -> TypeGuard[str]:
    """Whether something that was not validated may be shown and used as a code."""
    return isinstance(value, str) and re.fullmatch(CODE_PATTERN, value) is not None


def person_id(random_bytes: bytes) -> str:
    """A person id of 65 random bits out of nine bytes; its link to the organisation's id lives in PostgreSQL only."""
    return "p" + b32encode(random_bytes)[:13].decode().lower()


def actor_id(random_bytes: bytes) -> str:
    """An actor id out of nine random bytes."""
    return "a" + b32encode(random_bytes)[:13].decode().lower()


class CohortRef(LenientModel):
    """One programme in one region, one wave (waves count from 1)."""

    programme: Code
    region: Code
    wave: int = 1

    @property
    def workflow_id(self) -> str:
        return f"cohort:{self.programme}:{self.region}:{self.wave}"


class PairRef(LenientModel):
    """One seat of a mentor in a cohort (seats count from 1)."""

    programme: Code
    region: Code
    wave: int = 1
    mentor: PersonId
    seat: int = 1

    @property
    def cohort(self) -> CohortRef:
        return CohortRef(programme=self.programme, region=self.region, wave=self.wave)

    @property
    def workflow_id(self) -> str:
        return (
            f"pair:{self.programme}:{self.region}:{self.wave}:{self.mentor}:{self.seat}"
        )


def programme_workflow_id(programme: str) -> str:
    return f"programme:{programme}"


def region_scope(programme: str, region: str) -> str:
    """The scope of a pause of one region: every wave of it."""
    return f"region:{programme}:{region}"


def person_scope(person: PersonId) -> str:
    """The scope of a pause of one person: every pair of theirs."""
    return f"person:{person}"


def delivery_workflow_id(delivery: str) -> str:
    """`delivery` is a name as `domain.notices.partitions` makes it."""
    return f"delivery:{delivery}"


def people_import_workflow_id(file: str) -> str:
    return f"people_import:{file}"


_COHORT = re.compile(r"^cohort:([^:]+):([^:]+):(\d{1,6})$")
_PAIR = re.compile(r"^pair:([^:]+):([^:]+):(\d{1,6}):([^:]+):(\d{1,6})$")


def parse_cohort_id(workflow_id: str) -> CohortRef:
    """Take a cohort's workflow id apart.

    Raises:
        ValueError: not the workflow id of a cohort.
    """
    if not (m := _COHORT.match(workflow_id)):
        raise ValueError(
            "not the workflow id of a cohort; expected cohort:PROGRAMME:REGION:WAVE"
        )
    return CohortRef(programme=m[1], region=m[2], wave=int(m[3]))


def parse_pair_id(workflow_id: str) -> PairRef:
    """Take a pair's workflow id apart.

    Raises:
        ValueError: not the workflow id of a pair.
    """
    if not (m := _PAIR.match(workflow_id)):
        raise ValueError(
            "not the workflow id of a pair; expected pair:PROGRAMME:REGION:WAVE:MENTOR:SEAT"
        )
    return PairRef(
        programme=m[1], region=m[2], wave=int(m[3]), mentor=m[4], seat=int(m[5])
    )
