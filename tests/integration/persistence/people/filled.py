"""A database in which every table that an erasure changes holds something about one mentor."""

from datetime import UTC, date, datetime, timedelta

import asyncpg

from activities.persistence.store import Store
from schemas.events import Side
from schemas.notices import Recipient
from schemas.people import ImportOptions, PersonUpdate
from schemas.records.inbox import EventState, NewEvent
from schemas.stages import Outcome, Stage
from tests.support.world import World, file, line, notice, one_part, record

ACCOUNT = "aaaaaaaaaaaaaa"
"""Her account of the console."""
SOON = date(2200, 1, 1)

_BY_HAND = """
insert into match_runs (programme, region, wave, run) values ('pilot', 'comex', 1, 1);
insert into matches (programme, region, wave, match, run, pair, mentor, mentee, score, reasons, decision)
select 'pilot', 'comex', 1, 'm', 1, pair, :ANNA, :BOSS, 1, '["zebra"]', 'announced' from pairs where mentor = :ANNA;
insert into unmatched_people (programme, region, wave, run, person, side)
values ('pilot', 'comex', 1, 1, :ANNA, 'mentor');
insert into match_decisions (programme, region, wave, revision, position, what, run, mentor, decided_by)
values ('pilot', 'comex', 1, 1, 1, 'approved', 1, :ANNA, 'ANNA');
insert into pins (programme, mentor, mentee) values ('pilot', :ANNA, :BOSS);
insert into pins (programme, mentor, mentee, pinned_by) values ('pilot', :BRUNO, :BOSS, 'anna@example.org');
insert into bans (programme, mentor, mentee, banned_by) values ('pilot', :ANNA, :BOSS, 'ops');
insert into bans (programme, mentor, mentee, banned_by) values ('pilot', :BRUNO, :BOSS, 'Name of ANNA');
insert into refusals (programme, mentor, mentee, refused_at) values ('pilot', :ANNA, :BOSS, now());
insert into guard_findings (pair, mentee, programme, region, wave, status, checked)
select pair, :BOSS, 'pilot', 'comex', 1, 'dismissed', 0 from pairs where mentor = :ANNA;
insert into refused_messages (workflow_id, name, reason, at, resent_by) values ('w', 'n', 'r', now(), 'ANNA');
insert into closed_links (person, generation, closed_by) values (:ANNA, 0, 'ANNA');
insert into accounts (actor, login, name, person) values (:ACCOUNT, 'anna', 'Name of ANNA', :ANNA);
insert into account_grants (actor, role) values (:ACCOUNT, 'viewer');
insert into account_sessions (token_hash, actor, way) values ('one', :ACCOUNT, 'password');
insert into sign_in_links (token_hash, actor) values ('one', :ACCOUNT);
insert into access_log (actor, what, about) values (:ACCOUNT, 'read', :ANNA);
insert into decisions (actor, about, what) values (:ACCOUNT, :ANNA, 'pause');
insert into directives (scope, paused) values ('person:' || :ANNA, true);
update pulses set release = 1, idea_release = 1 where session = 1;
insert into releases (programme, region, wave, number, at, people, lowest, highest, answers, least_sum, most_sum, total)
values ('pilot', 'comex', 1, 1, now(), 5, 1, 5, 5, 5, 25, 'sealed');
select open_archive_months(array[date '2020-01-01']);
update outbox set address = 'anna@old.example' where person = :ANNA;
insert into archived_notices
select date '2020-01-01', o.* from outbox o where person = :ANNA limit 1;
insert into archived_events
select date '2020-01-01', e.* from events e where person = :ANNA limit 1;
update archived_events set key = 'old';
insert into archived_event_keys values ('old');
"""


async def filled(world: World, url: str) -> NewEvent:
    """Fill it; ANNA's pair with BOSS has closed. Returns an event that she sent."""
    store, anna = world.store, world.ids["ANNA"]
    met = record(
        1,
        stage=Stage.SESSIONS,
        mentee=world.ids["BOSS"],
        sessions=[(1, 1, "held"), (2, 1, "held")],
        notices=(notice(Recipient.MENTOR), notice(Recipient.MENTEE)),
        what="concern_raised",
    )
    closed = record(
        2, stage=Stage.CLOSED, outcome=Outcome.COMPLETED, mentee=world.ids["BOSS"]
    )
    await world.record(met, closed)
    for session, words in ((1, ("a zebra", "a hedgehog")), (2, ("", ""))):
        await store.answers.save_pulse(
            world.pair(), session, Side.MENTOR, anna, 4, *words, wants_help=False
        )
    await store.answers.save_offer(anna, world.pair(), "rest", False)
    await store.people.complete_module(anna, "listening")
    event = NewEvent(
        key="e1",
        source="hr",
        event_id="moved-ANNA",
        type="binome.rehearsed.v1",
        kind="rehearsed",
        person=anna,
    )
    await store.inbox.store([event])
    await store.inbox.mark("e1", EventState.DELIVERED)
    await _people_change(world)
    await _people_file(store)
    connection = await asyncpg.connect(url)
    script = _BY_HAND
    for name in ("ANNA", "BOSS", "BRUNO"):
        script = script.replace(f":{name}", f"'{world.ids[name]}'")
    await connection.execute(script.replace(":ACCOUNT", f"'{ACCOUNT}'"))
    await connection.close()
    return event


async def _people_file(store: Store) -> None:
    """An uploaded file with another name for ANNA, which waits for its confirmation."""
    parts = one_part(file(line("ANNA", "idf", "mentor", name="ANNA the second")))
    taken = await store.people_files.take(parts, ImportOptions())
    await store.people_files.work_on(taken.name, lambda *_: None)


async def _people_change(world: World) -> None:
    """What services say now, and for a day to come."""
    now = datetime.now(UTC)
    await world.store.people_updates.apply(
        [
            _update("now", "ANNA", {"site": "Lyon"}, now),
            _update("later", "ANNA", {"site": "Brest"}, now, SOON),
            _update("other", "BRUNO", {"manager": "ANNA"}, now, SOON),
        ],
        [],
        now,
    )


def _update(
    key: str, who: str, cells: dict[str, str], at: datetime, day: date | None = None
) -> PersonUpdate:
    return PersonUpdate(
        key=key,
        external_id=who,
        source="hr",
        cells=cells,
        stated_at=at - timedelta(hours=1),
        effective=day,
        back=False,
    )
