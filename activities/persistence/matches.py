"""Runs of matching, what ops decide about them, and the claims on seats."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic_core import to_json

from activities.persistence.cohorts import of
from activities.persistence.pools import Pools
from schemas.cohort import MatchDecision, MatchSummary
from schemas.ids import CohortRef, PairRef, PersonId, parse_pair_id
from schemas.listings import LeftListing, MatchListing, MatchReview
from schemas.matching import Gain, Left, Proposal


class DecisionRefused(Exception):
    """A decision about matches that cannot be carried out; the message is for the one who decided."""


class Claim(NamedTuple):
    """A seat that was claimed; its pair is to hear of it."""

    match: str
    pair: PairRef
    mentee: PersonId


class Matches(Pools):
    """Who may coach whom, who does, who decided."""

    async def pin(self, programme: str, mentor: PersonId, mentee: PersonId) -> None:
        """The two are to be matched as soon as both are free."""
        await self._do("pin", programme=programme, mentor=mentor, mentee=mentee)

    async def unpin(self, programme: str, mentor: PersonId, mentee: PersonId) -> None:
        """Take a pin back; a pair that was made by it stays."""
        await self._do("unpin", programme=programme, mentor=mentor, mentee=mentee)

    async def save_run(
        self, cohort: CohortRef, proposals: Sequence[Proposal], left: Sequence[Left], gains: Sequence[Gain] = ()
    ) -> MatchSummary:
        """Keep a run; it replaces every earlier proposal that nobody decided on."""
        key = of(cohort)
        async with self._transaction() as connection:
            newest = await self._row("lock_cohort", connection, **key)
            run = newest["run"] + 1
            await self._do("replace_proposals", connection, **key)
            await self._do("insert_run", connection, **key, run=run, gains=to_json(list(gains)).decode())
            await self._do("insert_proposals", connection, **key, run=run, proposals=to_json(list(proposals)).decode())
            await self._do("insert_left", connection, **key, run=run, left=to_json(list(left)).decode())
        return MatchSummary(
            run=run,
            proposed=len(proposals),
            unmatched_mentors=sum(1 for one in left if one.side == "mentor"),
            unmatched_mentees=sum(1 for one in left if one.side == "mentee"),
        )

    async def decide(self, cohort: CohortRef, decision: MatchDecision) -> None:
        """Approve and refuse. The same decision again changes nothing.

        Raises:
            DecisionRefused: it is about an older run, about matches that are not there, or says two things of one.
        """
        key = of(cohort)
        async with self._transaction() as connection:
            newest = await self._row("lock_cohort", connection, **key)
            run = newest["run"] if newest else 0
            known = {row["match"]: row["decision"] for row in await self._rows("decisions", connection, **key, run=run)}
            approve, refuse = read_decision(decision, run, known)
            await self._do("decide", connection, **key, matches=refuse, decision="refused")
            await self._do("decide", connection, **key, matches=approve, decision="approved")
            await self._do("ban_refused", connection, **key, matches=refuse)
            if refuse:  # whoever is left is matched again, with everybody who is free then
                await self._do("replace_proposals", connection, **key)

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
        return [Claim(row["match"], parse_pair_id(row["pair"]), row["mentee"]) for row in rows]

    async def announced(self, cohort: CohortRef, matches: Sequence[str]) -> None:
        """Their pairs were told."""
        await self._do("announced", **of(cohort), matches=list(matches))

    async def matches(self, cohort: CohortRef) -> MatchReview:
        """The newest run with names, and what was approved before and is not announced yet."""
        run: int = await self._value("newest_run", **of(cohort))
        found = await self._rows("match_listing", **of(cohort), run=run)
        left = await self._rows("left_listing", **of(cohort), run=run)
        gains = await self._value("run_gains", **of(cohort), run=run)
        return MatchReview(
            run=run,
            matches=tuple(MatchListing.model_validate(_listing(row)) for row in found),
            left=tuple(LeftListing.model_validate(_listing(row)) for row in left),
            gains=json.loads(gains or "[]"),
        )


def read_decision(decision: MatchDecision, run: int, known: dict[str, str]) -> tuple[list[str], list[str]]:
    """Which matches of the newest run to approve and which to refuse.

    Raises:
        DecisionRefused: see `Matches.decide`.
    """
    if not run:
        raise DecisionRefused("nothing was proposed yet; wait for the first run of matching")
    if decision.run not in (0, run):
        raise DecisionRefused(f"run {run} has replaced the one that was reviewed; look at it and decide again")
    approve, refuse = set(decision.approve), set(decision.refuse)
    if decision.all:
        approve |= {match for match, stands in known.items() if stands == "proposed"} - refuse
    if approve & refuse:
        raise DecisionRefused(f"{len(approve & refuse)} of the matches are both approved and refused; choose one")
    if missing := (approve | refuse) - set(known):
        raise DecisionRefused(f"{len(missing)} of the matches are not in run {run}; take the ids from the review page")
    settled = {m for m in approve if known[m] in ("refused", "lapsed")}
    settled |= {m for m in refuse if known[m] not in ("proposed", "refused", "lapsed")}
    if settled:
        raise DecisionRefused(f"{len(settled)} of the matches were decided otherwise before; reload the review page")
    if decision.all and not (approve or refuse) and {"refused", "lapsed"} & set(known.values()):
        raise DecisionRefused("somebody decided in the meantime, and nothing is left to approve; look again")
    if not (approve or refuse or decision.all):
        raise DecisionRefused("nothing is decided; say all, or list matches to approve or to refuse")
    return sorted(approve), sorted(refuse)


def managers_of(lines: Sequence[Any]) -> dict[str, tuple[str, ...]]:
    managers: dict[str, tuple[str, ...]] = {}
    for row in lines:
        managers[row["person"]] = (*managers.get(row["person"], ()), row["manager"])
    return managers


def _listing(row: Any) -> dict[str, Any]:
    listing = {**row, "reasons": json.loads(row["reasons"])}
    if listing.get("decision") == "claimed":
        listing["decision"] = "approved"
    return listing
