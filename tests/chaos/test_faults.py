"""One programme, and everything breaks in the middle of it: it goes on by itself, nothing is lost, nothing is twice."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL

import pytest

from binome.stack.process_identity import ProcessIdentity
from schemas.pair import PairState
from schemas.stages import Outcome
from tests.chaos.faults import (
    answers,
    kill,
    kill_between_sending_and_marking,
    logged,
    stopped,
)
from tests.support.rehearsal.facts import stray_invites
from tests.support.rehearsal.opened_pulses import opened_pulses
from tests.support.rehearsal.organisation import MODULE, REFUSES, UNREADY
from tests.support.rehearsal.own_sql import Database, database
from tests.support.rehearsal.post import Mail, calendars, mails
from tests.support.rehearsal.programme import Played, play
from tests.support.rehearsal.secrets import SHAPES, Scanner, personal
from tests.support.rehearsal.temporal_contents import contents
from tests.support.stack import Stack, ended, stack_in
from tests.support.waiting import until

PATIENT = {
    "training": {"modules": [MODULE], "within": "5 weeks", "reminder": "4 weeks"},
    "sessions": {
        "count": 2,
        "every": "4 days",
        "notice": "2 days",
        "window": "8 weeks",
    },
    "matching": {
        "approval": "automatic",
        "agree_within": "4 weeks",
        "search_for": "5 weeks",
    },
    "regions": [
        {"region": "comex", "mentors_from": ["idf"]},
        {"region": "est", "mentors_from": ["ouest"]},
    ],
}
"""A day is a second, and an outage lasts ten: people must not be too late for what a fault held up."""
SLOW = frozenset({UNREADY, REFUSES, "XQ-7024", "XQ-7025"})
"""Who would only be waited for, and mentors for whom there would be no mentee."""
PORTS = {
    "gateway": "port",
    "temporal": "temporal-port",
    "ui": "ui-port",
    "postgres": "postgres-port",
    "smtp": "smtp-port",
}


class Faults:
    """Done one after the other, each as soon as the programme has come to where it hurts."""

    def __init__(self, stack: Stack, running: AsyncExitStack) -> None:
        self.stack, self._running = stack, running
        self.done: list[str] = []
        self.left: list[ProcessIdentity] = []
        """Processes that outlived the stack that was killed."""

    async def happen(self, played: Played) -> None:
        url = str(played.stack["database_url"])
        await _reached(url, "select 1 from outbox where state = 'sent'")
        await self._stop_database(played)
        await _reached(url, "select 1 from pairs where stage = 'matching'")
        await self._stop_mail_server()
        await _reached(url, "select 1 from sessions where status = 'proposed'")
        await kill_between_sending_and_marking(self.stack, url)
        self.done.append("worker")
        await _reached(url, "select 1 from sessions where status = 'held'")
        await self._all_killed()
        kill(self.stack, "gateway")
        self.done.append("gateway")

    async def _stop_database(self, played: Played) -> None:
        log = self.stack.folder / "logs" / "worker.log"
        length = log.stat().st_size
        gateway = str(played.stack["gateway"])
        async with stopped(self.stack, "postgres"):
            await answers(gateway, 503)
            await logged(log, "delivery stopped", length)
        await answers(gateway, 200)
        self.done.append("postgres")

    async def _stop_mail_server(self) -> None:
        log = self.stack.folder / "logs" / "worker.log"
        length = log.stat().st_size
        async with stopped(self.stack, "catcher"):
            await logged(log, "mail server unavailable", length)
        self.done.append("catcher")

    async def _all_killed(self) -> None:
        """Started again on the same ports: they are in mails that people have."""
        addresses, children = self.stack.addresses(), self.stack.children()
        ports = [
            f"--{option}={addresses[name].rpartition(':')[2]}"
            for name, option in PORTS.items()
        ]
        await self.stack.end(SIGKILL)
        for child in children.values():
            await ended(child)
        self.stack = await self._running.enter_async_context(
            stack_in(self.stack.folder, *ports)
        )
        self.done.append("stack")


async def _reached(url: str, statement: str) -> None:
    """Wait until there is such a row."""
    async with database(url) as found:

        async def look() -> bool:
            return bool(await found.rows(statement))

        await until(look)


async def all_sent(url: str) -> None:
    """Wait for the last mails: what is sent after the mails were read is not among them."""
    async with database(url) as found:

        async def look() -> bool:
            return not await found.rows("select 1 from outbox where state = 'queued'")

        await until(look)


@dataclass(frozen=True)
class Survived:
    """A programme that came through."""

    played: Played
    faults: Faults
    post: list[Mail]


@pytest.fixture(scope="module")
async def survived(open_folder: Path) -> AsyncIterator[Survived]:
    async with AsyncExitStack() as running:
        stack = await running.enter_async_context(stack_in(open_folder / "faults"))
        faults = Faults(stack, running)
        played = await play(stack, faults.happen, absent=SLOW, **PATIENT)
        await all_sent(str(played.stack["database_url"]))
        yield Survived(played, faults, mails(stack.folder / "mails"))


@pytest.fixture(scope="module")
async def found(survived: Survived) -> AsyncIterator[Database]:
    async with database(survived.played.stack["database_url"]) as found:
        yield found


async def test_every_fault_happened(survived: Survived) -> None:
    assert survived.faults.done == ["postgres", "catcher", "worker", "stack", "gateway"]


async def test_the_programme_went_on_to_its_end(survived: Survived) -> None:
    assert survived.played.last is not None
    assert {r.region: r.status for r in survived.played.last.regions if r.wave} == {
        "comex": "closed",
        "est": "closed",
    }
    assert Outcome.COMPLETED in {
        outcome for r in survived.played.last.regions for outcome in r.outcomes
    }


async def test_no_session_that_was_called_held_is_lost(
    survived: Survived, found: Database
) -> None:
    """One whose thanks were cut off by a fault may count, too: it was said."""
    rows = await found.rows(
        "select pair, number, attempt from sessions where status = 'held'"
    )
    held = {tuple(row) for row in rows}
    assert {key for key, yes in survived.played.answers.held.items() if yes} <= held
    assert held <= survived.played.answers.sent


async def test_no_pulse_is_lost(survived: Survived, found: Database) -> None:
    played = survived.played
    opened = await opened_pulses(found, played.folder, played.stack["database_url"])
    kept = {pulse.key: pulse.score for pulse in opened}
    assert survived.played.answers.pulses.items() <= kept.items()


async def test_no_agreement_is_lost(survived: Survived, found: Database) -> None:
    rows = await found.rows("select pair, reason from ledger where what = 'agreed'")
    assert survived.played.answers.agreed <= {
        (row["pair"], row["reason"]) for row in rows
    }


async def test_no_event_is_left_undelivered(found: Database) -> None:
    """A call that was drawn for a later day may wait for it beyond the programme's end."""

    async def none_left() -> bool:
        return not await found.rows(
            "select 1 from events where state not in ('delivered', 'waiting')"
            " and coalesce(reason, '') not in ('pair_closed', 'no_live_pair')"
            " and not (kind = 'concern_raised' and coalesce(next_try > now(), false))"
        )

    await until(none_left)


