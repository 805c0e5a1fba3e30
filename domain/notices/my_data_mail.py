"""The mail with the link to all that is held about its reader."""

from datetime import datetime, timedelta

from domain.notices.current_links import ONE_MAIL_IN
from schemas.links import Link
from schemas.notices import Notice, Recipient, Template

NEW_ADDRESS_WAITS = timedelta(days=7)
"""Wall time for which no such mail goes to an address that is new, and no link opens.

Ours: whoever changes people's addresses could read all about them at one of their own.
The former address is written to at once, and somebody reads that within a week.
"""


def my_data_mail(link: Link) -> Notice:
    """The notice for whoever a link was made for, and nobody who stands in for them."""
    return Notice(template=Template.MY_DATA, to=Recipient(link.role))


def my_data_key(now: datetime) -> str:
    """Part of the key of such a notice; a second one in the same hour (wall time) has the same."""
    return f"my_data.{int(now.timestamp() // ONE_MAIL_IN.total_seconds())}"
