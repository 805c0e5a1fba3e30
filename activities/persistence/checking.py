"""The check of a programme document before it starts."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from activities.persistence.store import Store
from domain.programme.document import (
    HOW_TO_START,
    MOST_PROBLEMS,
    NEXT_STEP,
    read_document,
)
from domain.programme.plan import (
    dated_regions,
    people_problems,
    plan_of,
    requested_regions,
)
from domain.programme.templates import Templates
from schemas.ids import is_code
from schemas.programme import (
    CheckResult,
    PlannedRegion,
    Problem,
    ProgrammeDocument,
    ProgrammePlan,
)


class Resolved(NamedTuple):
    """Document and plan, or the problems that forbid them."""

    document: ProgrammeDocument | None
    plan: ProgrammePlan | None
    problems: list[Problem]
    people: Mapping[str, Mapping[str, int]]
    """Regions, each with its people by role, as they were counted for it."""


class ProgrammeChecker:
    """Reads documents against people and programmes that are there."""

    def __init__(self, store: Store, templates: Templates, console_url: str) -> None:
        self._store = store
        self._templates = templates
        self._console_url = console_url

    async def resolve(self, raw: Mapping[str, Any], wall: datetime) -> Resolved:
        """Read a document and make its plan, or say everything that is wrong with it.

        In a thread: a hundred regions, each with a country of its own, take seconds.
        """
        document, plan, problems = await asyncio.to_thread(self._read, raw, wall)
        regions = raw.get("regions") if isinstance(raw, Mapping) else None
        people = await self._store.people.role_counts()
        nobody = people_problems(
            requested_regions(regions), people, f"{self._console_url}/people"
        )
        problems = [*problems, *islice(nobody, MOST_PROBLEMS)][:MOST_PROBLEMS]
        return Resolved(document, None if problems else plan, problems, people)

    def _read(
        self, raw: Mapping[str, Any], wall: datetime
    ) -> tuple[ProgrammeDocument | None, ProgrammePlan | None, list[Problem]]:
        document, problems = read_document(raw, self._templates)
        plan, more = plan_of(document, wall) if document else (None, [])
        return document, plan, [*problems, *more]

    async def check(
        self, raw: Mapping[str, Any], wall: datetime, asking: str | None
    ) -> CheckResult:
        """The result of `check_only`; `asking` is the workflow that may hold the programme's code itself."""
        _, plan, problems, people = await self.resolve(raw, wall)
        dated = await asyncio.to_thread(_dated, plan, people) if plan else ()
        code = _code(raw)
        if code and (taken := await self._taken(code, asking)):
            problems = [taken, *problems]
        return CheckResult(
            programme=code or "unknown",
            ok=not problems,
            problems=tuple(problems),
            regions=dated,
            link=f"{self._console_url}/people",
            next_step=NEXT_STEP if problems else HOW_TO_START,
            plans=plan.cohorts if plan else (),
        )

    def programme_link(self, programme: str) -> str:
        return f"{self._console_url}/programmes/{programme}"

    async def taken(self, programme: str) -> Problem:
        """Why a code that somebody holds cannot be started."""
        status = await self._store.status.find(programme)
        closed_at = status.closed_at if status else None
        how = (
            f"taken (closed on {closed_at:%Y-%m-%d})"
            if closed_at
            else "already running"
        )
        return Problem(
            path="programme",
            what=f"{how}, {self.programme_link(programme)}; choose another code",
        )

    async def _taken(self, programme: str, asking: str | None) -> Problem | None:
        """A workflow that holds the code itself may go on with it, until the programme has ended."""
        holder = await self._store.programmes.holder(programme)
        if holder is None or (
            holder == asking and not await self._store.programmes.has_ended(programme)
        ):
            return None
        return await self.taken(programme)


def _dated(
    plan: ProgrammePlan, people: Mapping[str, Mapping[str, int]]
) -> tuple[PlannedRegion, ...]:
    return tuple(dated_regions(plan, people))


def _code(raw: object) -> str | None:
    """The programme's code, whatever else is wrong with the document."""
    code = raw.get("programme") if isinstance(raw, Mapping) else None
    return code if is_code(code) else None
