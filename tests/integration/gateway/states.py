"""States of a real pair, decided by the real lifecycle and kept as the pair itself keeps them."""

from datetime import timedelta

from domain.pair.advance import advance, begin
from schemas.effects import RecordBatch
from schemas.events import (
    Event,
    Held,
    InvitationAnswer,
    InvitationAnswered,
    MatchAgreed,
    Matched,
    ModuleCompleted,
    Side,
    SlotsFound,
    Started,
    Volunteered,
)
from schemas.links import Link, Question
from schemas.pair import PairStart, PairState
from schemas.pair_updates import SignOffMentor
from tests.integration.gateway.conftest import Site


def start_of(site: Site) -> PairState:
    plan = site.world.plan
    start = PairStart(
        pair=site.world.pair(),
        clock=plan.clock,
        policy=plan.cohorts[0].policy,
        calendar=plan.cohorts[0].calendar,
        starts_at=plan.starts_at,
    )
    return advance(begin(start), Started(), plan.starts_at).state


async def save(site: Site, state: PairState) -> None:
    """As the pair itself does: its records, and its state without what the cohort's plan has."""
    kept = state.model_dump(
        mode="json", exclude={"outbox", "pair", "clock", "policy", "calendar"}
    )
    await site.world.store.records.record(
        RecordBatch(pair=state.pair, records=state.outbox, state=kept)
    )


def played(state: PairState, *events: Event) -> PairState:
    for event in events:
        state = advance(state, event, state.now).state
    return state


def matched(site: Site) -> PairState:
    """Anna is ready and matched with Boss."""
    gate = (
        Volunteered(windows=True, charter=True),
        ModuleCompleted(module="listening"),
        SignOffMentor(rehearsed=True),
    )
    return played(start_of(site), *gate, Matched(mentee=site.world.ids["BOSS"]))


def proposed(site: Site) -> PairState:
    """Both agreed, and two times are offered for the first session."""
    boss = site.world.ids["BOSS"]
    both = (
        MatchAgreed(side=Side.MENTOR, mentee=boss),
        MatchAgreed(side=Side.MENTEE, mentee=boss, charter=True),
    )
    state = played(matched(site), *both)
    assert state.finding
    starts = (
        state.finding.earliest + timedelta(days=1),
        state.finding.earliest + timedelta(days=2),
    )
    return played(
        state, SlotsFound(revision=state.finding.revision, session=1, starts=starts)
    )


def held(site: Site) -> PairState:
    """The first session took place."""
    state = played(
        proposed(site),
        InvitationAnswered(session=1, sequence=0, answer=InvitationAnswer.YES),
    )
    assert state.current and state.current.start
    return advance(
        state, Held(session=1), state.current.start + timedelta(hours=2)
    ).state


def token(site: Site, question: Question, role: str, who: str, **about: object) -> str:
    link = Link(
        question=question,
        pair=site.world.pair().workflow_id,
        person=site.world.ids[who],
        role=role,
    )
    return site.gateway.links.token(link.model_copy(update=about))
