"""Runs of matching, and the claims on seats."""

from collections.abc import Sequence

from activities.persistence.database import Repository, as_json
from activities.persistence.programmes.cohorts import cohort_columns
from schemas.cohort import MatchSummary
from schemas.ids import CohortRef, parse_pair_id
from schemas.matches.matching import Claim, MatchProposal, RuleGain, UnmatchedPerson


def _columns(proposals: Sequence[MatchProposal]) -> dict[str, list[object]]:
    return {
        "pairs": [one.pair for one in proposals],
        "mentors": [one.mentor for one in proposals],
        "mentees": [one.mentee for one in proposals],
        "scores": [one.score for one in proposals],
        "reasons": [as_json(one.reasons) for one in proposals],
    }


class Matches(Repository):
    """Results of matching runs, and the seats claimed for approved matches."""

    async def save_run(
        self,
        cohort: CohortRef,
        proposals: Sequence[MatchProposal],
        left: Sequence[UnmatchedPerson],
        gains: Sequence[RuleGain] = (),
    ) -> MatchSummary:
        """Keep a run; it replaces every earlier proposal that nobody decided on.

        What it proposes for people about whom ops decided meanwhile is left out.
        """
        key = cohort_columns(cohort)
        async with self._database.transaction() as transaction:
            newest = await transaction.row("lock_cohort", **key)
            run = newest["run"] + 1
            await transaction.execute("replace_proposals", **key)
            await transaction.execute(
                "insert_run",
                **key,
                run=run,
                gains=as_json(list(gains)),
            )
            kept = await transaction.execute(
                "insert_proposals", **key, run=run, **_columns(proposals)
            )
            await transaction.execute(
                "insert_unmatched",
                **key,
                run=run,
                left=as_json(list(left)),
            )
        return MatchSummary(
            run=run,
            proposed=kept,
            unmatched_mentors=sum(1 for one in left if one.side == "mentor"),
            unmatched_mentees=sum(1 for one in left if one.side == "mentee"),
        )

    async def claim_approved(self, cohort: CohortRef) -> list[Claim]:
        """Claim the seats of approved matches; returns every claim not marked as announced.

        A match whose seat or mentee is not free any more lapses.
        """
        key = cohort_columns(cohort)
        async with self._database.transaction() as transaction:
            await transaction.row("lock_cohort", **key)
            await transaction.execute("claim_approved", **key)
            await transaction.execute("settle_approved", **key)
            rows = await transaction.rows("claimed_matches", **key)
        return [
            Claim(row["match"], parse_pair_id(row["pair"]), row["mentee"])
            for row in rows
        ]

    async def mark_announced(self, cohort: CohortRef, matches: Sequence[str]) -> None:
        """Mark matches whose pairs were signalled."""
        await self._database.execute(
            "mark_announced", **cohort_columns(cohort), matches=list(matches)
        )
