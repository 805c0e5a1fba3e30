"""Matches that ops approve and nobody answers: on the full server and PostgreSQL, from the pin to the next choices."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from activities.persistence.store import Store
from schemas.records.listings import MatchReview
from tests.integration.test_guard_for_real import DOCUMENT, FREE, Cohort
from tests.support.cohort_course import running
from tests.support.waiting import until
from tests.support.world import file, line

MENTORS, MENTEES = ("ANNA", "BRUNO"), ("BOSS", "CFO")
PEOPLE = file(
    line("COACH", roles="supervisor"),
    line("OPS", roles="ops"),
    *(line(name, roles="mentee", **FREE) for name in MENTEES),
    *(
        line(name, "idf", roles="mentor", supervisor="COACH", **FREE)
        for name in MENTORS
    ),
)
MATCHING = {"approval": "reviewed", "agree_within": "1 day", "search_for": "40 weeks"}


class Reviewed(Cohort):
    """Two mentors who are ready, and two mentees who wait."""

    async def begin(self) -> None:
        await self.store.imports.apply(PEOPLE)
        self.names = {
            p.person: p.external_id
            for p in await self.store.people.in_region(None, 100)
        }
        document: dict[str, Any] = {
            "programme": self.ref.programme,
            **DOCUMENT,
            "matching": MATCHING,
        }
        programme = f"programme:{self.ref.programme}"
        await self.client.start_workflow(
            "ProgrammeWorkflow", document, id=programme, task_queue="binome"
        )
        for name in MENTORS:
            await self.trained(name)

    async def decide(self, **decision: Any) -> None:
        await self.handle.execute_update(
            "approve_matches", {"by": "console", **decision}
        )

    async def review(self) -> MatchReview:
        return await self.store.reviews.find(self.ref)

    async def proposed(self, many: int = 2) -> dict[str, str]:
        """Mentee by mentor of the matches to review, once there are so many."""

        async def there() -> bool:
            return len(self._open(await self.review())) == many

        await until(there)
        return self._open(await self.review())

    def _open(self, review: MatchReview) -> dict[str, str]:
        return {
            self.names[m.mentor]: self.names[m.mentee]
            for m in review.matches
            if m.decision == "proposed"
        }

    def two(self, mentor: str, mentee: str) -> dict[str, str]:
        ids = {name: person for person, name in self.names.items()}
        return {"mentor": ids[mentor], "mentee": ids[mentee]}

    async def expired(self, mentor: str, times: int) -> None:
        async def so() -> bool:
            return (await self.ledger_of(mentor)).count("parted") == times

        await until(so)


@pytest.fixture
async def cohort(
    database_url: str, temporal_server: WorkflowEnvironment
) -> AsyncIterator[Reviewed]:
    store = await Store.open(database_url)
    made = Reviewed(temporal_server.client, store, database_url)
    async with running(made):
        yield made
    await store.close()


async def test_claims_that_nobody_answers_expire_and_the_next_choice_is_proposed_never_the_same_two(
    cohort: Reviewed,
) -> None:
    await cohort.proposed()
    await cohort.decide(pin=[cohort.two("ANNA", "CFO")])
    await cohort.decide(rerun=True)

    async def pinned() -> bool:
        return (await cohort.review()).run == 2 and (await cohort.proposed()) == {
            "ANNA": "CFO",
            "BRUNO": "BOSS",
        }

    await until(pinned)
    await cohort.decide(all=True)
    for mentor in MENTORS:
        await cohort.expired(mentor, 1)
    sent_notices = await cohort.notices((await cohort.pairs())["ANNA"].pair.workflow_id)
    both = {(template, to) for template, to, _ in sent_notices}
    assert both >= {
        (t, to)
        for t in ("match_announced", "match_not_made")
        for to in ("mentor", "mentee")
    }

    assert await cohort.proposed() == {"ANNA": "BOSS", "BRUNO": "CFO"}
    await cohort.decide(all=True)
    for mentor in MENTORS:
        await cohort.expired(mentor, 2)

    async def nobody_left() -> bool:
        review = await cohort.review()
        return {reason.rule for left in review.left for reason in left.reasons} == {
            "refused_before"
        }

    await until(nobody_left)
    assert await cohort.proposed(0) == {}


async def test_two_mentors_swap_their_mentees_on_one_word_and_a_stale_all_is_refused(
    cohort: Reviewed,
) -> None:
    before = await cohort.proposed()
    one, other = [m.id for m in (await cohort.review()).matches]
    await cohort.decide(swap=[{"one": one, "other": other}], run=1, revision=0)
    assert await cohort.proposed() == {
        mentor: before[other]
        for mentor, other in zip(MENTORS, MENTORS[::-1], strict=True)
    }
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await cohort.decide(all=True, run=1, revision=0)
    assert "in the meantime; look again: swapped by console" in str(refused.value.cause)
    await cohort.decide(all=True, run=1, revision=(await cohort.review()).revision)
    assert [d.what for d in (await cohort.review()).decided].count("approved") == 2
