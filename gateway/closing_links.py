"""Closes all links of one person, and mails the current ones to their address."""

from datetime import datetime

from activities.persistence.store import Store
from domain.notices.current_links import current_links, turned_links_key
from domain.pair.open_questions import open_questions
from schemas.links import Link, Question
from schemas.people import Person

MOST_PAIRS = 100
"""Pairs of one person whose current links are mailed at once."""


async def close_links(store: Store, person: Person, by: str, now: datetime) -> int:
    """Close every link that the person has; returns about how many pairs new ones are mailed.

    It holds at once, on every gateway: each reads the person before it trusts a link.
    `by` is who decided it, `now` wall time.
    """
    generation = await store.people.close_links(person.person, by)
    if person.left:
        return 0
    mailed = 0
    for pair, role in await store.pairs.parts_of(person.person, MOST_PAIRS):
        link = Link(
            question=Question.HELP,
            pair=pair.workflow_id,
            person=person.person,
            role=role,
            generation=generation,
        )
        mailed += await _mail(store, link, turned_links_key(generation, role), now)
    return mailed


async def _mail(store: Store, link: Link, key: str, now: datetime) -> bool:
    """Queue the links of all questions that are open to the holder of this one."""
    detail = await store.pairs.find(link.pair)
    if detail is None or detail.state is None:
        return False
    clock = await store.programmes.clock(detail.pair.programme)
    programme_now = clock.programme(now) if clock else now
    given = await store.answers.pulses_given(link.pair, link.person)
    links = open_questions(link, detail.state, programme_now, given)
    if not links:
        return False
    return bool(
        await store.outbox.queue_for_person(
            link.pair, link.person, key, current_links(links)
        )
    )
