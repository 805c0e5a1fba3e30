"""Services that may send events: what each of them may send, and until when."""

from typing import Annotated

from pydantic import Field, PlainSerializer

from schemas.base import LenientModel, StrictModel
from schemas.ids import Code
from schemas.time.calendar import Instant

_IN_ORDER = PlainSerializer(sorted, when_used="json")


class SourceScope(LenientModel):
    """What a source may send. Whatever is not in it is refused."""

    types: Annotated[frozenset[str], _IN_ORDER]
    """Types of events, as in the catalogue."""
    columns: Annotated[frozenset[str], _IN_ORDER] = frozenset()
    """Columns of people that its events may name; `back` is one of them."""
    programmes: Annotated[frozenset[Code], _IN_ORDER] = frozenset()
    """Its events reach pairs of these only; empty: of every programme."""
    directory: bool = False
    """The organisation's own list of its people: it alone may change who gets mail and
    who has which role, and may learn who is known here and takes part."""


Path = Annotated[str, Field(min_length=1, max_length=200)]
"""Names of fields with points between them, such as `data.user_id`."""


class MessageRule(StrictModel):
    """Which event a service's own message becomes."""

    when: Annotated[dict[Path, str], Field(max_length=10)] = {}
    """What is where in the messages that it is about; nothing: it is about all of them."""
    type: str
    """The event, such as `module_completed`."""
    subject: Path
    """Where the person's id in the organisation is."""
    id: Path | None = None
    """Where the message's own id is; None: in the header `webhook-id`."""
    data: Annotated[dict[str, Path], Field(max_length=20)] = {}
    """By field of the event's data, where its value is."""


class MessageRules(StrictModel):
    """A file of rules; of several about one message the first one counts."""

    message: Annotated[tuple[MessageRule, ...], Field(min_length=1, max_length=50)]


class EventSource(LenientModel):
    """A source as one of its credentials names it."""

    name: Code
    scope: SourceScope
    credential: int
    """Number of the credential that was used."""
    ends_at: Instant | None = None
    """Wall time from which this credential counts no more; None: never."""
    revoked_at: Instant | None = None
    last_used_at: Instant | None = None
    rules: tuple[MessageRule, ...] = ()
    """For messages of its own that are no CloudEvents."""


class SignedSource(LenientModel):
    """A source whose requests are signed, with one of its secrets as it is kept."""

    source: EventSource
    sealed_secret: bytes


class SourceListing(LenientModel):
    """A source as `binome sources list` shows it; all times are wall time."""

    name: Code
    scope: SourceScope
    signed: bool
    """Its requests are signed; else they bear a token."""
    added_at: Instant
    ends_at: Instant | None = None
    """The end of its newest credential."""
    older_until: Instant | None = None
    """Until when the credential before the newest one still works."""
    last_used_at: Instant | None = None
    revoked_at: Instant | None = None
    rules: tuple[MessageRule, ...] = ()
