"""Whoever has the database, or a backup of it, and not BINOME_SECRET, looks for what somebody said in confidence."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from activities.persistence.sealing.sealed_tables import PULSES
from activities.persistence.store import Store
from schemas.events import Side
from schemas.ids import PairRef
from schemas.links import Question
from schemas.people import Person
from schemas.records.access import AccountRole, Grant
from schemas.records.sealing import Unopened
from schemas.stages import Outcome, Stage
from tests.attacks.answers.dumps import all_rows, features, found_words, telling
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import held, save, token
from tests.support.databases import WRAPPING_KEY
from tests.support.rehearsal.own_sql import Database, database
from tests.support.world import AT, COMEX, World, record

PEOPLE = ("ANNA", "BRUNO", "BOSS", "CFO", "COACH", "LEAD")
SCORES = (3, 5, 3, 5, 3, 5)
TOTAL = str(sum(SCORES))
NEW_KEY = b"n" * 32
CONTACT = Grant(role=AccountRole.TRUSTED_CONTACT)
SWAP = """
update pulses a set {column} = b.{column} from pulses b
where (a.person, b.person) in (($1, $2), ($2, $1))
"""


def idea(number: int) -> str:
    return f"kaleidoscope{number}"


def comment(number: int) -> str:
    return f"marmalade{number}"


async def answer(world: World, number: int, person: str) -> PairRef:
    pair, score = await world.held(person, 1), SCORES[number]
    assert await world.store.answers.save_pulse(
        pair, 1, Side.MENTOR, person, score, idea(number), comment(number), score == 3
    )
    return pair


@pytest.fixture
async def world(store: Store) -> World:
    """Its rules release the mean of six people."""
    return await World.make(store, feedback={"low_score": 0})


@pytest.fixture
async def people(world: World) -> list[str]:
    """Six who answered, every other one alike; a mean and ideas are published."""
    found = [world.ids[name] for name in PEOPLE]
    for number, person in enumerate(found):
        await answer(world, number, person)
    await world.store.releases.publish_due(COMEX, AT)
    assert len(await world.store.releases.ideas(COMEX)) == len(SCORES)
    return found


@pytest.fixture
async def dump(database_url: str, people: Sequence[str]) -> AsyncIterator[Database]:
    """As the superuser has it, who can change it too."""
    async with database(database_url) as found:
        yield found


async def shown(world: World, person: str) -> dict[str, Any]:
    (pulse,) = (await world.store.erasures.held_about(person))["pulses"]
    return pulse


async def erase_anna(world: World) -> Person:
    person = await world.store.people.find_external("ANNA")
    assert person is not None
    await world.record(record(2, stage=Stage.CLOSED, outcome=Outcome.LEFT))
    await world.store.erasures.begin(person.person, "digest", "ops")
    assert (await world.store.erasures.carry_out(person)).finished_at
    return person


async def test_no_idea_and_no_comment_is_in_a_dump(dump: Database) -> None:
    numbers = range(len(SCORES))
    words = [*map(idea, numbers), *map(comment, numbers)]
    assert await found_words(dump, words) == []


async def test_an_answer_that_came_by_a_page_or_a_service_left_no_word_on_its_way(
    site: Site, database_url: str
) -> None:
    """Events, notices, ledger and logs of reading included."""
    await save(site, held(site))
    await site.world.store.accounts.add("maud", "Maud Grave", [CONTACT])
    page = f"/q/{token(site, Question.PULSE, 'mentor', 'ANNA', session=1)}"
    form = {"score": "4", "idea": idea(1), "comment": comment(1), "help": "yes"}
    assert (await site.browser.post(page, data=form)).status_code == 303
    data = {"session": 1, "score": 2, "idea": idea(2), "comment": comment(2)}
    assert (await site.send("pulse_received", "BOSS", **data)).status_code == 202
    for name in ("ANNA", "BOSS"):
        pulse = await shown(site.world, site.world.ids[name])
        assert "marmalade" in pulse["comment"] and "kaleidoscope" in pulse["idea"]
    async with database(database_url) as dumped:
        assert await found_words(dumped, ["kaleidoscope", "marmalade"]) == []


async def test_no_score_and_no_call_for_help_can_be_told_from_a_dump(
    dump: Database, people: Sequence[str]
) -> None:
    assert telling(await features(dump, people), people) == []
    await dump.do("alter table pulses add column plain int")
    for person, score in zip(people, SCORES, strict=True):
        await dump.do("update pulses set plain = $1 where person = $2", score, person)
    found = telling(await features(dump, people), people)
    assert found == ["public.pulses.plain text"], "the attack finds what is there"


async def test_the_sum_of_scores_is_in_no_column(dump: Database) -> None:
    assert await dump.value("select sum(answers) from releases") == len(SCORES)
    rows = [row async for _, row in all_rows(dump)]
    assert not any(
        TOTAL in (value, value.split(".")[0]) for r in rows for value in r.values()
    )


async def test_all_texts_of_a_usual_length_look_equally_long(
    world: World, dump: Database
) -> None:
    """Or a published idea would say by its length whose it is."""
    lengths = await dump.rows("select distinct length(idea) from pulses")
    person = world.ids["OPS"]
    await world.store.answers.save_pulse(
        await world.held(person, 1), 1, Side.MENTOR, person, 4, "é" * 200, "", False
    )
    assert await dump.rows("select distinct length(idea) from pulses") == lengths


async def test_the_order_of_published_ideas_is_not_that_of_any_bytes_in_the_dump(
    world: World, dump: Database, people: Sequence[str]
) -> None:
    """Or whoever sorts the rows likewise knows whose idea is the third: sealed anew, by others, it stays."""
    before = await world.store.releases.ideas(COMEX)
    rows = await dump.rows("select * from pulses order by person")
    for row, text in zip(rows, before, strict=True):
        key = await world.store.data_keys.for_sealing(row["person"])
        sealed = key.seal(PULSES, row, "idea", text)
        await dump.do(
            "update pulses set idea = $1 where pair = $2", sealed, row["pair"]
        )
    assert await world.store.releases.ideas(COMEX) == before


async def test_a_value_that_is_swapped_with_another_person_s_is_not_taken_for_theirs(
    world: World, dump: Database, people: Sequence[str]
) -> None:
    for column in PULSES.columns:
        await dump.do(SWAP.format(column=column), *people[:2])
    for person in people[:2]:
        pulse = await shown(world, person)
        assert {pulse[column] for column in PULSES.columns} == {Unopened.CHANGED.words}


async def test_with_its_key_a_value_is_still_not_another_person_s(
    world: World, dump: Database, people: Sequence[str]
) -> None:
    await dump.do(SWAP.format(column="comment"), *people[:2])
    await dump.do(
        "update data_keys a set wrapped = b.wrapped from data_keys b"
        " where (a.owner, b.owner) in (($1, $2), ($2, $1))",
        *people[:2],
    )
    read = await world.store.answers.comments("pilot", "comex", 100)
    assert {
        each.person: each.comment for each in read if each.unopened
    } == dict.fromkeys(people[:2], Unopened.CHANGED.words)


async def test_a_value_is_bound_to_its_column_too(
    world: World, dump: Database, people: Sequence[str]
) -> None:
    """A comment that is moved among the ideas would be published."""
    await dump.do("update pulses set idea = comment")
    ideas = await world.store.releases.ideas(COMEX)
    assert ideas == [Unopened.CHANGED.words] * len(SCORES)


async def test_a_comment_that_cannot_be_opened_is_no_fault_for_the_trusted_contact(
    site: Site, database_url: str
) -> None:
    store = site.world.store
    await answer(site.world, 0, site.world.ids["ANNA"])
    await store.accounts.add("olga", "Olga Roy", [CONTACT])
    assert comment(0) in (await site.browser.get("/comments")).text
    async with database(database_url) as found:
        await found.do("update pulses set comment = score")
    page = await site.browser.get("/comments")
    assert page.status_code == 200
    assert "cannot be opened" in page.text and "Tell your platform" in page.text


async def test_copies_of_the_answers_of_somebody_who_was_erased_are_unreadable(
    world: World, dump: Database
) -> None:
    await dump.do("create table kept as select * from pulses")
    erased = await erase_anna(world)
    await dump.do("delete from pulses where person = $1", erased.person)
    await dump.do(
        "insert into pulses select * from kept where person = $1", erased.person
    )
    pulse = await shown(world, erased.person)
    assert {pulse[column] for column in PULSES.columns} == {Unopened.KEY_GONE.words}
    assert Unopened.KEY_GONE.words in await world.store.releases.ideas(COMEX)


async def test_nothing_is_sealed_again_for_somebody_who_was_erased(
    world: World, dump: Database
) -> None:
    erased = await erase_anna(world)
    late = (world.pair(), 2, Side.MENTOR, erased.person, 1, "late", "late", True)
    assert not await world.store.answers.save_pulse(*late)
    count = "select count(*) from {} where {} = $1 and {} is not null"
    for table in (("data_keys", "owner", "wrapped"), ("pulses", "person", "score")):
        assert await dump.value(count.format(*table), erased.person) == 0


async def test_once_the_secret_has_changed_an_older_backup_opens_nothing(
    world: World, dump: Database, database_url: str, people: Sequence[str]
) -> None:
    """Its own keys in it are wrapped by the secret that is thrown away."""
    await dump.do("create table kept as select * from data_keys")
    keys = [NEW_KEY, WRAPPING_KEY]
    async with await Store.open(database_url, size=1, wrapping_keys=keys) as changed:
        assert (await changed.data_keys.rewrap()).unopened == 0
    async with await Store.open(database_url, size=1, wrapping_keys=[NEW_KEY]) as now:
        assert sorted(await now.releases.ideas(COMEX)) == [*map(idea, range(6))]
        await dump.do("delete from data_keys")
        await dump.do("insert into data_keys select * from kept")
        gone = await now.releases.ideas(COMEX)
        assert gone == [Unopened.WRAPPING_UNKNOWN.words] * len(people)
