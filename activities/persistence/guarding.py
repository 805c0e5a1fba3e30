"""The guard's looks at live pairs: what was found, what ops decide first, and who is still to be told."""

from collections.abc import Collection, Sequence

from activities.persistence.cohorts import of
from activities.persistence.matches import Matches
from activities.persistence.pools import managers_in
from schemas.guard import GuardFinding, GuardResult, GuardSnapshot, MatchedPeople
from schemas.ids import CohortRef
from schemas.policy import Policy, Supervision


class Guarding(Matches):
    """Live pairs whose reporting lines became too close."""

    async def guard_snapshot(self, cohort: CohortRef) -> GuardSnapshot:
        """Everything that a look needs, as of one moment."""
        plan, key = await self.cohort_plan(cohort), of(cohort)
        async with self._snapshot() as connection:
            newest = await self._row("guard_check", connection)
            pairs = await self._rows("guard_pairs", connection, **key)
            proposals = await self._rows("guard_proposals", connection, **key)
            lines = await self._row("pool_lines", connection)
        return GuardSnapshot(
            check=newest["newest"],
            minimum_levels=(plan.policy if plan else Policy()).matching.minimum_levels,
            pairs=tuple(MatchedPeople(**row) for row in pairs),
            proposals=tuple(MatchedPeople(**row) for row in proposals),
            managers=managers_in(lines),
        )

    async def save_guard_check(
        self, cohort: CohortRef, seen: GuardSnapshot, close: Collection[str]
    ) -> GuardResult:
        """Keep which pairs and proposals are too close, by their ids. What is news of many waits for ops.

        A proposal that is too close lapses at once: nobody has heard of it. The same look twice changes nothing.
        """
        plan, key = await self.cohort_plan(cohort), of(cohort)
        pairs = [two for two in seen.pairs if two.id in close]
        ids, mentees = [two.id for two in pairs], [two.mentee for two in pairs]
        async with self._transaction() as connection:
            before = await self._row("lock_guard", connection, **key)
            await self._do("forget_parted", connection, **key)
            await self._do("forget_apart", connection, **key, pairs=ids)
            await self._do("find_apart", connection, **key, pairs=ids, check=seen.check)
            await self._do(
                "find_close", connection, pairs=ids, mentees=mentees, check=seen.check
            )
            held: int = await self._value("held_findings", connection, **key)
            still: int = await self._value("standing_still", connection, **key)
            if not too_many(
                held + still,
                len(seen.pairs),
                (plan.policy if plan else Policy()).supervision,
            ):
                await self._do(
                    "settle_findings",
                    connection,
                    **key,
                    status="too_close",
                    reason=None,
                )
                held = 0
            lapsed = await self._do(
                "lapse_close", connection, **key, matches=list(close)
            )
            asked = int(held > 0 and not before["holding"])
            await self._do(
                "note_look", connection, **key, check=seen.check, asked=asked
            )
        return GuardResult(
            pairs=len(seen.pairs),
            held=held,
            hold=before["guard_questions"] + asked,
            lapsed=lapsed,
        )

    async def guards_due(self) -> list[str]:
        """Workflow ids of cohorts that have not looked at changed reporting lines yet."""
        return [row["cohort"] for row in await self._rows("guards_due")]

    async def settle_guard(
        self, cohort: CohortRef, *, release: bool, reason: str
    ) -> int:
        """What ops decided about pairs that are held; answers how many there were."""
        async with self._transaction() as connection:
            await self._row("lock_guard", connection, **of(cohort))
            status = "too_close" if release else "dismissed"
            return await self._do(
                "settle_findings",
                connection,
                **of(cohort),
                status=status,
                reason=reason,
            )

    async def guard_to_tell(self, cohort: CohortRef, limit: int) -> list[GuardFinding]:
        rows = await self._rows("guard_to_tell", **of(cohort), most=limit)
        return [GuardFinding(*row) for row in rows]

    async def guard_told(self, told: Sequence[GuardFinding]) -> None:
        """Their pairs heard of it."""
        await self._do(
            "guard_told",
            pairs=[one.pair for one in told],
            mentees=[one.mentee for one in told],
            statuses=[one.status for one in told],
        )


def too_many(frozen: int, pairs: int, policy: Supervision) -> bool:
    """Whether ops look first before so many of a cohort's live pairs are frozen at one time."""
    return frozen >= policy.guard_at_least and frozen > policy.guard_share * pairs
