"""A whole programme, played once through every real part; what it left behind is read from several sides."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from binome.stack.ports import free_port
from schemas.ids import programme_workflow_id
from schemas.pair import PairState
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.rollout import ProgrammeState
from schemas.stages import Outcome, SessionStatus, Stage
from tests.support.cluster.building import ServerFolder
from tests.support.commands import call_binome
from tests.support.rehearsal.facts import notices_outside_hours, stray_invites
from tests.support.rehearsal.opened_pulses import OpenedPulse, opened_pulses
from tests.support.rehearsal.organisation import COMMENT, IDEA, PROGRAMME
from tests.support.rehearsal.own_sql import Database, counted, database, region_numbers
from tests.support.rehearsal.post import calendars, mails
from tests.support.rehearsal.programme import Played, act_as_ops, compare, play
from tests.support.rehearsal.prometheus import (
    metrics_of,
    names_exported,
    names_used,
    showing_metrics,
)
from tests.support.rehearsal.secrets import SHAPES, Scanner, personal
from tests.support.rehearsal.temporal_contents import contents
from tests.support.stack import stack_in


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
async def played(open_folder: Path, metrics_port: int) -> AsyncIterator[Played]:
    """The stack goes on: closed workflows answer queries only while a worker is there."""
    folder = open_folder / "whole-programme"
    async with stack_in(folder, by=showing_metrics(metrics_port)) as stack:
        yield await play(stack, act_as_ops, compare)


@pytest.fixture(scope="module")
async def found(played: Played) -> AsyncIterator[Database]:
    async with database(played.stack["database_url"]) as found:
        yield found


@pytest.fixture(scope="module")
async def pulses(played: Played, found: Database) -> list[OpenedPulse]:
    return await opened_pulses(found, played.folder, played.stack["database_url"])


@pytest.fixture(scope="module")
async def status(played: Played) -> ProgrammeStatus:
    """What the command says."""
    code, out, err = await call_binome(
        "status", PROGRAMME, "--json", f"--data={played.folder}"
    )
    assert code == 0, err
    return ProgrammeStatus.model_validate_json(out)


def compared_part(status: ProgrammeStatus) -> dict[str, dict[str, Any]]:
    """The part of a status that is compared, of the regions that opened."""
    fields = {"pairs", "stages", "outcomes", "sessions_held", "answers"}
    return {
        r.region: r.model_dump(mode="json", include=fields)
        for r in status.regions
        if r.wave
    }


def by_region(status: ProgrammeStatus) -> Mapping[str, RegionStatus]:
    return {region.region: region for region in status.regions}


async def test_every_kind_of_end_was_played(status: ProgrammeStatus) -> None:
    outcomes = {outcome for region in status.regions for outcome in region.outcomes}
    assert outcomes >= {
        Outcome.COMPLETED,
        Outcome.DEFERRED,
        Outcome.ENDED_EARLY,
        Outcome.LEFT,
    }


async def test_ops_approved_moved_and_parted(played: Played) -> None:
    assert set(played.ops) == {"approved", "moved", "ended"}


async def test_the_status_equals_what_postgresql_holds(
    status: ProgrammeStatus, found: Database
) -> None:
    assert compared_part(status) == await region_numbers(found, PROGRAMME)


async def test_the_status_was_true_while_pairs_were_on_their_way(
    played: Played,
) -> None:
    stages = {
        stage
        for status, _ in played.seen
        for region in status.regions
        for stage in region.stages
    }
    assert [
        (compared_part(status), own)
        for status, own in played.seen
        if compared_part(status) != own
    ] == []
    assert {Stage.TRAINING, Stage.SESSIONS, Stage.CLOSED} <= stages


async def test_the_status_equals_what_the_pairs_say(
    played: Played, status: ProgrammeStatus
) -> None:
    client = await played.client()
    pairs = [
        await client.get_workflow_handle(run.id).query("state", result_type=PairState)
        async for run in client.list_workflows(
            "WorkflowType = 'PairWorkflow' and ExecutionStatus = 'Completed'"
        )
    ]
    for name, region in by_region(status).items():
        own = [pair for pair in pairs if pair.pair.region == name]
        assert len(own) == region.pairs
        assert counted(pair.stage for pair in own) == region.stages
        assert counted(pair.outcome for pair in own) == region.outcomes
        assert (
            sum(1 for p in own for s in p.sessions if s.status is SessionStatus.HELD)
            == region.sessions_held
        )


async def test_the_status_equals_what_the_programme_says(
    played: Played, status: ProgrammeStatus
) -> None:
    handle = (await played.client()).get_workflow_handle(
        programme_workflow_id(PROGRAMME)
    )
    state = await handle.query("state", result_type=ProgrammeState)
    assert {r.plan.cohort.region: r.status for r in state.regions} == {
        r.region: r.status for r in status.regions
    }
    evidence = {r.plan.cohort.region: r.evidence for r in state.regions if r.evidence}
    assert {name: e.sessions_held for name, e in evidence.items()} == {
        r.region: r.sessions_held for r in status.regions if r.wave
    }


async def test_a_mean_is_shown_of_many_and_not_of_few(status: ProgrammeStatus) -> None:
    many, few = by_region(status)["comex"], by_region(status)["est"]
    assert (many.answers >= 5, many.mean_pulse is not None) == (True, True)
    assert (few.answers, few.mean_pulse) == (0, None)


async def test_a_released_mean_is_the_one_of_released_scores(
    status: ProgrammeStatus, pulses: list[OpenedPulse]
) -> None:
    scores: defaultdict[str, list[int]] = defaultdict(list)
    for pulse in pulses:
        if pulse.released:
            scores[pulse.region].append(pulse.score)
    means = {region: mean(given) for region, given in scores.items()}
    released = {r.region: r.release for r in status.regions if r.release}
    assert means.keys() == released.keys()
    for region, release in released.items():
        assert release.lowest - 0.25 <= means[region] <= release.highest + 0.25


async def test_sessions_held_are_those_that_were_called_held(
    played: Played, found: Database
) -> None:
    held = await found.rows(
        "select pair, number, attempt from sessions where status = 'held'"
    )
    assert {tuple(row) for row in held} == {
        key for key, yes in played.answers.held.items() if yes
    }


async def test_scores_are_those_that_were_given(
    played: Played, pulses: list[OpenedPulse]
) -> None:
    assert {pulse.key: pulse.score for pulse in pulses} == played.answers.pulses


async def test_no_history_and_no_description_of_a_run_is_personal(
    played: Played,
) -> None:
    scanner, read, leaked = Scanner(personal() | SHAPES), set(), []
    async for content in contents(await played.client()):
        read.add(content.where.split()[0])
        leaked += scanner.leaks(content.where, content.data)
    assert leaked == []
    read.discard("ReconcilerWorkflow")  # its schedule may have come while this went on
    assert read == {
        "ProgrammeWorkflow",
        "CohortWorkflow",
        "PairWorkflow",
        "DeliveryWorkflow",
    }


async def test_what_alerts_and_the_dashboard_ask_for_is_exported_and_not_personal(
    played: Played, metrics_port: int
) -> None:
    texts = await metrics_of(played.stack, metrics_port)
    exported = {name for text in texts for name in names_exported(text)}
    assert names_used() - exported == set()
    leaked = [Scanner(personal()).leaks("metrics", text.encode()) for text in texts]
    assert leaked == [[], []]


async def test_no_log_line_is_personal(played: Played) -> None:
    logs = {path.name: path.read_bytes() for path in (played.folder / "logs").iterdir()}
    assert [
        leak
        for name, log in logs.items()
        for leak in Scanner(personal()).leaks(name, log)
    ] == []
    assert logs["worker.log"]
    assert logs["gateway.log"]


@pytest.mark.skipif(
    ServerFolder.chosen() is not None, reason="the file is the dev server's alone"
)
async def test_the_database_of_temporal_holds_nothing_personal(played: Played) -> None:
    """Beside the histories it has what searches and lists are made of."""
    files = sorted(played.folder.glob("temporal.db*"))
    assert files
    assert [
        leak
        for file in files
        for leak in Scanner(personal()).leaks(file.name, file.read_bytes())
    ] == []


async def test_words_did_reach_postgresql(pulses: list[OpenedPulse]) -> None:
    """Or there would be nothing that could have leaked."""
    assert sum(pulse.words == {IDEA, COMMENT} for pulse in pulses) > 5


async def test_an_invite_never_goes_back(played: Played) -> None:
    """A change of its time and a cancellation are newer than what they replace."""
    for invites in calendars(mails(played.folder / "mails")).values():
        for old, new in pairwise(invites):
            assert new.sequence >= old.sequence
            if (new.start, new.end, new.method) != (old.start, old.end, old.method):
                assert new.sequence > old.sequence, (old, new)


async def test_every_invite_is_held_withdrawn_or_replaced(
    played: Played, found: Database
) -> None:
    invites = calendars(mails(played.folder / "mails"))
    assert await stray_invites(found, invites) == []
    assert {i.method for meeting in invites.values() for i in meeting} == {
        "REQUEST",
        "CANCEL",
    }


async def test_every_mail_went_out_in_its_readers_working_hours(
    played: Played, found: Database
) -> None:
    assert await found.value("select count(*) from outbox where state = 'sent'") > 50
    assert await notices_outside_hours(found) == []
