"""What the status of a programme is made of."""

from activities.persistence.database import Repository, Row
from activities.persistence.programmes.cohorts import pair_group, release
from domain.programme.status import (
    CohortPairGroup,
    OpenedCohort,
    ProgrammeFigures,
    programme_status,
)
from schemas.programme import ProgrammePlan
from schemas.records.status import ProgrammeStatus
from schemas.rollout import ProgrammeState
from schemas.time.clock import Clock


class ProgrammeStatuses(Repository):
    """Counts; never a name, and no mean of a few."""

    async def find(self, programme: str) -> ProgrammeStatus | None:
        figures = await self._figures(programme)
        return programme_status(figures) if figures else None

    async def _figures(self, programme: str) -> ProgrammeFigures | None:
        key = {"programme": programme}
        async with self._database.snapshot() as transaction:
            row = await transaction.row("programme_status", **key)
            if row is None:
                return None
            cohorts = await transaction.rows("cohorts_of", **key)
            pairs = await transaction.rows("status_pairs", **key)
            releases = await transaction.rows("newest_releases", **key)
            steps = await transaction.rows("status_steps", **key)
            waiting = await transaction.row("status_extras", **key)
            notices = await transaction.rows("notice_counts", **key)
        saved = row["state"]
        return ProgrammeFigures(
            programme=programme,
            clock=Clock.model_validate(dict(row)),
            wall=row["wall"],
            plan=ProgrammePlan.model_validate_json(row["plan"]),
            state=ProgrammeState.model_validate_json(saved) if saved else None,
            cohorts=[
                OpenedCohort(
                    row["region"], row["wave"], row["closed_at"], row["guard_held"]
                )
                for row in cohorts
            ],
            pairs=[_pairs(row) for row in pairs],
            releases=[release(row) for row in releases],
            next_steps={step["next_step"]: step["pairs"] for step in steps},
            waiting_for_ops=dict(waiting),
            notices={notice["state"]: notice["notices"] for notice in notices},
        )


def _pairs(row: Row) -> CohortPairGroup:
    return CohortPairGroup(row["region"], row["wave"], pair_group(row))
