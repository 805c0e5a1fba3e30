"""Checks of live pairs' reporting lines: findings, what ops decide first, and whom to signal."""

from collections.abc import Collection, Sequence

from activities.persistence.database import Repository, Transaction
from activities.persistence.matching.pools import managers_in
from activities.persistence.programmes.cohorts import cohort_columns, cohort_plan
from domain.matching.reporting_line_guard import ops_decide_first
from schemas.guard import GuardFinding, GuardResult, GuardSnapshot, MatchedPeople
from schemas.ids import CohortRef
from schemas.policy import Policy


class Guard(Repository):
    """The checks of reporting lines, and the pairs that became too close."""

    async def snapshot(self, cohort: CohortRef) -> GuardSnapshot:
        """Returns everything that a check needs, as of one moment."""
        plan, key = await cohort_plan(self._database, cohort), cohort_columns(cohort)
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
        """Keep which pairs and proposals are too close, by their ids. News of many pairs waits for ops.

        A proposal that is too close lapses at once: nobody was sent it. The same check twice changes nothing.
        """
        plan, key = await cohort_plan(self._database, cohort), cohort_columns(cohort)
        policy = (plan.policy if plan else Policy()).supervision
        async with self._database.transaction() as transaction:
            before = await transaction.row("lock_guard", **key)
            await self._save_findings(transaction, cohort, seen, close)
            held: int = await transaction.value("held_findings", **key)
            frozen: int = await transaction.value("frozen_by_guard", **key)
            if not ops_decide_first(held + frozen, len(seen.pairs), policy):
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

    async def _save_findings(
        self,
        transaction: Transaction,
        cohort: CohortRef,
        seen: GuardSnapshot,
        close: Collection[str],
    ) -> None:
        key = cohort_columns(cohort)
        pairs = [pair for pair in seen.pairs if pair.id in close]
        ids, mentees = [pair.id for pair in pairs], [pair.mentee for pair in pairs]
        await transaction.execute("delete_parted_findings", **key)
        await transaction.execute("delete_apart_findings", **key, pairs=ids)
        await transaction.execute(
            "mark_apart_again", **key, pairs=ids, check=seen.check
        )
        await transaction.execute(
            "mark_too_close", pairs=ids, mentees=mentees, check=seen.check
        )

    async def due(self) -> list[str]:
        """Workflow ids of cohorts that have not checked changed reporting lines yet."""
        return [row["cohort"] for row in await self._database.rows("guards_due")]

    async def decide(self, cohort: CohortRef, *, accept: bool, reason: str) -> int:
        """Write down what ops decided about held pairs. Returns how many there were."""
        async with self._database.transaction() as transaction:
            await transaction.row("lock_guard", **cohort_columns(cohort))
            status = "too_close" if accept else "dismissed"
            return await transaction.execute(
                "settle_findings",
                **cohort_columns(cohort),
                status=status,
                reason=reason,
            )

    async def unsignalled(self, cohort: CohortRef, limit: int) -> list[GuardFinding]:
        rows = await self._database.rows(
            "findings_to_notify", **cohort_columns(cohort), most=limit
        )
        return [GuardFinding(*row) for row in rows]

    async def mark_signalled(self, findings: Sequence[GuardFinding]) -> None:
        """Mark findings whose pairs were signalled."""
        await self._database.execute(
            "mark_findings_notified",
            pairs=[one.pair for one in findings],
            mentees=[one.mentee for one in findings],
            statuses=[one.status for one in findings],
        )
