"""The organisation's privacy notice on a participant's page."""

from typing import NamedTuple

from activities.persistence.store import Store
from domain.privacy.which_notice import notice_for
from schemas.people import Person
from schemas.records.privacy import Informed, InformedBy, PrivacyNotice


class PagePrivacy(NamedTuple):
    """The privacy notice that somebody reads on their pages."""

    notice: PrivacyNotice
    is_first: bool
    """Whether they have answered no question under it yet: it then stands above the question."""


async def page_privacy(
    store: Store, person: Person, programme: str
) -> PagePrivacy | None:
    """The notice for a person in a programme; None: there is none."""
    notices = await store.privacy_notices.shown()
    notice = notice_for(notices, programme, person.region)
    if notice is None:
        return None
    informed = await store.privacy_notices.informed([person.person], InformedBy.PAGE)
    return PagePrivacy(notice, Informed(person.person, notice.id) not in informed)


async def note_informed(
    store: Store, person: Person, privacy: PagePrivacy | None
) -> None:
    """Note that somebody answered a question above which the notice stood.

    To open a page changes nothing, so no other visit is noted.
    """
    if privacy is not None and privacy.is_first:
        await store.privacy_notices.note_informed(
            person.person, privacy.notice.id, InformedBy.PAGE
        )
