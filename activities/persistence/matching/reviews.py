"""The review of matches: what ops decide, on whose word, and what the console shows of it."""

import json
from collections.abc import Sequence
from typing import Any

from activities.persistence.database import Repository, Row, Transaction
from activities.persistence.matching.locked_review import LockedReview, people_of
from activities.persistence.matching.pools import managers_in, pool_people
from activities.persistence.programmes.cohorts import cohort_columns, cohort_plan
from domain.review.decisions import plan_decision
from domain.review.run_changes import run_changes
from domain.review.swaps import swapped_people
from schemas.cohort import MatchDecision
from schemas.ids import CohortRef
from schemas.matches.matching import MatchingPool
from schemas.matches.review import (
    CheckedMatch,
    DecisionRefused,
    MatchesToCheck,
    MentorMentee,
)
from schemas.policy import Policy
from schemas.records.listings import (
    BanListing,
    DecisionListing,
    MatchChange,
    MatchListing,
    MatchReview,
    PinCandidate,
    PinListing,
    ReviewPage,
    UnmatchedListing,
)
from schemas.time.calendar import WorkCalendar

SHOWN_DECISIONS = 50
"""Most decisions that the review page lists."""
LIST_PAGE = 100
"""Most rows of each list of a run that the review page shows at a time."""
FIRST_PAGE = ReviewPage()
NAMED_PEOPLE = 1000
"""Most mentors, and most mentees, among whom the review page lets ops choose."""


