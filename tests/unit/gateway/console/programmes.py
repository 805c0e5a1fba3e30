"""A running programme with two regions, and a review of matches."""

from schemas.ids import CohortRef
from schemas.matches.matching import MatchReason
from schemas.policy import Policy
from schemas.programme import CohortPlan, ProgrammePlan
from schemas.records.listings import (
    MatchListing,
    MatchReview,
    UnmatchedListing,
)
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.rollout import ProgrammeState, RegionState
from schemas.stages import Outcome, Stage
from schemas.time.calendar import WorkCalendar
from schemas.time.clock import Clock
from tests.support.lives import MENTEE, MENTOR, MONDAY
from tests.unit.gateway.factories import House

COMEX = CohortRef(programme="demo", region="comex")


OUEST = CohortRef(programme="demo", region="ouest")


MATCH_ID = f"3:1:{MENTOR}:{MENTEE}"


MATCHES = f"/cohorts/{COMEX.workflow_id}/matches"


WEB_UI = "http://localhost:8233/namespaces/default/workflows"


def running(house: House) -> None:
    """Comex runs; ouest waits for two needs, of which one is ticked."""
    outcomes = {Outcome.COMPLETED: 3, Outcome.DEFERRED: 1}
    comex = RegionStatus(
        region="comex",
        wave=1,
        status="open",
        pairs=6,
        stages={Stage.SESSIONS: 2, Stage.CLOSED: 4},
        outcomes=outcomes,
    )
    ouest = RegionStatus(region="ouest", wave=0, status="needs")
    regions = (comex, ouest)
    house.store.status.statuses["demo"] = ProgrammeStatus(
        programme="demo", status="running", now=MONDAY, pace=1, regions=regions
    )
    plans = [
        CohortPlan(cohort=COMEX, policy=Policy(), calendar=WorkCalendar()),
        CohortPlan(
            cohort=OUEST,
            policy=Policy(),
            calendar=WorkCalendar(),
            after="comex",
            needs=("council", "notice"),
        ),
    ]
    clock = Clock(programme_epoch=MONDAY, wall_epoch=MONDAY)
    plan = ProgrammePlan(
        programme="demo", starts_at=MONDAY, clock=clock, cohorts=tuple(plans)
    )
    states = (
        RegionState(plan=plans[0], status="open"),
        RegionState(plan=plans[1], status="needs", ticked=("council",)),
    )
    house.store.programmes.states["demo"] = ProgrammeState(
        plan=plan, now=MONDAY, regions=states
    )


def reviewed(house: House) -> None:
    match = MatchListing(
        id=MATCH_ID, mentor=MENTOR, mentor_name="Ana Ruiz", mentee=MENTEE, mentee_name="Marc Delorme", score=0.8,
        reasons=(MatchReason(rule="topics", items=("social_media",)),),
    )  # fmt: skip
    left = UnmatchedListing(
        person=MENTEE,
        name="Karl Ott",
        side="mentee",
        reasons=(MatchReason(rule="minimum_levels"),),
    )
    house.store.reviews.review = MatchReview(run=3, matches=(match,), left=(left,))
