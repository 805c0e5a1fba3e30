"""Programmes: the code's one row, the plan that it resolved to, and the state of its regions."""

from collections.abc import Collection, Sequence

from activities.persistence.database import Repository, as_json
from schemas.cohort import Evidence
from schemas.ids import CohortRef
from schemas.programme import ProgrammeDocument, ProgrammePlan
from schemas.rollout import ProgrammeOnRecord, ProgrammeState
from schemas.time.clock import Clock


class Programmes(Repository):
    """Programmes: the claim on a code, the plan, and the state that was saved last."""

    async def claim(
        self, document: ProgrammeDocument, plan: ProgrammePlan, workflow_id: str
    ) -> ProgrammePlan | None:
        """Take a programme's code. Returns the plan in force: a retry gets the one of the first claim.

        None: another workflow or another document holds the code, or the programme has run to its end.
        """
        text = document.model_dump_json(exclude_unset=True)
        locales = [
            {"region": cohort.cohort.region, "locale": cohort.locale}
            for cohort in plan.cohorts
        ]
        await self._database.execute(
            "claim_programme",
            programme=document.programme,
            workflow_id=workflow_id,
            document=text,
            plan=plan.model_dump_json(),
            programme_epoch=plan.clock.programme_epoch,
            wall_epoch=plan.clock.wall_epoch,
            pace=plan.clock.pace,
            sender=document.sender,
            locales=as_json(locales),
        )
        row = await self._database.row(
            "programme_row", programme=document.programme, document=text
        )
        ours = row["workflow_id"] == workflow_id and row["same"]
        if not ours or await self.has_ended(document.programme):
            return None
        return ProgrammePlan.model_validate_json(row["plan"])

    async def holder(self, programme: str) -> str | None:
        """The workflow that holds a programme's code."""
        workflow_id: str | None = await self._database.value(
            "holder_of", programme=programme
        )
        return workflow_id

    async def has_ended(self, programme: str) -> bool:
        """Whether each of its regions has closed; it is not begun again."""
        state = await self.state(programme)
        return state is not None and state.finished

    async def plan(self, programme: str) -> ProgrammePlan | None:
        plan = await self._database.value("programme_plan", programme=programme)
        return ProgrammePlan.model_validate_json(plan) if plan else None

    async def clock(self, programme: str) -> Clock | None:
        row = await self._database.row("programme_clock", programme=programme)
        return Clock.model_validate(dict(row)) if row else None

    async def save_state(self, state: ProgrammeState) -> None:
        """Save the state of the regions, and when each need was met; an older state changes nothing."""
        programme = state.plan.programme
        needs = [
            {"region": region.plan.cohort.region, "need": need}
            for region in state.regions
            for need in region.ticked
        ]
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "save_programme_state",
                programme=programme,
                state=state.model_dump_json(),
                revision=state.revision,
            )
            await transaction.execute(
                "date_needs",
                programme=programme,
                at=state.now,
                needs=as_json(needs),
            )

    async def state(self, programme: str) -> ProgrammeState | None:
        """The state that the programme saved last: regions, ticked needs and evidence."""
        state = await self._database.value("programme_state", programme=programme)
        return ProgrammeState.model_validate_json(state) if state else None

    async def codes(self) -> list[str]:
        """Returns the codes of all programmes, newest first."""
        return [row["programme"] for row in await self._database.rows("programmes")]

    async def cohorts(self, programme: str) -> list[CohortRef]:
        """Returns all cohorts of a programme that opened, in the order of opening."""
        rows: Sequence[dict[str, object]] = await self._database.rows(
            "cohorts_of", programme=programme
        )
        return [
            CohortRef.model_validate(
                {"programme": programme, "region": row["region"], "wave": row["wave"]}
            )
            for row in rows
        ]

    async def modules(self, programmes: Collection[str] = ()) -> frozenset[str]:
        """Returns all modules that these programmes' policies name, regions' own ones too.

        No programme stands for all of them.
        """
        rows = await self._database.rows("modules", programmes=list(programmes))
        return frozenset(row["module"] for row in rows)

    async def on_record(self, programme: str) -> ProgrammeOnRecord:
        """Returns the record from which a lost programme goes on.

        It holds the end of every cohort, as the programme may not have received it.
        """
        async with self._database.snapshot() as transaction:
            row = await transaction.row("programme_on_record", programme=programme)
            cohorts = await transaction.rows("opened_cohorts", programme=programme)
            paused = await transaction.rows("programme_pauses", programme=programme)
        refs = [
            CohortRef(programme=programme, region=found["region"], wave=found["wave"])
            for found in cohorts
        ]
        return ProgrammeOnRecord(
            plan=ProgrammePlan.model_validate_json(row["plan"]) if row else None,
            state=ProgrammeState.model_validate_json(row["state"])
            if row and row["state"]
            else None,
            opened=tuple(refs),
            closed=tuple(
                Evidence.model_validate_json(c["evidence"])
                for c in cohorts
                if c["evidence"]
            ),
            paused=tuple(row["scope"] for row in paused),
        )
