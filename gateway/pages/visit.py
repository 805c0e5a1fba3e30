"""One person at one link: who they are, and what the pair is at. Reading changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request

from domain.pair.open_questions import PeopleOfPair, is_still_asked, role_is_asked
from domain.pair.questions import QuestionState, question_state, side_of
from gateway.context import CurrentGateway, Gateway
from gateway.edge.rates import RateKey
from gateway.links import LinkInvalid, LinkRevoked
from gateway.pages.privacy import PagePrivacy, page_privacy
from schemas.events import Side
from schemas.ids import parse_pair_id
from schemas.links import Link
from schemas.pair import PairState
from schemas.people import Person
from schemas.records.listings import PairDetail

PageContext = dict[str, Any]
"""What a template is given, by name."""
_FOR_ANYBODY = (
    QuestionState.NOT_BEGUN,
    QuestionState.CLOSED,
    QuestionState.PARTED,
)
"""Read by whoever was asked once, though others may have taken over since."""


@dataclass(frozen=True)
class Visit:
    """A person's visit to the page of a link. `state` is None while the pair has not
    begun.
    """

    token: str
    link: Link
    person: Person
    detail: PairDetail
    state: PairState | None
    now: datetime
    """When the page was opened, programme time."""
    mentor: Person | None
    mentee: Person | None
    pulses_given: tuple[int, ...]
    """Sessions after which this person gave a pulse."""
    still_asked: bool
    """Whether the person still is who the link was sent to."""
    question_state: QuestionState
    """Chooses the text of a page that asks nothing."""
    rehearsal: bool
    """Whether mails of the programme go to the catcher, where others read them."""
    privacy: PagePrivacy | None
    """The privacy notice that this person reads; None: there is none."""

    @property
    def partner(self) -> Person | None:
        """The other person of the pair, seen from the side for which the visitor
        answers.
        """
        mentors = side_of(self.link) is Side.MENTOR
        return self.mentee if mentors else self.mentor


async def visit(request: Request, gateway: CurrentGateway, token: str) -> Visit:
    """Read a link, and the person and pair that it names.

    Where it is answered, a second pulse is not refused here: storing tells the same one
    from another, and passes a call for help on.

    Raises:
        LinkRevoked: ops closed it.
        LinkInvalid: not a link of ours, or about somebody or something that is no longer there.
        TooManyRequests: it was opened too often.
    """
    link = gateway.links.read(token)
    gateway.rates.count(RateKey.LINK, token)
    store = gateway.store
    person, detail = await _named(gateway, link)
    state = detail.state
    programme = parse_pair_id(link.pair).programme
    clock = await store.programmes.clock(programme)
    now = clock.programme(gateway.now()) if clock else gateway.now()
    mentor = await store.people.find(detail.pair.mentor)
    mentee = (
        await store.people.find(state.match.mentee) if state and state.match else None
    )
    supervisor = await supervisor_of(gateway, mentor)
    still_asked = is_still_asked(link, person, PeopleOfPair(mentor, mentee, supervisor))
    given = await store.answers.pulses_given(link.pair, link.person)
    found = (
        question_state(link, state, now, () if request.method == "POST" else given)
        if state
        else QuestionState.NOT_BEGUN
    )
    if found not in _FOR_ANYBODY and not still_asked:
        found = QuestionState.REASSIGNED
    people = (mentor, mentee, given, still_asked)
    rehearsal = clock is not None and clock.pace != 1
    shown = (found, rehearsal, await page_privacy(store, person, programme))
    return Visit(token, link, person, detail, state, now, *people, *shown)


async def _named(gateway: Gateway, link: Link) -> tuple[Person, PairDetail]:
    """The person and the pair that a link names."""
    person = await check_person(gateway, link)
    detail = await gateway.store.pairs.find(link.pair)
    if detail is None or not role_is_asked(link):
        raise LinkInvalid("this link is about nobody")
    return person, detail


async def check_person(gateway: Gateway, link: Link) -> Person:
    """Returns the person whose link it is.

    Raises:
        LinkRevoked: ops closed it.
        LinkInvalid: the person left, or was erased.
    """
    person = await gateway.store.people.find(link.person)
    if person is None or person.left:
        raise LinkInvalid("this link is about nobody")
    if link.generation != person.link_generation:
        raise LinkRevoked("this link was closed; use the one in your latest mail")
    return person


async def supervisor_of(gateway: Gateway, mentor: Person | None) -> Person | None:
    """Returns the mentor's supervisor, unless there is none or they left."""
    if mentor is None or mentor.supervisor is None:
        return None
    found = await gateway.store.people.find(mentor.supervisor)
    return None if found is None or found.left else found


CurrentVisit = Annotated[Visit, Depends(visit)]
