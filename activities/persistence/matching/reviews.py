"""The review of matches: what ops decide, on whose word, and what the console shows of it."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import to_json

from activities.persistence.database import Repository, Row, Transaction
from activities.persistence.matching.pools import managers_in, pool_people
from activities.persistence.programmes.cohorts import cohort_plan, of
from domain.review.decisions import plan_decision
from domain.review.run_changes import run_changes
from domain.review.snapshot import (
    DecisionEntry,
    DecisionPlan,
    ReviewedMatch,
    ReviewSnapshot,
    exchanged,
)
from schemas.calendar import WorkCalendar
from schemas.cohort import MatchDecision
from schemas.ids import CohortRef
from schemas.listings import (
    BanListing,
    DecisionListing,
    FreeListing,
    LeftListing,
    MatchListing,
    MatchReview,
    PinListing,
)
from schemas.matching import MatchingPool, MatchProposal
from schemas.policy import Policy
from schemas.review import CheckedMatch, DecisionRefused, MatchesToCheck, MentorMentee

SHOWN = 50
"""Decisions on the review page."""
NAMED = 1000
"""People of each side among whom it lets choose."""
LEDGER = {
    "approved": "match_approved",
    "refused": "match_refused",
    "swapped": "match_swapped",
}
"""What the pair's own ledger says of it."""


