"""The review of matches: what ops decide, on whose word, and what the console shows of it."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import to_json

from activities.persistence.cohorts import of
from activities.persistence.pools import Pools, managers_in
from domain.review.decisions import exchanged, plan_decision
from domain.review.run_changes import changes
from domain.review.snapshot import (
    DecisionEntry,
    DecisionPlan,
    ReviewedMatch,
    ReviewSnapshot,
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


class Reviewing(Pools):
    """Decisions about matches, each once and whole."""

    async def matches_to_check(
        self, cohort: CohortRef, decision: MatchDecision
    ) -> MatchesToCheck:
        """What the rules have to look at before people are put together.

        Raises:
            DecisionRefused: it names people or matches that are not there.
        """
        ids = [match for swap in decision.swap for match in (swap.one, swap.other)]
        plan = await self.cohort_plan(cohort)
        async with self._snapshot() as connection:
            rows = await self._rows(
                "matches_named", connection, **of(cohort), named=ids
            )
            swaps = _swapped(decision, {row["match"]: _two(row) for row in rows})
            bans = await self._rows("pool_bans", connection, programme=cohort.programme)
            lines = await self._row("pool_lines", connection)
            named = [
                person
                for two in (*decision.pin, *swaps)
                for person in (two.mentor, two.mentee)
            ]
            people = await self._pool_people(named, connection)
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
        async with self._transaction() as connection:
            newest = await self._row("lock_review", connection, **key)
            run, revision = (newest["run"], newest["revision"]) if newest else (0, 0)
            stands = await self._standing(cohort, decision, run, revision, connection)
            settled = plan_decision(decision, stands, checked_matches)
            await self._settle(cohort, settled, connection)
            if (
                settled.refuse or settled.rerun
            ):  # whoever is left is matched again, with everybody who is free then
                await self._do("replace_proposals", connection, **key)
            await self._swap(cohort, settled, run, checked_matches, connection)
            await self._order(cohort, settled, decision.by, connection)
            await self._tell(cohort, settled, run, decision.by, connection)

    async def _standing(
        self,
        cohort: CohortRef,
        decision: MatchDecision,
        run: int,
        revision: int,
        within: Any,
    ) -> ReviewSnapshot:
        key = of(cohort)
        named = [
            *decision.approve,
            *decision.refuse,
            *(m for s in decision.swap for m in (s.one, s.other)),
        ]
        rows = await self._rows("matches_of_run", within, **key, run=run, named=named)
        seen = revision if decision.revision is None else decision.revision
        since = await self._rows("decided_since", within, **key, revision=seen)
        twos = (*decision.pin, *decision.ban)
        mentors, mentees = [two.mentor for two in twos], [two.mentee for two in twos]
        there = await self._row(
            "in_cohort", within, **key, mentors=mentors, mentees=mentees
        )
        seats: dict[str, int] = {}
        for row in await self._rows("pool_seats", within, **key):
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
                    await self._rows("pool_pins", within, programme=cohort.programme),
                )
            ),
            bans=frozenset(
                map(
                    _two,
                    await self._rows("bans_of_ops", within, programme=cohort.programme),
                )
            ),
            seats=seats,
            waiting=frozenset(
                row["mentee"] for row in await self._rows("pool_mentees", within, **key)
            ),
            mentors=frozenset(there["mentors"]),
            mentees=frozenset(there["mentees"]),
        )

    async def _settle(
        self, cohort: CohortRef, settled: DecisionPlan, within: Any
    ) -> None:
        swapped = [match for both in settled.swap for match in both]
        for decision, matches in (
            ("refused", settled.refuse),
            ("approved", settled.approve),
            ("swapped", swapped),
        ):
            await self._do(
                "settle_matches",
                within,
                **of(cohort),
                matches=[m.match for m in matches],
                decision=decision,
            )

    async def _swap(
        self,
        cohort: CohortRef,
        settled: DecisionPlan,
        run: int,
        checked_matches: Sequence[CheckedMatch],
        within: Any,
    ) -> None:
        if settled.swap:
            checked = {match.people: match for match in checked_matches}
            rows = [
                proposal
                for both in settled.swap
                for proposal in _exchange(*both, checked)
            ]
            await self._do(
                "insert_swapped",
                within,
                **of(cohort),
                run=run,
                proposals=to_json(rows).decode(),
            )

    async def _order(
        self, cohort: CohortRef, settled: DecisionPlan, by: str, within: Any
    ) -> None:
        """Pins and bans."""
        given = {"programme": cohort.programme}
        banned = [*settled.ban, *(known.people for known in settled.refuse)]
        await self._do("unpin_all", within, **given, **_columns(settled.unpin))
        await self._do("pin_all", within, **given, **_columns(settled.pin), by=by)
        await self._do("unban_all", within, **given, **_columns(settled.unban))
        await self._do("ban_all", within, **given, **_columns(banned), by=by)

    async def _tell(
        self, cohort: CohortRef, settled: DecisionPlan, run: int, by: str, within: Any
    ) -> None:
        """All of it among the decisions, and what concerns a pair on its ledger; nothing if nothing changed."""
        if not (lines := settled.entries()):
            return
        columns = {
            "whats": [line.what for line in lines],
            "mentors": [line.people and line.people.mentor for line in lines],
            "mentees": [line.people and line.people.mentee for line in lines],
        }
        await self._row(
            "note_decision", within, **of(cohort), run=run, by=by, **columns
        )
        about = settled.seat_decisions()
        pairs, whats = (
            [known.pair for _, known in about],
            [LEDGER[what] for what, _ in about],
        )
        await self._do("tell_decision", within, pairs=pairs, whats=whats, by=by)

    async def matches(self, cohort: CohortRef) -> MatchReview:
        """The newest run with names, what was approved before and is not announced yet, and all that ops decided."""
        key = of(cohort)
        async with self._snapshot() as connection:
            run: int = await self._value("newest_run", connection, **key)
            found = await self._rows("match_listing", connection, **key, run=run)
            left = await self._rows("left_listing", connection, **key, run=run)
            before = await self._rows("run_before", connection, **key, run=run - 1)
            gains = await self._value("run_gains", connection, **key, run=run)
            revision = await self._value("review_revision", connection, **key)
            pins = await self._rows("pin_listing", connection, **key)
            bans = await self._rows("ban_listing", connection, **key)
            decided = await self._rows(
                "decision_listing", connection, **key, most=SHOWN
            )
            free = await self._rows("free_people", connection, **key, most=NAMED)
        listed = tuple(MatchListing.model_validate(_listing(row)) for row in found)
        return MatchReview(
            run=run,
            matches=listed,
            left=tuple(LeftListing.model_validate(_listing(row)) for row in left),
            gains=json.loads(gains or "[]"),
            revision=revision or 0,
            changes=changes(
                [dict(row) for row in before],
                [m for m in listed if m.id.startswith(f"{run}:")],
            ),
            pins=tuple(PinListing.model_validate(dict(row)) for row in pins),
            bans=tuple(BanListing.model_validate(dict(row)) for row in bans),
            decided=tuple(DecisionListing.model_validate(dict(row)) for row in decided),
            free=tuple(FreeListing.model_validate(dict(row)) for row in free),
        )


def _two(row: Any) -> MentorMentee:
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


def _listing(row: Any) -> dict[str, Any]:
    listing = {**row, "reasons": json.loads(row["reasons"])}
    if listing.get("decision") == "claimed":
        listing["decision"] = "approved"
    return listing
