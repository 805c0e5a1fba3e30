"""Row 8 of the review: one link made 97 declines in a minute, and 243 mails to three people."""

from dataclasses import replace

import pytest

from domain.pair.advance import advance
from domain.token_bucket import Rate
from gateway.edge.rates import RateKey, RateLimits
from schemas.events import SENT, SlotsFound
from schemas.links import Question
from schemas.pair import PairState
from schemas.records.inbox import EventState
from tests.attacks.people.leavers import mailed, path
from tests.integration.gateway.conftest import Site
from tests.integration.gateway.states import held, proposed, save

MOST_MAILS = 20
"""Three proposals to three people, their withdrawal from calendars, one call, and what came before."""


def patient(site: Site) -> None:
    """Whoever attacks takes their time: rate limits do not stop them."""
    endless = Rate(burst=1_000_000, per_second=1_000_000)
    rates = RateLimits(dict.fromkeys(RateKey, endless))
    site.app.state.gateway = replace(site.gateway, rates=rates)


async def delivered(site: Site, state: PairState) -> PairState:
    """The pair after what the page stored; times are found whenever it looks for some."""
    inbox = site.world.store.inbox
    for event in await inbox.lease_due(100, site.gateway.now().replace(year=2100)):
        decided = SENT[event.kind].model_validate(event.payload)
        state = advance(state, decided, state.now).state
        await inbox.mark(event.key, EventState.DELIVERED)
    if asked := state.finding:
        gone = [*asked.refused, asked.earliest]
        first = max(gone) + (asked.latest - asked.earliest) / 50
        found = SlotsFound(
            revision=asked.revision, session=asked.session, starts=(first,)
        )
        state = advance(state, found, state.now).state
    await save(site, state)
    return state.having(outbox=())


async def invited(site: Site) -> PairState:
    """A pair that was asked for a first time, and whose mails nobody has fetched."""
    patient(site)
    state = proposed(site)
    await save(site, state)
    return state.having(outbox=())


async def answered(site: Site, state: PairState, link: str, answer: str) -> PairState:
    """The pair after an answer on the page to its newest time."""
    session = state.current
    assert session is not None
    form = {"answer": answer, "sequence": str(session.sequence)}
    await site.browser.post(link, data={**form, "asked": session.status})
    return await delivered(site, state)


async def test_ninety_seven_declines_in_a_minute_end_in_one_call(site: Site) -> None:
    state = await invited(site)
    link = path(site, Question.ANSWER, "delegate", "ASSISTANT", session=1)
    mails: list[str] = []
    for _ in range(97):
        state = await answered(site, state, link, "no")
        mails += await mailed(site)
    assert len(mails) <= MOST_MAILS
    assert mails.count("coach@example.org") <= 2
    page = await site.browser.get(link)
    assert "Quelqu’un va vous appeler" in page.text


async def test_agreeing_and_cancelling_writes_no_more_mails(site: Site) -> None:
    state = await invited(site)
    link = path(site, Question.ANSWER, "mentee", "BOSS", session=1)
    mails: list[str] = []
    for turn in range(60):
        state = await answered(site, state, link, "no" if turn % 2 else "yes")
        mails += await mailed(site)
    assert len(mails) <= 2 * MOST_MAILS


async def test_a_hundred_calls_for_help_are_one_open_call(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.calls.OTHER_ANSWERS_SHARE", 0)  # none by lot
    patient(site)
    state = held(site)
    await save(site, state)
    state = state.having(outbox=())
    await mailed(site)
    link = path(site, Question.HELP, "mentor", "ANNA")
    mails: list[str] = []
    for _ in range(100):
        await site.browser.post(link, data={"call": "yes"})
        state = await delivered(site, state)
        mails += await mailed(site)
    assert mails.count("coach@example.org") == 1
    assert (await site.world.store.inbox.counts()) == {"delivered": 1}
