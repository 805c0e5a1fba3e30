"""CloudEvents that services send: `binome.<name>.v1`, `subject` the person's id in the organisation.

Unknown fields are ignored, since senders add their own; what we read is checked. The gateway turns `subject` into a
person id, and splits scores and words off, before anything reaches a workflow.
"""

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from schemas.base import Carried
from schemas.calendar import Instant, Window
from schemas.events import Answer, Number, Side
from schemas.ids import Code


def _printable(value: str) -> str:
    if any(ord(c) < 32 for c in value):
        raise ValueError("holds a control character; leave it out")
    return value


Text = Annotated[str, Field(max_length=4000)]
Key = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]


class CloudEvent(Carried):
    """The envelope of CloudEvents 1.0. We need `id`, since without it nothing can be told from its repetition."""

    specversion: Literal["1.0"]
    id: Key
    source: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_printable)]
    type: Key
    subject: Key
    """The person's id in the organisation, as in the people file."""
    time: Instant | None = None
    """Wall time at the sender."""
    data: Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)] = {}


class Nothing(Carried):
    """The type says it all."""


class OfPair(Carried):
    """About one pair. `pair` is its workflow id; it may be left out while the person has one pair only."""

    pair: Annotated[str | None, Field(max_length=120)] = None


class ModuleData(Carried):
    """A module of the learning platform was finished. It may arrive before the programme starts."""

    module: Code


class WindowsData(Carried):
    """The person's weekly windows, in their own zone; they replace the earlier ones."""

    windows: Annotated[tuple[Window, ...], Field(min_length=1, max_length=40)]


class AnsweredData(OfPair):
    """An answer to the newest invitation: session, attempt and sequence stand in its calendar part."""

    session: Number
    attempt: Number = 1
    sequence: Annotated[int, Field(ge=0)]
    answer: Answer
    start: Instant | None = None
    """With another_time: which of the alternatives; without it, none of them suits."""


class HeldData(OfPair):
    """Whether a session took place."""

    session: Number
    attempt: Number = 1
    held: bool = True


class PulseData(OfPair):
    """A pulse from a survey. Score and words are kept in PostgreSQL only; the pair hears that there is one."""

    session: Number
    score: Annotated[int, Field(ge=1, le=5)]
    idea: Text = ""
    """To share, if they wish."""
    comment: Text = ""
    """Confidential."""
    help: bool = False


class Incoming(NamedTuple):
    """What a type carries, which signal comes of it, and on which side the person must be (None: either)."""

    data: type[Carried]
    kind: str
    side: Side | None = None
    pause: bool | None = None
    """Whether it puts the pause of the person into force, or out of it."""


CATALOGUE: dict[str, Incoming] = {
    "binome.module_completed.v1": Incoming(ModuleData, "module_completed", Side.MENTOR),
    "binome.rehearsed.v1": Incoming(Nothing, "rehearsed", Side.MENTOR),
    "binome.volunteered.v1": Incoming(Nothing, "volunteered", Side.MENTOR),
    "binome.declined.v1": Incoming(Nothing, "declined", Side.MENTOR),
    "binome.windows_given.v1": Incoming(WindowsData, "windows_given"),
    "binome.charter_signed.v1": Incoming(Nothing, "charter_signed"),
    "binome.answered.v1": Incoming(AnsweredData, "answered"),
    "binome.held.v1": Incoming(HeldData, "held", Side.MENTOR),
    "binome.pulse_received.v1": Incoming(PulseData, "pulse_received"),
    "binome.person_left.v1": Incoming(Nothing, "person_left"),
    "binome.person_paused.v1": Incoming(Nothing, "directives_changed", pause=True),
    "binome.person_resumed.v1": Incoming(Nothing, "directives_changed", pause=False),
}
