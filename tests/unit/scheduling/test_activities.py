"""The activity over a store that is played."""

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.scheduling.activities import SchedulingActivities
from schemas.effects import FindSlots
from schemas.events import SlotsFound
from schemas.ids import PairRef
from schemas.scheduling import Agenda
from tests.unit.domain.scheduling.factories import (
    MENTEE,
    PAIR,
    a_question,
    an_agenda,
    at,
)


class PlayedStore:
    """Answers one agenda, or an outage whose text names somebody."""

    def __init__(self, agenda: Agenda | None) -> None:
        self.answer = agenda
        self.asked: list[tuple[PairRef, str]] = []

    async def of_pair(self, pair: PairRef, mentee: str) -> Agenda:
        self.asked.append((pair, mentee))
        if self.answer is None:
            raise ConnectionError("cannot read the row of m@example.org")
        return self.answer


async def _find(store: PlayedStore, question: FindSlots) -> SlotsFound:
    return await ActivityEnvironment().run(
        SchedulingActivities(store).find_slots, question
    )


async def test_the_best_few_starts_are_found_for_the_revision_that_asked() -> None:
    store = PlayedStore(an_agenda())
    found = await _find(store, a_question(most=2))
    starts = (at("2027-01-11 08:00"), at("2027-01-12 08:00"))
    assert found == SlotsFound(revision=7, session=1, starts=starts)
    assert store.asked == [(PAIR, MENTEE)]


async def test_what_was_refused_is_not_found_again() -> None:
    refused = (at("2027-01-11 08:00"),)
    found = await _find(PlayedStore(an_agenda()), a_question(refused=refused, most=20))
    assert not set(refused) & set(found.starts)


async def test_without_a_common_time_no_start_is_found() -> None:
    found = await _find(PlayedStore(an_agenda()), a_question(minutes=240))
    assert found.starts == ()


async def test_an_outage_of_the_store_is_reported_without_its_text() -> None:
    with pytest.raises(ApplicationError) as stopped:
        await _find(PlayedStore(None), a_question())
    assert (stopped.value.type, stopped.value.non_retryable) == (
        "ConnectionError",
        False,
    )
    assert "example.org" not in str(stopped.value)