class Reviews(Repository):
    """Decisions about matches, each once and whole."""

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
            rows = await transaction.rows("matches_named", **of(cohort), named=ids)
            swaps = _swapped(decision, {row["match"]: _two(row) for row in rows})
            bans = await transaction.rows("pool_bans", programme=cohort.programme)
            lines = await transaction.row("pool_lines")
            named = [
                person
                for two in (*decision.pin, *swaps)
                for person in (two.mentor, two.mentee)
            ]
            people = await pool_people(named, transaction)
        if missing := {*named} - people.keys():
            raise DecisionRefused(
                f"nobody was imported as {', '.join(sorted(missing)[:3])}; take the ids from the console"
            )
        twos = (*decision.pin, *swaps)
        pool = MatchingPool(
            cohort=cohort,
            policy=plan.policy if plan else Policy(),
            calendar=plan.calendar if plan else WorkCalendar(),
            mentees=tuple(
                people[person] for person in sorted({two.mentee for two in twos})
            ),
            mentors=tuple(
                people[person] for person in sorted({two.mentor for two in twos})
            ),
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
        key = of(cohort)
        async with self._database.transaction() as transaction:
            newest = await transaction.row("lock_review", **key)
            run, revision = (newest["run"], newest["revision"]) if newest else (0, 0)
            stands = await self._standing(cohort, decision, run, revision, transaction)
            settled = plan_decision(decision, stands, checked_matches)
            await self._settle(cohort, settled, transaction)
            if (
                settled.refuse or settled.rerun
            ):  # whoever is left is matched again, with everybody who is free then
                await transaction.execute("replace_proposals", **key)
            await self._swap(cohort, settled, run, checked_matches, transaction)
            await self._order(cohort, settled, decision.by, transaction)
            await self._tell(cohort, settled, run, decision.by, transaction)

    async def _standing(
        self,
        cohort: CohortRef,
        decision: MatchDecision,
        run: int,
        revision: int,
        transaction: Transaction,
    ) -> ReviewSnapshot:
        key = of(cohort)
        named = [
            *decision.approve,
            *decision.refuse,
            *(m for s in decision.swap for m in (s.one, s.other)),
        ]
        rows = await transaction.rows("matches_of_run", **key, run=run, named=named)
        seen = revision if decision.revision is None else decision.revision
        since = await transaction.rows("decided_since", **key, revision=seen)
        twos = (*decision.pin, *decision.ban)
        mentors, mentees = [two.mentor for two in twos], [two.mentee for two in twos]
        there = await transaction.row(
            "in_cohort", **key, mentors=mentors, mentees=mentees
        )
        seats: dict[str, int] = {}
        for row in await transaction.rows("pool_seats", **key):
            seats[row["mentor"]] = seats.get(row["mentor"], 0) + 1
        return ReviewSnapshot(
            run=run,
            matches={
                r["match"]: ReviewedMatch(
                    r["match"], r["run"], r["pair"], _two(r), r["decision"]
                )
                for r in rows
            },
            since=[
                DecisionEntry(
                    row["what"], _two(row) if row["mentor"] else None, row["decided_by"]
                )
                for row in since
            ],
            pins=frozenset(
                map(
                    _two,
                    await transaction.rows("pool_pins", programme=cohort.programme),
                )
            ),
            bans=frozenset(
                map(
                    _two,
                    await transaction.rows("bans_of_ops", programme=cohort.programme),
                )
            ),
            seats=seats,
            waiting=frozenset(
                row["mentee"] for row in await transaction.rows("pool_mentees", **key)
            ),
            mentors=frozenset(there["mentors"]),
            mentees=frozenset(there["mentees"]),
        )

    async def _settle(
        self, cohort: CohortRef, settled: DecisionPlan, transaction: Transaction
    ) -> None:
        swapped = [match for both in settled.swap for match in both]
        for decision, matches in (
            ("refused", settled.refuse),
            ("approved", settled.approve),
            ("swapped", swapped),
        ):
            await transaction.execute(
                "settle_matches",
                **of(cohort),
                matches=[match.id for match in matches],
                decision=decision,
            )

    async def _swap(
        self,
        cohort: CohortRef,
        settled: DecisionPlan,
        run: int,
        checked_matches: Sequence[CheckedMatch],
        transaction: Transaction,
    ) -> None:
        if settled.swap:
            checked = {match.people: match for match in checked_matches}
            rows = [
                proposal
                for both in settled.swap
                for proposal in _exchange(*both, checked)
            ]
            await transaction.execute(
                "insert_swapped",
                **of(cohort),
                run=run,
                proposals=to_json(rows).decode(),
            )

    async def _order(
        self,
        cohort: CohortRef,
        settled: DecisionPlan,
        by: str,
        transaction: Transaction,
    ) -> None:
        """Pins and bans."""
        given = {"programme": cohort.programme}
        banned = [*settled.ban, *(known.people for known in settled.refuse)]
        await transaction.execute("unpin_all", **given, **_columns(settled.unpin))
        await transaction.execute("pin_all", **given, **_columns(settled.pin), by=by)
        await transaction.execute("unban_all", **given, **_columns(settled.unban))
        await transaction.execute("ban_all", **given, **_columns(banned), by=by)

    async def _tell(
        self,
        cohort: CohortRef,
        settled: DecisionPlan,
        run: int,
        by: str,
        transaction: Transaction,
    ) -> None:
        """All of it among the decisions, and what concerns a pair on its ledger; nothing if nothing changed."""
        if not (lines := settled.entries()):
            return
        columns = {
            "whats": [line.what for line in lines],
            "mentors": [line.people and line.people.mentor for line in lines],
            "mentees": [line.people and line.people.mentee for line in lines],
        }
        await transaction.row("note_decision", **of(cohort), run=run, by=by, **columns)
        about = settled.seat_decisions()
        pairs, whats = (
            [known.pair for _, known in about],
            [LEDGER[what] for what, _ in about],
        )
        await transaction.execute("tell_decision", pairs=pairs, whats=whats, by=by)

    async def find(self, cohort: CohortRef) -> MatchReview:
        """The newest run with names, what was approved before and is not announced yet, and all that ops decided."""
        key = of(cohort)
        async with self._database.snapshot() as transaction:
            run: int = await transaction.value("newest_run", **key)
            found = await transaction.rows("match_listing", **key, run=run)
            left = await transaction.rows("left_listing", **key, run=run)
            before = await transaction.rows("run_before", **key, run=run - 1)
            gains = await transaction.value("run_gains", **key, run=run)
            revision = await transaction.value("review_revision", **key)
            pins = await transaction.rows("pin_listing", **key)
            bans = await transaction.rows("ban_listing", **key)
            decided = await transaction.rows("decision_listing", **key, most=SHOWN)
            free = await transaction.rows("free_people", **key, most=NAMED)
        listed = tuple(MatchListing.model_validate(_listing(row)) for row in found)
        return MatchReview(
            run=run,
            matches=listed,
            left=tuple(LeftListing.model_validate(_listing(row)) for row in left),
            gains=json.loads(gains or "[]"),
            revision=revision or 0,
            changes=run_changes(
                [dict(row) for row in before],
                [m for m in listed if m.id.startswith(f"{run}:")],
            ),
            pins=tuple(PinListing.model_validate(dict(row)) for row in pins),
            bans=tuple(BanListing.model_validate(dict(row)) for row in bans),
            decided=tuple(DecisionListing.model_validate(dict(row)) for row in decided),
            free=tuple(FreeListing.model_validate(dict(row)) for row in free),
        )


def _two(row: Row) -> MentorMentee:
    return MentorMentee.model_construct(mentor=row["mentor"], mentee=row["mentee"])


def _swapped(
    decision: MatchDecision, known: dict[str, MentorMentee]
) -> tuple[MentorMentee, ...]:
    """Who would be together; a match that is not there is refused later, with the others."""
    both = [
        (known[s.one], known[s.other])
        for s in decision.swap
        if s.one in known and s.other in known
    ]
    return tuple(two for one, other in both for two in exchanged(one, other))


def _exchange(
    one: ReviewedMatch, other: ReviewedMatch, checked: dict[MentorMentee, CheckedMatch]
) -> Iterable[MatchProposal]:
    for seat, people in zip(
        (one, other), exchanged(one.people, other.people), strict=True
    ):
        match = checked[people]
        yield MatchProposal(
            pair=seat.pair,
            mentor=people.mentor,
            mentee=people.mentee,
            score=match.score,
            reasons=match.reasons,
        )


def _columns(twos: Sequence[MentorMentee]) -> dict[str, list[str]]:
    return {
        "mentors": [two.mentor for two in twos],
        "mentees": [two.mentee for two in twos],
    }


def _listing(row: Row) -> dict[str, Any]:
    listing = {**row, "reasons": json.loads(row["reasons"])}
    if listing.get("decision") == "claimed":
        listing["decision"] = "approved"
    return listing
