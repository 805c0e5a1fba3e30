"""One decision about a cohort's matches, read and written while others wait for their turn."""

from collections import Counter
from collections.abc import Sequence

from activities.persistence.database import Row, Transaction, as_json
from activities.persistence.programmes.cohorts import cohort_columns
from domain.review.snapshot import (
    DecisionEntry,
    DecisionPlan,
    ReviewedMatch,
    ReviewSnapshot,
)
from domain.review.swaps import swapped_proposals
from schemas.cohort import MatchDecision
from schemas.ids import CohortRef
from schemas.matches.review import CheckedMatch, MentorMentee

LEDGER = {
    "approved": "match_approved",
    "refused": "match_refused",
    "swapped": "match_swapped",
}
"""What the pair's own ledger says of it."""


class LockedReview:
    """A cohort's review within the transaction of one decision."""

    def __init__(
        self, transaction: Transaction, cohort: CohortRef, decision: MatchDecision
    ) -> None:
        self._transaction = transaction
        self._key = cohort_columns(cohort)
        self._programme = {"programme": cohort.programme}
        self._decision = decision

    async def snapshot(self) -> ReviewSnapshot:
        """Lock the review, and read what the decision is checked against."""
        newest = await self._transaction.row("lock_review", **self._key)
        run, revision = (newest["run"], newest["revision"]) if newest else (0, 0)
        pins = await self._transaction.rows("pool_pins", **self._programme)
        bans = await self._transaction.rows("bans_of_ops", **self._programme)
        seats = await self._transaction.rows("pool_seats", **self._key)
        waiting = await self._transaction.rows("pool_mentees", **self._key)
        mentors, mentees = await self._people_of_cohort()
        return ReviewSnapshot(
            run=run,
            matches=await self._matches(run),
            since=await self._entries_since(revision),
            pins=frozenset(map(people_of, pins)),
            bans=frozenset(map(people_of, bans)),
            seats=Counter(row["mentor"] for row in seats),
            waiting=frozenset(row["mentee"] for row in waiting),
            mentors=mentors,
            mentees=mentees,
        )

    async def write(
        self, plan: DecisionPlan, run: int, checked_matches: Sequence[CheckedMatch]
    ) -> None:
        await self._decide_matches(plan)
        if plan.refuse or plan.rerun:
            # Whoever is left is matched again, with everybody who is free then.
            await self._transaction.execute("replace_proposals", **self._key)
        if plan.swap:
            proposals = swapped_proposals(plan.swap, checked_matches)
            await self._transaction.execute(
                "insert_swapped",
                **self._key,
                run=run,
                proposals=as_json(proposals),
            )
        await self._change_pins_and_bans(plan)
        await self._note(plan, run)

    async def _matches(self, run: int) -> dict[str, ReviewedMatch]:
        """The newest run's, and whatever the decision names of older ones."""
        swaps = self._decision.swap
        named = [
            *self._decision.approve,
            *self._decision.refuse,
            *(match for swap in swaps for match in (swap.one, swap.other)),
        ]
        rows = await self._transaction.rows(
            "matches_of_run", **self._key, run=run, named=named
        )
        return {
            row["match"]: ReviewedMatch(
                row["match"], row["run"], row["pair"], people_of(row), row["decision"]
            )
            for row in rows
        }

    async def _entries_since(self, newest: int) -> list[DecisionEntry]:
        """What was decided after what the reviewer saw."""
        seen = self._decision.revision
        rows = await self._transaction.rows(
            "decided_since", **self._key, revision=newest if seen is None else seen
        )
        return [
            DecisionEntry(
                row["what"],
                people_of(row) if row["mentor"] else None,
                row["decided_by"],
            )
            for row in rows
        ]

    async def _people_of_cohort(self) -> tuple[frozenset[str], frozenset[str]]:
        """Mentors and mentees of the cohort, among the people whom the decision pins or bans."""
        row = await self._transaction.row(
            "in_cohort",
            **self._key,
            **_columns((*self._decision.pin, *self._decision.ban)),
        )
        return frozenset(row["mentors"]), frozenset(row["mentees"])

    async def _decide_matches(self, plan: DecisionPlan) -> None:
        swapped = [match for both in plan.swap for match in both]
        for decision, matches in (
            ("refused", plan.refuse),
            ("approved", plan.approve),
            ("swapped", swapped),
        ):
            await self._transaction.execute(
                "settle_matches",
                **self._key,
                matches=[match.id for match in matches],
                decision=decision,
            )

    async def _change_pins_and_bans(self, plan: DecisionPlan) -> None:
        key, by = self._programme, self._decision.by
        banned = [*plan.ban, *(match.people for match in plan.refuse)]
        execute = self._transaction.execute
        await execute("unpin_all", **key, **_columns(plan.unpin))
        await execute("pin_all", **key, **_columns(plan.pin), by=by)
        await execute("unban_all", **key, **_columns(plan.unban))
        await execute("ban_all", **key, **_columns(banned), by=by)

    async def _note(self, plan: DecisionPlan, run: int) -> None:
        """Keep it among the decisions, and what concerns a pair on its ledger; nothing when nothing changed."""
        if not (entries := plan.entries()):
            return
        by = self._decision.by
        await self._transaction.row(
            "save_decision",
            **self._key,
            run=run,
            by=by,
            whats=[entry.what for entry in entries],
            mentors=[entry.people and entry.people.mentor for entry in entries],
            mentees=[entry.people and entry.people.mentee for entry in entries],
        )
        about = plan.seat_decisions()
        await self._transaction.execute(
            "add_decision_to_ledger",
            pairs=[match.pair for _, match in about],
            whats=[LEDGER[what] for what, _ in about],
            by=by,
        )


def people_of(row: Row) -> MentorMentee:
    """Returns the two people of a row; PostgreSQL holds only valid ids."""
    return MentorMentee.model_construct(mentor=row["mentor"], mentee=row["mentee"])


def _columns(twos: Sequence[MentorMentee]) -> dict[str, list[str]]:
    return {
        "mentors": [two.mentor for two in twos],
        "mentees": [two.mentee for two in twos],
    }
