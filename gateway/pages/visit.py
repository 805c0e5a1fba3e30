"""One person at one link: who they are, and how the pair stands. Reading it changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from domain.pair.questions import QuestionState, question_state
from gateway.context import Gateway
from gateway.links import LinkInvalid
from gateway.pages.open_now import ALLOWED
from schemas.ids import parse_pair_id
from schemas.links import Link
from schemas.listings import PairDetail
from schemas.pair import PairState
from schemas.people import Person, Role


@dataclass(frozen=True)
class Visit:
    """What a page needs. `state` is None while the pair has not begun."""

    link: Link
    person: Person
    detail: PairDetail
    state: PairState | None
    now: datetime
    """Programme time."""
    mentor: Person | None
    mentee: Person | None
    question_state: str
    """A Standing, `not_yet` or `not_you`; with it the text of a page that asks nothing."""

    @property
    def asks(self) -> bool:
        return self.question_state in (QuestionState.OPEN, QuestionState.AGREED)


async def visit(gateway: Gateway, token: str) -> Visit:
    """Read a link and all about it.

    Raises:
        LinkInvalid: not a link of ours, or about somebody or something that is no longer there.
    """
    link = gateway.links.read(token)
    store = gateway.store
    person, detail = (
        await store.people.find(link.person),
        await store.pairs.find(link.pair),
    )
    if person is None or detail is None or link.role not in ALLOWED[link.question]:
        raise LinkInvalid("this link leads nowhere")
    state = detail.state
    now = await gateway.programme_now(parse_pair_id(link.pair).programme)
    mentor = await store.people.find(detail.pair.mentor)
    mentee = (
        await store.people.find(state.match.mentee) if state and state.match else None
    )
    stands = question_state(link, state, now) if state else "not_yet"
    if stands not in (
        "not_yet",
        QuestionState.CLOSED,
        QuestionState.PARTED,
    ) and not _still_theirs(person, link, mentor, mentee):
        stands = "not_you"
    return Visit(link, person, detail, state, now, mentor, mentee, stands)


def _still_theirs(
    person: Person, link: Link, mentor: Person | None, mentee: Person | None
) -> bool:
    """Supervisors and delegates change; an old mail of theirs must not act for the new one.

    Where nobody supervises a mentor, ops do.
    """
    match link.role:
        case "mentor":
            return mentor is not None and mentor.person == link.person
        case "supervisor":
            supervisor = mentor.supervisor if mentor else None
            return supervisor == link.person or (
                supervisor is None and Role.OPS in person.roles
            )
        case "delegate":
            return mentee is not None and mentee.delegate == link.person
        case _:
            return mentee is not None and mentee.person == link.person
