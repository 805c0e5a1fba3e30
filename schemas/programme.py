"""The programme document, as it is typed into the Web UI, and the start documents made of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from schemas.base import LenientModel, StrictModel
from schemas.ids import Code, CohortRef
from schemas.policy import (
    Extension,
    Feedback,
    Matching,
    Opening,
    Policy,
    Sessions,
    Supervision,
    Timing,
    Training,
)
from schemas.time.calendar import ClosedPeriod, Instant, WorkCalendar, ZoneName
from schemas.time.clock import Clock

MOST_REGIONS = 100


class Rehearsal(StrictModel):
    """Run the same programme faster than wall time, mails diverted to the catcher."""

    pace: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] = 1.0
    """Programme time per wall time: 43200 makes a day of two seconds."""


class Region(StrictModel):
    """A region in which the programme runs: `comex`, the executive committee, first; then regional divisions."""

    region: Code
    """Its code, as in the people file. Its mentees are coached; each region is listed once."""
    after: Code | None = None
    """The region whose outcome opens this one; none: opens at the start."""
    opening: Opening = Opening.PROPOSED
    """`proposed`: the sponsor decides, shown the evidence; `automatic`: it opens when the evidence suffices."""
    mentors_from: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    """Regions that lend it mentors; empty: its own."""
    needs: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    """What must be ticked and dated before it opens, such as works_council."""
    zone: ZoneName = "Europe/Paris"
    """Time zone in which its days, working hours and holidays are read."""
    locale: Literal["en", "fr"] = "fr"
    """Language of mails and pages for people of the region whose own the people file leaves empty."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "FR"
    """ISO 3166 country whose public holidays do not count as open days."""
    closed: Annotated[tuple[ClosedPeriod, ...], Field(max_length=30)] = ()
    """Periods in which no deadline runs and no session is held, such as August; both days included."""
    training: dict[str, Any] = Field(default_factory=dict)
    """Values that differ here from the programme's; the same names are allowed as in `training` above."""
    sessions: dict[str, Any] = Field(default_factory=dict)
    matching: dict[str, Any] = Field(default_factory=dict)
    feedback: dict[str, Any] = Field(default_factory=dict)
    supervision: dict[str, Any] = Field(default_factory=dict)


class ProgrammeDocument(StrictModel):
    """One organisation's initiative: a policy, and a plan of regions. It may hold nothing personal."""

    programme: Code
    """Its code, part of every workflow id; a code is never used for a second programme."""
    template: Code | None = None
    """A policy shipped in examples/: cofely, axa or orange; this document's own values win over it."""
    check_only: bool = False
    """Answer with the dated plan, who cannot be matched and what is missing; send nothing to anyone."""
    starts_on: date
    """The day, in the first region's zone, on which mentors are invited; a past one means at once."""
    sender: Code = "mentoring"
    """Local part of the address that mails come from."""
    training: Training = Training()
    sessions: Sessions = Sessions()
    matching: Matching = Matching()
    feedback: Feedback = Feedback()
    supervision: Supervision = Supervision()
    extension: Extension = Extension()
    timing: Timing = Timing()
    regions: Annotated[tuple[Region, ...], Field(min_length=1, max_length=MOST_REGIONS)]
    rehearsal: Rehearsal | None = None

    @model_validator(mode="after")
    def _regions_fit(self) -> Self:
        for wrong in out_of_order([(r.region, r.after) for r in self.regions]):
            raise ValueError(str(wrong))
        return self

    def policy_of(self, region: Region) -> Policy:
        """The programme's policy with the region's own values over it.

        Raises:
            pydantic.ValidationError: a region's value is out of range (parsing a document finds this first).
        """
        own = {
            name: {
                **getattr(self, name).model_dump(exclude_unset=True),
                **getattr(region, name),
            }
            for name in ("training", "sessions", "matching", "feedback", "supervision")
        }
        return Policy.model_validate({**own, "extension": self.extension.model_dump()})


class Problem(LenientModel):
    """A problem of what somebody sent: where it is, what it is and what is allowed; it quotes nothing personal."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def out_of_order(regions: Sequence[tuple[object, object]]) -> Iterator[Problem]:
    """Finds regions that are listed twice, or before the one that they wait for.

    `regions` are (region, after) as they were written.
    """
    names = [name for name, _ in regions if isinstance(name, str)]
    if len(set(names)) != len(names):
        yield Problem(
            path="regions", what="the same region stands twice; each region stands once"
        )
    before: set[str] = set()
    for index, (name, after) in enumerate(regions):
        if isinstance(after, str) and after not in before:
            yield Problem(
                path=f"regions[{index}].after",
                what="names no region before it; list a region after what it waits for",
            )
        if isinstance(name, str):
            before.add(name)


class CohortPlan(LenientModel):
    """All a cohort needs to know, resolved once when the programme starts."""

    cohort: CohortRef
    policy: Policy
    calendar: WorkCalendar
    locale: Literal["en", "fr"] = "fr"
    mentors_from: tuple[Code, ...] = ()
    after: Code | None = None
    opening: Opening = Opening.PROPOSED
    needs: tuple[Code, ...] = ()


class ProgrammePlan(LenientModel):
    """A document that was checked: clock, one plan a region, and the addresses for links."""

    programme: Code
    starts_at: Instant
    clock: Clock
    extension: Extension = Extension()
    cohorts: tuple[CohortPlan, ...]


class PlannedRegion(LenientModel):
    """One line of the dated plan that `check_only` answers with.

    Dates suppose that mentors take all the time that the training has; a pair that is ready sooner meets sooner.
    """

    region: Code
    wave: int = 1
    opens: date
    trained_by: date
    first_sessions_about: date
    ends_about: date
    mentors: int
    mentees: int
    without_mentor: tuple[str, ...] = ()
    """Person ids of mentees with no possible mentor; the console shows their names and why."""
    missing: tuple[str, ...] = ()
    """Needs not ticked yet; ticked once for all waves."""


class CheckResult(LenientModel):
    """The result of `check_only`: ids, dates, counts and a link, but never a name."""

    programme: Code
    ok: bool
    problems: tuple[Problem, ...] = ()
    regions: tuple[PlannedRegion, ...] = ()
    link: str = ""
    """Console page that shows the same with names."""
    next_step: str = ""
    plans: tuple[CohortPlan, ...] = ()
    """Plans in which to look for possible mentors; emptied before the workflow returns."""


class StartResult(LenientModel):
    """What a start under any workflow id returns once the programme runs."""

    programme: Code
    workflow_id: str
    link: str
    regions: tuple[Code, ...] = ()
