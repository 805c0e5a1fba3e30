"""`binome sources` over a real PostgreSQL."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pytest import CaptureFixture, MonkeyPatch

from activities.persistence.messages.sources import opened_secrets
from activities.persistence.store import Store
from binome.doctor.sources import sources
from binome.servers import find_servers
from domain.sources.credentials import why_refused
from domain.sources.webhook_signatures import read_secret
from schemas.people import PersonUpdate
from schemas.records.sources import EventSource
from tests.support.terminal import Terminal
from tests.support.world import World
from tests.unit.domain.sources.test_messages import STANDARD
from workers.secrets import SOURCES, derived_key

SECRET = "s" * 32
PUBLISHED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def terminal(
    tmp_path: Path,
    capfd: CaptureFixture[str],
    database_url: str,
    monkeypatch: MonkeyPatch,
) -> Terminal:
    monkeypatch.setenv("BINOME_DATABASE_URL", database_url)
    monkeypatch.setenv("BINOME_SECRET", SECRET)
    return Terminal("sources", tmp_path, capfd)


async def known(store: Store, token: str) -> EventSource:
    source = await store.sources.find(token)
    assert source is not None
    return source


async def test_without_options_a_source_is_a_learning_platform_for_a_year(
    terminal: Terminal, store: Store
) -> None:
    code, token, err = await terminal.run("add", "lms")
    source = await known(store, token)
    assert (code, source.scope.types) == (
        0,
        frozenset({"binome.module_completed.v1"}),
    )
    assert source.ends_at is not None
    assert source.ends_at - datetime.now(UTC) > timedelta(days=364)
    assert "It may send module_completed, until 20" in err


async def test_what_is_granted_is_listed_and_no_token_with_it(
    terminal: Terminal, store: Store
) -> None:
    words = ("add", "hr", "--directory", "--column=name", "--column=email")
    token = (await terminal.run(*words, "--until=never"))[1]
    await store.sources.note_use(await known(store, token), datetime.now(UTC))
    (found,) = await terminal.json("list")
    assert (found["name"], found["ends_at"], found["signed"]) == ("hr", None, False)
    assert found["scope"]["columns"] == ["email", "name"]
    assert found["last_used_at"] is not None
    assert token not in str(found)


async def test_the_table_says_when_a_source_ends_and_was_last_used(
    terminal: Terminal,
) -> None:
    await terminal.run("add", "lms", "--until=2199-12-31", "--programme=pilot")
    _, out, _ = await terminal.run("list")
    assert all(
        word in out for word in ("lms", "pilot", "2199-12-31 00:00", "never", "token")
    )


async def test_the_old_token_works_until_the_time_that_is_stated(
    terminal: Terminal, store: Store
) -> None:
    old = (await terminal.run("add", "lms"))[1]
    _, new, err = await terminal.run("rotate", "lms", "--old-until=2 hours")
    now = datetime.now(UTC)
    refused = [
        why_refused(await known(store, token), at) is not None
        for token in (old, new)
        for at in (now, now + timedelta(hours=3))
    ]
    assert refused == [False, True, False, False]
    assert "The old one works until 20" in err


async def test_a_third_token_ends_the_first_one_at_once(
    terminal: Terminal, store: Store
) -> None:
    first = (await terminal.run("add", "lms"))[1]
    await terminal.run("rotate", "lms", "--old-until=1 day")
    await terminal.run("rotate", "lms", "--old-until=1 day")
    assert await store.sources.find(first) is None


async def test_a_rotation_never_lengthens_the_old_tokens_life(
    terminal: Terminal, store: Store
) -> None:
    old = (await terminal.run("add", "lms", "--until=1 hour"))[1]
    await terminal.run("rotate", "lms", "--old-until=30 days")
    ends_at = (await known(store, old)).ends_at
    assert ends_at is not None and ends_at < datetime.now(UTC) + timedelta(hours=2)


async def test_a_source_that_is_revoked_stays_in_the_list_and_may_come_back(
    terminal: Terminal, store: Store
) -> None:
    token = (await terminal.run("add", "lms"))[1]
    assert (await terminal.run("revoke", "lms"))[0] == 0
    assert why_refused(await known(store, token), datetime.now(UTC)) is not None
    (found,) = await terminal.json("list")
    assert found["revoked_at"] is not None
    assert (await terminal.run("rotate", "lms"))[0] == 2
    again = (await terminal.run("add", "lms"))[1]
    assert why_refused(await known(store, again), datetime.now(UTC)) is None


async def test_what_a_revoked_source_planned_is_named_and_dropped_on_request(
    terminal: Terminal, store: Store
) -> None:
    world = await World.make(store)
    planned = PersonUpdate(
        key="k",
        external_id="BOSS",
        source="hr",
        cells={"site": "Lyon"},
        effective=date(2199, 1, 1),
    )
    await world.store.people_updates.apply([planned], [], datetime.now(UTC))
    words = []
    for options in ([], ["--planned-too"]):
        await terminal.run("add", "hr", "--directory")
        words.append(" ".join((await terminal.run("revoke", "hr", *options))[1:]))
    assert "1 change of people that it sent for a day to come" in words[0]
    assert "1 planned change of people dropped" in words[1]
    assert await store.people_updates.planned("hr") == 0


async def test_the_same_name_again_replaces_grants_and_token(
    terminal: Terminal, store: Store
) -> None:
    old = (await terminal.run("add", "hr", "--directory"))[1]
    new = (await terminal.run("add", "hr", "--type=held"))[1]
    assert await store.sources.find(old) is None
    scope = (await known(store, new)).scope
    assert (scope.types, scope.columns, scope.directory) == (
        frozenset({"binome.held.v1"}),
        frozenset(),
        False,
    )


async def test_a_secret_is_made_for_a_service_that_signs(
    terminal: Terminal, store: Store
) -> None:
    shown = await terminal.json("add", "survey", "--survey", "--secret=new")
    signed = await store.sources.signed("survey")
    assert list(opened_secrets(signed, [derived_key(SECRET, SOURCES)])) == [
        read_secret(shown["secret"])
    ]
    assert shown["address"].endswith("/events?source=survey")


async def test_a_secret_that_the_service_made_is_read_from_a_file_and_not_shown(
    terminal: Terminal, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text(PUBLISHED + "\n")
    code, out, err = await terminal.run("add", "survey", "--survey", f"--secret={file}")
    assert (code, PUBLISHED in out + err) == (0, False)
    await terminal.run("rotate", "survey")
    secrets = opened_secrets(
        await store.sources.signed("survey"), [derived_key(SECRET, SOURCES)]
    )
    assert list(secrets)[1:] == [read_secret(PUBLISHED)]


async def test_messages_of_its_own_become_events_until_it_is_granted_anew(
    terminal: Terminal, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(STANDARD)
    await terminal.run("add", "lms")
    assert (await terminal.run("messages", "lms", str(rules)))[:2] == (
        0,
        "lms: 1 rule.",
    )
    before = await terminal.json("list")
    await terminal.run("add", "lms")
    after = await terminal.json("list")
    assert [len(found["rules"]) for (found,) in (before, after)] == [1, 0]


async def test_rules_for_what_is_not_granted_are_refused(
    terminal: Terminal, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(STANDARD)
    await terminal.run("add", "survey", "--survey")
    code, _, err = await terminal.run("messages", "survey", str(rules))
    assert (code, "module_completed is not granted" in err) == (2, True)


async def test_the_doctor_names_sources_that_soon_may_send_no_more(
    terminal: Terminal, store: Store
) -> None:
    found = []
    for until in ("never", "2 weeks"):
        await terminal.run("add", "lms", f"--until={until}")
        found.append(await sources(find_servers(terminal.folder)))
    assert [len(each) for each in found] == [0, 1]
    assert "lms may send no more" in found[1][0].found


async def test_the_doctor_names_sources_whose_secret_was_lost_with_its_key(
    terminal: Terminal, monkeypatch: MonkeyPatch
) -> None:
    await terminal.run("add", "survey", "--survey", "--secret=new")
    monkeypatch.setenv("BINOME_SECRET", "t" * 32)
    lost = await sources(find_servers(terminal.folder))
    monkeypatch.setenv("BINOME_OLDER_SECRETS", SECRET)
    read = await sources(find_servers(terminal.folder))
    assert ["the secret of survey cannot be read" in each.found for each in lost] == [
        True
    ]
    assert read == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "x", "--type=hold"), "did you mean held?"),
        (("add", "x", "--type=person_upserted", "--column=email"), "--directory"),
        (("add", "x", "--until=soon"), "--until: not a time"),
        (("add", "x", "--programme=Two Words"), "is not a code"),
        (("add", "x", "--secret=/nowhere"), "cannot be read"),
        (("rotate", "nobody"), "no such source"),
        (("revoke", "nobody"), "no such source"),
        (("rotate", "nobody", "--old-until=never"), "it must end"),
    ],
)
async def test_what_cannot_be_granted_is_refused_in_words(
    terminal: Terminal, words: tuple[str, ...], why: str
) -> None:
    code, out, err = await terminal.run(*words)
    assert (code, out, why in err) == (2, "", True), err
