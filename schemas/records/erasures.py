"""Erasures of people, as PostgreSQL keeps them."""

from datetime import datetime

from schemas.base import LenientModel
from schemas.ids import PersonId


class Erasure(LenientModel):
    """The receipt of one erasure; times are wall time."""

    person: PersonId
    """Random id, which is nobody's any more once it has finished."""
    digest: str
    """Keyed digest of the organisation's id."""
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None = None
    """None: it is under way."""
    counts: dict[str, int] = {}
    """Rows deleted or emptied, by table."""
