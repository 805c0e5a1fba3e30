"""What workflows ask for: short errors, idempotent answers, pairs started and told page by page."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.persistence.store import Store
from schemas.cohort import MatchDecision
from schemas.effects import RecordBatch
from schemas.programme import CheckResult
from schemas.rollout import ProgrammeState, RegionState
from schemas.stages import Stage
from tests.support.activity_runs import House
from tests.support.world import (
    AT,
    COMEX,
    ORGANISATION,
    World,
    record,
)

RAW = {
    "programme": "pilot",
    "starts_on": "2027-01-11",
    "regions": [{"region": "comex", "mentors_from": ["idf"]}],
}


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


@pytest.fixture
async def people(store: Store) -> None:
    await store.imports.apply(ORGANISATION)


async def refused(
    house: House, method: Callable[..., Awaitable[Any]], *args: Any, **options: Any
) -> ApplicationError:
    with pytest.raises(ApplicationError) as caught:
        await house.run(method, *args, **options)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value


async def check(house: House, **changes: Any) -> CheckResult:
    result = await house.run(
        house.do.check_programme, {**RAW, **changes}, workflow_id="typed-by-somebody"
    )
    assert isinstance(result, CheckResult)
    return result


@pytest.mark.usefixtures("people")
async def test_a_check_answers_the_dated_plan_and_starts_nothing(
    house: House, store: Store
) -> None:
    result = await check(house)
    assert (result.ok, [region.mentees for region in result.regions]) == (True, [2])
    assert [plan.cohort.region for plan in result.plans] == ["comex"]
    assert await store.programmes.codes() == []


@pytest.mark.usefixtures("people")
async def test_a_check_of_a_broken_document_says_what_is_wrong(house: House) -> None:
    result = await check(house, programme="Pilot X", sessions={"lenght": 1})
    assert (result.ok, result.programme) == (False, "unknown")
    assert {problem.path for problem in result.problems} == {
        "programme",
        "sessions.lenght",
    }
    assert result.next_step.startswith("Nothing was sent.")


@pytest.mark.usefixtures("people")
async def test_one_pass_names_unknown_regions_beside_every_other_problem(
    house: House,
) -> None:
    regions = [
        {"region": "ouest", "sessions": {"lenght": 1}},
        {"region": "comex", "mentors_from": ["sud"]},
        7,
        {},
    ]
    result = await check(
        house, starts_on="soon", regions=[*regions, {"region": "idf", "after": "est"}]
    )
    assert {problem.path for problem in result.problems} == {
        "starts_on", "regions[0].sessions.lenght", "regions[0].region", "regions[1].mentors_from[0]", "regions[2]",
        "regions[3].region", "regions[4].after", "regions[4].region",
    }  # fmt: skip


@pytest.mark.usefixtures("people")
async def test_a_code_that_is_taken_is_reported_with_every_other_problem(
    house: House,
) -> None:
    await house.run(house.do.claim_programme, RAW)
    result = await check(house, starts_on="soon")
    assert [problem.path for problem in result.problems] == ["programme", "starts_on"]


@pytest.mark.usefixtures("people")
async def test_a_region_without_people_is_refused_in_the_words_of_the_design(
    house: House,
) -> None:
    error = await refused(
        house, house.do.claim_programme, {**RAW, "regions": [{"region": "ouest"}]}
    )
    assert (error.type, error.non_retryable) == ("InvalidInput", True)
    assert error.message.splitlines() == [
        "regions[0].region: nobody imported for it; known: comex, idf; import people at http://here/people",
        "Nothing was sent. Choose *Start Workflow Like This One*, correct, start.",
    ]


@pytest.mark.usefixtures("people")
async def test_claiming_again_from_the_same_workflow_is_a_retry(house: House) -> None:
    first = await house.run(house.do.claim_programme, RAW)
    assert await house.run(house.do.claim_programme, RAW) == first


@pytest.mark.usefixtures("people")
async def test_a_second_start_is_refused_with_the_link(house: House) -> None:
    await house.run(house.do.claim_programme, RAW)
    error = await refused(house, house.do.claim_programme, RAW, workflow_id="another")
    assert error.message.startswith(
        "programme: already running, http://here/programmes/pilot; choose another code\n"
    )
    assert [
        str(problem) for problem in (await check(house)).problems
    ] == error.message.splitlines()[:1]


@pytest.mark.parametrize("workflow_id", ["another", "programme:pilot"])
async def test_the_code_of_a_closed_programme_is_taken(
    world: World, workflow_id: str
) -> None:
    house = House(world.store)
    await world.store.cohorts.close(
        COMEX, await world.store.cohorts.evidence(world.plan.cohorts[0]), AT
    )
    regions = tuple(
        RegionState(plan=plan, status="closed") for plan in world.plan.cohorts
    )
    await world.store.programmes.save_state(
        ProgrammeState(plan=world.plan, now=AT, revision=1, regions=regions)
    )
    error = await refused(house, house.do.claim_programme, RAW, workflow_id=workflow_id)
    words = f"programme: taken (closed on {AT:%Y-%m-%d}), http://here/programmes/pilot; choose another code"
    assert error.message.splitlines()[0] == words
    result = await house.run(house.do.check_programme, RAW, workflow_id=workflow_id)
    assert [str(problem) for problem in result.problems] == [words]


async def test_the_answer_says_where_to_look_before_the_programme_is_there(
    house: House,
) -> None:
    answer = await house.run(house.do.start_result, "pilot")
    assert (answer.workflow_id, answer.link, answer.regions) == (
        "programme:pilot",
        "http://here/programmes/pilot",
        (),
    )


async def test_a_digest_mismatch_is_final(world: World) -> None:
    house = House(world.store)
    await world.record(record(1))
    batch = RecordBatch(
        pair=world.pair(), records=(record(1, what="other"),), state={"now": str(AT)}
    )
    error = await refused(house, house.do.record, batch)
    assert (error.type, error.non_retryable) == ("DigestMismatch", True)


async def test_an_unreachable_postgresql_is_retried_and_redacted(
    store: Store, house: House
) -> None:
    await store.close()
    error = await refused(house, house.do.cohort_counts, COMEX)
    assert (error.type, error.non_retryable) == ("DatabaseUnavailable", False)
    assert error.message == "PostgreSQL does not answer (InterfaceError)"


async def test_an_error_that_nobody_expected_quotes_nothing(world: World) -> None:
    house = House(world.store)
    await world.matched("ANNA", "BOSS")
    twice = record(
        1, stage=Stage.SESSIONS, mentee=world.ids["BOSS"]
    )  # the index on claims quotes the row it refuses
    error = await refused(
        house, house.do.record, RecordBatch(pair=world.pair("BRUNO"), records=(twice,))
    )
    assert error.message == "record failed (UniqueViolationError); see the worker's log"


async def test_a_decision_that_cannot_be_carried_out_is_final(world: World) -> None:
    house = House(world.store)
    error = await refused(
        house, house.do.decide_matches, COMEX, MatchDecision(all=True)
    )
    assert (error.type, error.non_retryable) == ("DecisionRefused", True)


async def test_closing_answers_the_evidence(world: World) -> None:
    house = House(world.store)
    evidence = await house.run(house.do.close_cohort, world.plan.cohorts[0])
    assert (evidence.cohort, evidence.pairs, evidence.aims_met) == (COMEX, 3, False)
