"""What services say of people: in any order, once each, all or nothing, and some of it for a day to come."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from activities.persistence.store import Store
from schemas.people import PeopleRefused, Person, PersonUpdate
from schemas.records.inbox import EventState, NewEvent
from tests.integration.persistence.people.people_changes import people_changes
from tests.support.world import ORGANISATION

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(hours=2), NOW - timedelta(hours=1)


def edit(
    external_id: str, key: str = "e1", at: datetime | None = None, **more: Any
) -> PersonUpdate:
    fields = {name: more.pop(name) for name in ("effective", "back") if name in more}
    return PersonUpdate(
        key=key,
        external_id=external_id,
        source="hr",
        cells=more,
        stated_at=at,
        **fields,
    )


def event(
    key: str, kind: str = "person_updated", person: str | None = None
) -> NewEvent:
    return NewEvent(
        key=key, source="hr", event_id=key, type="t", kind=kind, person=person
    )


async def send(store: Store, *edits: PersonUpdate, now: datetime = NOW) -> int:
    return await store.people_updates.apply(
        edits, [event(one.key) for one in edits], now
    )


async def refused(store: Store, *edits: PersonUpdate) -> Sequence[tuple[str, str, str]]:
    with pytest.raises(PeopleRefused) as error:
        await send(store, *edits)
    return error.value.problems


async def who(store: Store, external_id: str) -> Person:
    person = await store.people.find_external(external_id)
    assert person is not None
    return person


@pytest.fixture
async def staffed(store: Store) -> Store:
    await store.imports.apply(ORGANISATION)
    return store


async def test_somebody_new_is_there(staffed: Store) -> None:
    await send(
        staffed,
        edit("NEW", name="New", email="new@example.org", region="idf", manager="LEAD"),
    )
    assert (await who(staffed, "NEW")).manager == (await who(staffed, "LEAD")).person


async def test_columns_that_an_update_leaves_out_stay(staffed: Store) -> None:
    before = await who(staffed, "ANNA")
    await send(staffed, edit("ANNA", site="Lyon"))
    assert await who(staffed, "ANNA") == before.having(site="Lyon")


async def test_an_empty_text_sets_the_default(staffed: Store) -> None:
    await send(staffed, edit("BRUNO", seats="", manager="", dotted_managers=""))
    bruno = await who(staffed, "BRUNO")
    assert (bruno.seats, bruno.manager, bruno.dotted_managers) == (1, None, ())


async def test_topics_with_levels_are_read_as_in_a_people_file(staffed: Store) -> None:
    await send(staffed, edit("ANNA", offers="ai_tools:3 climate"))
    assert (await who(staffed, "ANNA")).offers == {"ai_tools:3", "climate"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_the_later_one_holds_whichever_comes_first(
    staffed: Store, order: tuple[int, int]
) -> None:
    edits = (
        edit("ANNA", "e1", EARLIER, site="Lyon"),
        edit("ANNA", "e2", LATER, site="Lille"),
    )
    for place in order:
        await send(staffed, edits[place])
    assert (await who(staffed, "ANNA")).site == "Lille"


async def test_an_older_update_still_sets_columns_that_no_later_one_set(
    staffed: Store,
) -> None:
    await send(staffed, edit("ANNA", "e2", LATER, site="Lille"))
    await send(staffed, edit("ANNA", "e1", EARLIER, site="Lyon", function="Finance"))
    anna = await who(staffed, "ANNA")
    assert (anna.site, anna.function) == ("Lille", "Finance")


async def test_without_a_time_the_last_to_come_holds(staffed: Store) -> None:
    await send(staffed, edit("ANNA", "e2", LATER, site="Lille"))
    await send(staffed, edit("ANNA", "e1", site="Lyon"))
    assert (await who(staffed, "ANNA")).site == "Lyon"


async def test_the_same_event_twice_says_it_once(staffed: Store) -> None:
    for saying in (
        edit("ANNA", "e1", site="Lyon"),
        edit("ANNA", "e2", site="Lille"),
        edit("ANNA", "e1", site="Lyon"),
    ):
        await send(staffed, saying)
    assert (await who(staffed, "ANNA")).site == "Lille"


REFUSED = [
    (edit("ANNA", manager="NOBODY"), "manager", "names nobody who was imported"),
    (
        edit("ANNA", dotted_managers="LEAD NOBODY"),
        "dotted_managers",
        "names nobody who was imported",
    ),
    (edit("ANNA", manager="ANNA"), "manager", "names the person themselves"),
    (
        edit("BOSS", manager="LEAD"),
        "manager",
        "3 people report to one another in a circle",
    ),
    (edit("ANNA", supervisor="CFO"), "supervisor", "is above the mentor"),
    (edit("ANNA", email="anna"), "email", "not an e-mail address"),
    (
        edit("ANNA", offers="ai_tools:4"),
        "offers",
        "unknown level of a topic; a level may follow behind a colon: 1, 2",
    ),
    (edit("ANNA", name=""), "name", "empty; it is needed"),
    (edit("NEW", name="New", region="idf"), "email", "missing; it is needed"),
    (
        edit("ANNA", manager="NOBODY", effective=date(2027, 5, 1)),
        "manager",
        "names nobody who was imported",
    ),
    (
        edit(
            "NEW",
            name="N",
            email="n@example.org",
            region="idf",
            effective=date(2027, 5, 1),
        ),
        "effective",
        "a day to",
    ),
]


@pytest.mark.parametrize(
    ("saying", "column", "what"), REFUSED, ids=[f"{c}-{w[:20]}" for _, c, w in REFUSED]
)
async def test_what_does_not_fit_is_refused_in_words(
    staffed: Store, saying: PersonUpdate, column: str, what: str
) -> None:
    (only,) = await refused(staffed, saying)
    assert only[:2] == ("e1", column)
    assert only[2].startswith(what)


async def test_with_one_mistake_nothing_of_a_batch_counts(staffed: Store) -> None:
    await refused(
        staffed, edit("ANNA", "e1", site="Lyon"), edit("BRUNO", "e2", manager="NOBODY")
    )
    assert ((await who(staffed, "ANNA")).site, await staffed.inbox.find("e1")) == (
        "",
        None,
    )


async def test_a_batch_may_name_whom_it_brings_in(staffed: Store) -> None:
    new = edit(
        "NEW", "e2", name="New", email="new@example.org", region="idf", manager="BOSS"
    )
    assert await send(staffed, edit("ANNA", "e1", manager="NEW"), new) == 2
    assert (await who(staffed, "ANNA")).manager == (await who(staffed, "NEW")).person


async def test_a_line_that_was_wrong_before_does_not_refuse_another_site(
    staffed: Store,
) -> None:
    await send(
        staffed, edit("LEAD", "e1", roles="supervisor"), edit("BRUNO", "e2", roles="")
    )
    await send(staffed, edit("BRUNO", "e3", supervisor="LEAD"))
    await send(staffed, edit("CFO", "e4", site="Lyon"))
    assert (await who(staffed, "CFO")).site == "Lyon"


async def test_whether_it_fits_may_be_asked_without_doing_it(staffed: Store) -> None:
    assert (
        await staffed.people_updates.apply(
            [edit("ANNA", site="Lyon")], [event("e1")], NOW, write=False
        )
        == 0
    )
    assert ((await who(staffed, "ANNA")).site, await staffed.inbox.find("e1")) == (
        "",
        None,
    )


async def test_a_day_to_come_is_waited_for(staffed: Store) -> None:
    before = await who(staffed, "ANNA")
    await send(
        staffed, edit("ANNA", region="ouest", manager="CFO", effective=date(2027, 4, 1))
    )
    assert (
        await staffed.people_updates.apply_due(datetime(2027, 3, 31, 21, tzinfo=UTC)),
        await who(staffed, "ANNA"),
    ) == (0, before)
    assert (
        await staffed.people_updates.apply_due(datetime(2027, 3, 31, 22, tzinfo=UTC))
        == 1
    )  # midnight in Paris
    assert (await who(staffed, "ANNA")).region == "ouest"
    assert await staffed.people_updates.apply_due(NOW + timedelta(days=90)) == 0


async def test_an_update_stated_before_the_day_of_a_dated_one_does_not_undo_it(
    staffed: Store,
) -> None:
    await send(
        staffed, edit("ANNA", "e1", EARLIER, site="Lille", effective=date(2027, 4, 1))
    )
    after = datetime(2027, 4, 2, tzinfo=UTC)
    await staffed.people_updates.apply_due(after)
    await send(staffed, edit("ANNA", "e2", LATER, site="Lyon"), now=after)
    assert (await who(staffed, "ANNA")).site == "Lille"


async def test_a_dated_update_that_no_longer_fits_waits_and_blocks_no_other(
    staffed: Store,
) -> None:
    day = date(2027, 4, 1)
    await send(
        staffed,
        edit("LEAD", "e1", manager="BRUNO", effective=day),
        edit("ANNA", "e2", site="X", effective=day),
    )
    after = datetime(2027, 4, 2, tzinfo=UTC)
    assert (
        await staffed.people_updates.apply_due(after) == 1
    )  # BRUNO still reports to LEAD
    assert [
        event.reason
        for event in await staffed.inbox.in_states([EventState.UNDELIVERABLE], 9)
    ] == ["does_not_fit"]
    await send(staffed, edit("BRUNO", "e3", manager="BOSS"), now=after)
    assert await staffed.people_updates.apply_due(after + timedelta(hours=1)) == 1
    assert (await who(staffed, "LEAD")).manager == (await who(staffed, "BRUNO")).person
    assert await staffed.inbox.in_states([EventState.UNDELIVERABLE], 9) == []


async def test_somebody_who_left_stays_away_until_it_is_said_that_they_are_back(
    staffed: Store, database_url: str
) -> None:
    anna = (await who(staffed, "ANNA")).person
    await staffed.inbox.store([event("gone", "person_left", anna)])
    await send(staffed, edit("ANNA", "e1", site="Lyon"))
    changes = await people_changes(database_url)
    await send(staffed, edit("ANNA", "e2", back=True))
    assert changes == [(anna, {"site"})]
    assert await people_changes(database_url) == [*changes, (anna, {"back"})]


async def test_who_changed_since_is_told_in_order(
    staffed: Store, database_url: str
) -> None:
    await send(staffed, edit("ANNA", "e1", manager="CFO", site="Lyon"))
    await send(staffed, edit("BRUNO", "e2", manager="CFO"))
    anna, bruno = await who(staffed, "ANNA"), await who(staffed, "BRUNO")
    assert await people_changes(database_url) == [
        (anna.person, {"manager", "site"}),
        (bruno.person, {"manager"}),
    ]
