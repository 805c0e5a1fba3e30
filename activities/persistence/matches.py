"""Runs of matching, and the claims on seats."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic_core import to_json

from activities.persistence.cohorts import of
from activities.persistence.reviewing import Reviewing
from schemas.cohort import MatchSummary
from schemas.ids import CohortRef, PairRef, PersonId, parse_pair_id
from schemas.matching import MatchProposal, RuleGain, UnmatchedPerson


class Claim(NamedTuple):
    """A seat that was claimed; its pair is to hear of it."""

    match: str
    pair: PairRef
    mentee: PersonId


def _columns(proposals: Sequence[MatchProposal]) -> dict[str, list[object]]:
    return {
        "pairs": [one.pair for one in proposals],
        "mentors": [one.mentor for one in proposals],
        "mentees": [one.mentee for one in proposals],
        "scores": [one.score for one in proposals],
        "reasons": [to_json(one.reasons).decode() for one in proposals],
    }


class Matches(Reviewing):
    """Who may coach whom, and who does."""

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
        key = of(cohort)
        async with self._transaction() as connection:
            newest = await self._row("lock_cohort", connection, **key)
            run = newest["run"] + 1
            await self._do("replace_proposals", connection, **key)
            await self._do(
                "insert_run",
                connection,
                **key,
                run=run,
                gains=to_json(list(gains)).decode(),
            )
            kept = await self._do(
                "insert_proposals", connection, **key, run=run, **_columns(proposals)
            )
            await self._do(
                "insert_left",
                connection,
                **key,
                run=run,
                left=to_json(list(left)).decode(),
            )
        return MatchSummary(
            run=run,
            proposed=kept,
            unmatched_mentors=sum(1 for one in left if one.side == "mentor"),
            unmatched_mentees=sum(1 for one in left if one.side == "mentee"),
        )

    async def approved(self, cohort: CohortRef) -> list[Claim]:
        """Claim the seats of approved matches; answers every claim whose pair was not marked as told.

        A match whose seat or mentee is not free any more lapses.
        """
        key = of(cohort)
        async with self._transaction() as connection:
            await self._row("lock_cohort", connection, **key)
            await self._do("claim_approved", connection, **key)
            await self._do("settle_approved", connection, **key)
            rows = await self._rows("claimed", connection, **key)
        return [
            Claim(row["match"], parse_pair_id(row["pair"]), row["mentee"])
            for row in rows
        ]

    async def announced(self, cohort: CohortRef, matches: Sequence[str]) -> None:
        """Their pairs were told."""
        await self._do("announced", **of(cohort), matches=list(matches))
