"""The same people and pair everywhere: Ana coaches Marc, Sofia accompanies her, Dan keeps Marc's agenda."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from gateway.app import build_app
from gateway.context import Gateway
from gateway.options import GatewayOptions
from schemas.events import (
    CharterSigned,
    MatchAgreed,
    Matched,
    ModuleCompleted,
    Side,
    Volunteered,
)
from schemas.links import Link, Question
from schemas.pair import PairState
from schemas.pair_updates import SignOffMentor
from schemas.people import Person, Role
from schemas.records.access import Grant
from schemas.records.listings import PairDetail
from schemas.time.calendar import Window
from schemas.time.clock import Clock
from tests.support.accounts import COOKIE, EVERYTHING, signed_in
from tests.support.lives import MENTEE, MENTOR, PAIR, Life, a_pair
from tests.unit.gateway.fakes.messages import SOURCE_KEY
from tests.unit.gateway.fakes.people_files import FakeImportWorker
from tests.unit.gateway.fakes.store import FakeStore
from tests.unit.gateway.fakes.workflows import FakeWorkflows

SUPERVISOR = "p" + "s" * 13
DELEGATE = "p" + "d" * 13
OPS = "p" + "o" * 13
PAIR_ID = PAIR.workflow_id
POLICY: dict[str, object] = {
    "training": {"modules": ["ecoute", "oser-parler"]},
    "sessions": {"count": 3},
}
WEEK = (Window(day=0, start=540, end=720), Window(day=2, start=840, end=1020))


def person(person_id: str, name: str, **more: Any) -> Person:
    fields: dict[str, Any] = {
        "external_id": f"x-{name.split()[0].lower()}",
        "email": f"{name.split()[0].lower()}@example.org",
        "region": "comex",
        "locale": "en",
        "windows": WEEK,
    }
    return Person(person=person_id, name=name, **{**fields, **more})


def people() -> dict[str, Person]:
    found = (
        person(
            MENTOR,
            "Ana Ruiz",
            supervisor=SUPERVISOR,
            roles={Role.MENTOR},
            function="Data analyst",
        ),
        person(
            MENTEE,
            "Marc Delorme",
            delegate=DELEGATE,
            roles={Role.MENTEE},
            function="Chief financial officer",
        ),
        person(
            SUPERVISOR, "Sofia Lind", roles={Role.SUPERVISOR}, function="Field engineer"
        ),
        person(DELEGATE, "Dan Petit", roles={Role.DELEGATE}),
        person(OPS, "Olga Roy", roles={Role.OPS}),
    )
    return {each.person: each for each in found}


def trained(policy: dict[str, object] | None = None) -> Life:
    life = Life(a_pair(policy or POLICY))
    done = [ModuleCompleted(module="ecoute"), ModuleCompleted(module="oser-parler")]
    return life.on(
        Volunteered(),
        *done,
        SignOffMentor(rehearsed=True),
        CharterSigned(side=Side.MENTOR),
    )


def matched(policy: dict[str, object] | None = None) -> Life:
    return trained(policy).on(Matched(mentee=MENTEE))


def proposed(policy: dict[str, object] | None = None) -> Life:
    """A time for session 1 is proposed, with one alternative."""
    both = [
        MatchAgreed(side=Side.MENTOR, mentee=MENTEE),
        MatchAgreed(side=Side.MENTEE, mentee=MENTEE, charter=True),
    ]
    return matched(policy).on(*both).slots()


@dataclass
class House:
    """A gateway over fakes, and a browser on the same machine."""

    store: FakeStore
    workflows: FakeWorkflows
    app: FastAPI
    browser: httpx.AsyncClient
    import_worker: FakeImportWorker

    @property
    def gateway(self) -> Gateway:
        gateway: Gateway = self.app.state.gateway
        return gateway

    async def sign_in(self, *grants: Grant) -> None:
        """The browser is Olga's, who was granted this."""
        self.browser.cookies.set(COOKIE, await signed_in(self.store, grants=grants))

    def link(
        self,
        question: Question,
        role: str = "mentor",
        person: str = MENTOR,
        **about: Any,
    ) -> str:
        """The path of a page."""
        link = Link(question=question, pair=PAIR_ID, person=person, role=role, **about)
        return f"/q/{self.gateway.links.token(link)}"

    def put(self, state: PairState | Life, now: datetime | None = None) -> None:
        """The pair stands like this, and programme time is `now`."""
        life = state.state if isinstance(state, Life) else state
        wall = datetime.now(UTC)
        now = now or (state.now if isinstance(state, Life) else life.now)
        # A pace of almost nothing: the clock stands still while a test looks.
        self.store.programmes.one_clock = Clock(
            programme_epoch=now, wall_epoch=wall, pace=0.000001
        )
        mentee = self.store.people.persons[life.match.mentee] if life.match else None
        self.store.pairs.details[PAIR_ID] = PairDetail(
            pair=PAIR,
            mentor_name=self.store.people.persons[MENTOR].name,
            mentee_name=mentee.name if mentee else None,
            stage=life.stage,
            outcome=life.outcome,
            health=life.health,
            held=life.held,
            state=life,
        )
        self.store.pairs.live[MENTOR] = [(PAIR, Side.MENTOR)]
        self.store.pairs.live[MENTEE] = [(PAIR, Side.MENTEE)] if mentee else []

    def signals(self) -> list[tuple[str, dict[str, Any]]]:
        """(kind, payload) of every event in the inbox."""
        return [(e.kind, e.payload) for e in self.store.inbox.events.values()]


@asynccontextmanager
async def house(
    client: str = "127.0.0.1",
    host: str = "localhost",
    grants: Sequence[Grant] | None = EVERYTHING,
    **options: Any,
) -> AsyncIterator[House]:
    """The browser is signed in as Olga, who was granted this; None: nobody is signed in."""
    store, workflows = FakeStore(), FakeWorkflows()
    store.people.persons = people()
    given: dict[str, Any] = {
        "public_url": "http://localhost",
        "ui_url": "http://localhost:8233",
        "link_keys": (b"k" * 32,),
        "pulse_key": b"p" * 32,
        "source_keys": (SOURCE_KEY,),
        "dispatch": False,
        "hosts": (host,),
    }
    app = build_app(store, workflows, GatewayOptions(**{**given, **options}))  # type: ignore[arg-type]  # FakeWorkflows
    transport = httpx.ASGITransport(app, client=(client, 50000))
    async with httpx.AsyncClient(
        transport=transport, base_url=f"http://{host}"
    ) as browser:
        worker = FakeImportWorker(store.people_files)
        workflows.wake_import = worker.wake
        made = House(store, workflows, app, browser, worker)
        if grants is not None:
            await made.sign_in(*grants)
        yield made
        await worker.close()
