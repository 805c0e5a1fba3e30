"""Confidential comments, as a trusted contact reads them."""

from datetime import datetime

from schemas.base import LenientModel
from schemas.events import Side
from schemas.ids import PersonId


class Comment(LenientModel):
    """One comment, with who wrote it."""

    person: PersonId
    name: str
    side: Side
    session: int
    programme: str
    region: str
    wave: int
    comment: str
    unopened: bool = False
    """It cannot be opened; `comment` says why."""
    received_at: datetime
    """Wall time."""