class MatchReviews(Repository):
    """Decisions of ops about matches, each carried out once and completely."""

    async def matches_to_check(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> MatchesToCheck:
        """What the rules have to look at before people are put together.

        Raises:
            DecisionRefused: it names people or matches that are not there.
        """
        ids = [match for swap in decision.swap for match in (swap.one, swap.other)]
        plan = await cohort_plan(self._database, cohort)
        async with self._database.snapshot() as transaction:
            rows = await transaction.rows(
                "matches_named", **cohort_columns(cohort), named=ids
            )
            matches = {row["match"]: people_of(row) for row in rows}
            swaps = swapped_people(decision, matches)
            bans = await transaction.rows("pool_bans", programme=cohort.programme)
            lines = await transaction.row("pool_lines")
            mentors = sorted({two.mentor for two in (*decision.pin, *swaps)})
            mentees = sorted({two.mentee for two in (*decision.pin, *swaps)})
            people = await pool_people([*mentors, *mentees], transaction)
        if missing := {*mentors, *mentees} - people.keys():
            raise DecisionRefused(
                f"nobody was imported as {', '.join(sorted(missing)[:3])}; take the ids from the console"
            )
        pool = MatchingPool(
            cohort=cohort,
            policy=plan.policy if plan else Policy(),
            calendar=plan.calendar if plan else WorkCalendar(),
            mentees=tuple(people[mentee] for mentee in mentees),
            mentors=tuple(people[mentor] for mentor in mentors),
            bans=frozenset((row["mentor"], row["mentee"]) for row in bans),
            managers=managers_in(lines),
        )
        return MatchesToCheck(pool=pool, pins=decision.pin, swaps=swaps)

    async def decide(
        self,
        cohort: CohortRef,
        decision: MatchDecision,
        checked_matches: Sequence[CheckedMatch] = (),
    ) -> None:
        """Carry a decision out, or nothing of it. The same decision again changes nothing.

        Args:
            checked_matches: what the rules say of whom it puts together.

        Raises:
            DecisionRefused: see `plan_decision`.
        """
        async with self._database.transaction() as transaction:
            review = LockedReview(transaction, cohort, decision)
            snapshot = await review.snapshot()
            plan = plan_decision(decision, snapshot, checked_matches)
            await review.write(plan, snapshot.run, checked_matches)

    async def is_proposed(self, cohort: CohortRef, two: MentorMentee) -> bool:
        """Whether the newest run proposes a mentor and a mentee to each other."""
        return bool(
            await self._database.value(
                "is_proposed",
                **cohort_columns(cohort),
                mentor=two.mentor,
                mentee=two.mentee,
            )
        )

    async def find(
        self, cohort: CohortRef, after: ReviewPage = FIRST_PAGE
    ) -> MatchReview:
        """The newest run with names, a page of each list, what was approved before and
        is not announced yet, and what ops decided.
        """
        key = cohort_columns(cohort)
        async with self._database.snapshot() as transaction:
            run: int = await transaction.value("newest_run", **key)
            lists = _Lists(transaction, key, run)
            shown = await lists.shown(after)
            count = await transaction.value("proposed_count", **key, run=run)
            changes = await _changes(transaction, key, run)
            gains = await transaction.value("run_gains", **key, run=run)
            revision = await transaction.value("review_revision", **key)
            pins = await transaction.rows("pin_listing", **key)
            bans = await transaction.rows("ban_listing", **key)
            decisions = await transaction.rows(
                "decision_listing", **key, most=SHOWN_DECISIONS
            )
            free = await transaction.rows("free_people", **key, most=NAMED_PEOPLE)
        return MatchReview(
            run=run,
            **shown,
            proposed=count,
            gains=json.loads(gains or "[]"),
            revision=revision or 0,
            changes=changes,
            pins=tuple(PinListing.model_validate(dict(row)) for row in pins),
            bans=tuple(BanListing.model_validate(dict(row)) for row in bans),
            decided=tuple(
                DecisionListing.model_validate(dict(row)) for row in decisions
            ),
            free=tuple(PinCandidate.model_validate(dict(row)) for row in free),
        )


class _Lists:
    """The lists of a run that may be long, a page at a time, each with what the next page follows."""

    def __init__(self, transaction: Transaction, key: dict[str, Any], run: int) -> None:
        self._transaction = transaction
        self._key = {**key, "run": run, "most": LIST_PAGE + 1}

    async def shown(self, after: ReviewPage) -> dict[str, Any]:
        """Returns the fields of a review that hold these lists."""
        proposed, next_proposed = await self._matches(after.proposed, proposed=True)
        decided, next_decided = await self._matches(after.decided, proposed=False)
        left, next_left = await self._left(after.left)
        return {
            "matches": (*proposed, *decided),
            "left": left,
            "next": ReviewPage(
                proposed=next_proposed, decided=next_decided, left=next_left
            ),
        }

    async def _matches(
        self, after: str, *, proposed: bool
    ) -> tuple[list[MatchListing], str]:
        rows = await self._transaction.rows(
            "match_listing", **self._key, after=after, proposed=proposed
        )
        page = [MatchListing.model_validate(_listing(row)) for row in rows[:LIST_PAGE]]
        return page, page[-1].id if len(rows) > LIST_PAGE else ""

    async def _left(self, after: str) -> tuple[tuple[UnmatchedListing, ...], str]:
        rows = await self._transaction.rows(
            "unmatched_listing", **self._key, after=after
        )
        page = tuple(
            UnmatchedListing.model_validate(_listing(row)) for row in rows[:LIST_PAGE]
        )
        last = page[-1] if len(rows) > LIST_PAGE else None
        return page, f"{last.side}:{last.person}" if last else ""


async def _changes(
    transaction: Transaction, key: dict[str, Any], run: int
) -> tuple[MatchChange, ...]:
    before = await transaction.rows("run_before", **key, run=run - 1)
    if not before:
        return ()
    now = await transaction.rows("run_now", **key, run=run)
    return run_changes(
        [dict(row) for row in before],
        [MatchListing.model_validate(dict(row)) for row in now],
    )


def _listing(row: Row) -> dict[str, Any]:
    listing = {**row, "reasons": json.loads(row["reasons"])}
    if listing.get("decision") == "claimed":
        listing["decision"] = "approved"
    return listing
