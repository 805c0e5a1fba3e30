"""One person at one link: who they are, and what the pair is at. Reading changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends

from domain.pair.open_questions import is_still_asked, role_is_asked
from domain.pair.questions import QuestionState, question_state, side_of
from gateway.context import CurrentGateway
from gateway.edge.rates import RateKey
from gateway.links import LinkInvalid
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

    link: Link
    person: Person
    detail: PairDetail
    state: PairState | None
    now: datetime
    """When the page was opened, programme time."""
    mentor: Person | None
    mentee: Person | None
    question_state: QuestionState
    """Chooses the text of a page that asks nothing."""

    @property
    def partner(self) -> Person | None:
        """The other person of the pair, seen from the side for which the visitor
        answers.
        """
        mentors = side_of(self.link) is Side.MENTOR
        return self.mentee if mentors else self.mentor


async def visit(gateway: CurrentGateway, token: str) -> Visit:
    """Read a link, and the person and pair that it names.

    Raises:
        LinkInvalid: not a link of ours, or about somebody or something that is no longer there.
        TooManyRequests: it was opened too often.
    """
    link = gateway.links.read(token)
    gateway.rates.count(RateKey.LINK, token)
    store = gateway.store
    person, detail = (
        await store.people.find(link.person),
        await store.pairs.find(link.pair),
    )
    if person is None or detail is None or not role_is_asked(link):
        raise LinkInvalid("this link is about nobody")
    state = detail.state
    now = await gateway.programme_now(parse_pair_id(link.pair).programme)
    mentor = await store.people.find(detail.pair.mentor)
    mentee = (
        await store.people.find(state.match.mentee) if state and state.match else None
    )
    found = question_state(link, state, now) if state else QuestionState.NOT_BEGUN
    if found not in _FOR_ANYBODY and not is_still_asked(link, person, mentor, mentee):
        found = QuestionState.REASSIGNED
    return Visit(link, person, detail, state, now, mentor, mentee, found)


CurrentVisit = Annotated[Visit, Depends(visit)]
