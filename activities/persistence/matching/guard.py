"""The guard's looks at live pairs: what was found, what ops decide first, and who is still to be told."""

from collections.abc import Collection, Sequence

from activities.persistence.database import Repository
from activities.persistence.matching.pools import managers_in
from activities.persistence.programmes.cohorts import cohort_plan, of
from domain.matching.reporting_line_guard import ops_decide_first
from schemas.guard import GuardFinding, GuardResult, GuardSnapshot, MatchedPeople
from schemas.ids import CohortRef
from schemas.policy import Policy


class Guard(Repository):
    """Live pairs whose reporting lines became too close."""

    async def snapshot(self, cohort: CohortRef) -> GuardSnapshot:
        """Everything that a look needs, as of one moment."""
        plan, key = await cohort_plan(self._database, cohort), of(cohort)
        async with self._database.snapshot() as transaction:
            newest = await transaction.row("guard_check")
            pairs = await transaction.rows("guard_pairs", **key)
            proposals = await transaction.rows("guard_proposals", **key)
            lines = await transaction.row("pool_lines")
        return GuardSnapshot(
            check=newest["newest"],
            minimum_levels=(plan.policy if plan else Policy()).matching.minimum_levels,
            pairs=tuple(MatchedPeople(**row) for row in pairs),
            proposals=tuple(MatchedPeople(**row) for row in proposals),
            managers=managers_in(lines),
        )

    async def save(
        self, cohort: CohortRef, seen: GuardSnapshot, close: Collection[str]
    ) -> GuardResult:
        """Keep which pairs and proposals are too close, by their ids. What is news of many waits for ops.

        A proposal that is too close lapses at once: nobody has heard of it. The same look twice changes nothing.
        """
        plan, key = await cohort_plan(self._database, cohort), of(cohort)
        pairs = [two for two in seen.pairs if two.id in close]
        ids, mentees = [two.id for two in pairs], [two.mentee for two in pairs]
        async with self._database.transaction() as transaction:
            before = await transaction.row("lock_guard", **key)
            await transaction.execute("delete_parted_findings", **key)
            await transaction.execute("delete_apart_findings", **key, pairs=ids)
            await transaction.execute(
                "mark_apart_again", **key, pairs=ids, check=seen.check
            )
            await transaction.execute(
                "mark_too_close", pairs=ids, mentees=mentees, check=seen.check
            )
            held: int = await transaction.value("held_findings", **key)
            still: int = await transaction.value("frozen_by_guard", **key)
            if not ops_decide_first(
                held + still,
                len(seen.pairs),
                (plan.policy if plan else Policy()).supervision,
            ):
                await transaction.execute(
                    "settle_findings", **key, status="too_close", reason=None
                )
                held = 0
            lapsed = await transaction.execute(
                "lapse_close_matches", **key, matches=list(close)
            )
            asked = int(held > 0 and not before["holding"])
            await transaction.execute(
                "save_guard_look", **key, check=seen.check, asked=asked
            )
        return GuardResult(
            pairs=len(seen.pairs),
            held=held,
            hold=before["guard_questions"] + asked,
            lapsed=lapsed,
        )

    async def due(self) -> list[str]:
        """Workflow ids of cohorts that have not looked at changed reporting lines yet."""
        return [row["cohort"] for row in await self._database.rows("guards_due")]

    async def decide(self, cohort: CohortRef, *, release: bool, reason: str) -> int:
        """What ops decided about pairs that are held; answers how many there were."""
        async with self._database.transaction() as transaction:
            await transaction.row("lock_guard", **of(cohort))
            status = "too_close" if release else "dismissed"
            return await transaction.execute(
                "settle_findings",
                **of(cohort),
                status=status,
                reason=reason,
            )

    async def unsignalled(self, cohort: CohortRef, limit: int) -> list[GuardFinding]:
        rows = await self._database.rows("findings_to_notify", **of(cohort), most=limit)
        return [GuardFinding(*row) for row in rows]

    async def mark_signalled(self, findings: Sequence[GuardFinding]) -> None:
        """Their pairs heard of it."""
        await self._database.execute(
            "mark_findings_notified",
            pairs=[one.pair for one in findings],
            mentees=[one.mentee for one in findings],
            statuses=[one.status for one in findings],
        )