async def test_every_transition_is_on_record_once(
    survived: Survived, found: Database
) -> None:
    """Without a gap, as far as the workflow itself has come."""
    client = await survived.played.client()
    rows = await found.rows(
        "select pair, array_agg(revision order by revision) as revisions from transitions group by 1"
    )
    assert len(rows) == await found.value("select count(*) from pairs")
    for row in rows:
        state = await client.get_workflow_handle(row["pair"]).query(
            "state", result_type=PairState
        )
        assert row["revisions"] == list(range(1, state.revision + 1))
        assert state.outbox == ()


@pytest.mark.parametrize(
    "what", ["started", "held", "missed", "sessions_begin", "closed"]
)
async def test_what_happens_once_is_sent_once(found: Database, what: str) -> None:
    rows = await found.rows(
        "select pair from ledger where what = $1 group by pair, session having count(*) > 1",
        what,
    )
    assert rows == []


async def test_no_notice_is_queued_twice(found: Database) -> None:
    """Two transitions may ask for the same words, but not about the same invite."""
    rows = await found.rows(
        """
        select scope, person, body ->> 'template' as template from outbox
        where body ->> 'invite' is not null or body ->> 'template' in ('mentor_invitation', 'certificate', 'thanks')
        group by 1, 2, 3, body ->> 'session', body ->> 'attempt', body -> 'invite' ->> 'sequence'
        having count(*) > 1
        """
    )
    assert rows == []


async def test_a_mail_that_went_out_twice_is_the_same_mail(survived: Survived) -> None:
    """One was forced: the worker was killed with the mail out and not recorded."""
    times = Counter(mail.message_id for mail in survived.post)
    repeated = [mail for mail in survived.post if times[mail.message_id] > 1]
    assert repeated
    assert len(
        {(mail.message_id, mail.to, mail.subject, mail.invites) for mail in repeated}
    ) == len({mail.message_id for mail in repeated})


async def test_every_notice_that_was_sent_is_in_one_mail(
    survived: Survived, found: Database
) -> None:
    """One that went out unmarked, and is too late to be repeated, is unconfirmed."""
    rows = await found.rows(
        "select state, message_id from outbox where message_id is not null"
    )
    arrived = {mail.message_id for mail in survived.post}
    assert {row["message_id"] for row in rows if row["state"] == "sent"} <= arrived
    assert arrived <= {row["message_id"] for row in rows if row["state"] != "dropped"}
    left = await found.rows(
        "select state, reason, body ->> 'template' as template, body ->> 'to' as role "
        "from outbox where state in ('queued', 'failed')"
    )
    assert [dict(row) for row in left] == []


async def test_every_invite_is_held_withdrawn_or_replaced(
    survived: Survived, found: Database
) -> None:
    assert await stray_invites(found, calendars(survived.post)) == []


async def test_failures_hold_nothing_personal(survived: Survived) -> None:
    """Failures are where values like to be quoted."""
    scanner = Scanner(personal() | SHAPES)
    for log in (survived.played.folder / "logs").iterdir():
        assert scanner.leaks(log.name, log.read_bytes()) == []
    async for content in contents(await survived.played.client()):
        assert scanner.leaks(content.where, content.data) == []
