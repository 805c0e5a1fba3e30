"""The mail with a person's current links: what it holds, and how often it may be sent."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas.links import Link
from schemas.notices import Notice, Recipient, Template

ONE_MAIL_IN = timedelta(hours=1)
"""Wall time in which one person gets one such mail about a pair, however often a page asks.

Whoever holds an old link can ask for it. Ours: longer than a mail takes to arrive.
"""


def current_links(links: Iterable[Link]) -> tuple[Notice, ...]:
    """A notice for each link of one person; they go out as one mail."""
    return tuple(
        Notice(
            template=Template.CURRENT_LINKS,
            to=Recipient(link.role),
            session=link.session,
            attempt=link.attempt,
            check=link.check,
            questions=(link.question,),
        )
        for link in links
    )


def current_links_key(now: datetime) -> str:
    """Part of the key of such a notice; a second one in the same hour (wall time) has the same."""
    return f"links.{int(now.timestamp() // ONE_MAIL_IN.total_seconds())}"


def turned_links_key(generation: int, role: str) -> str:
    """The same for the mail that follows when ops close a person's links: one a generation."""
    return f"links.{role}.{generation}"
