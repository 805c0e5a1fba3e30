"""Which privacy notice somebody reads."""

from collections.abc import Iterable

from schemas.records.privacy import PrivacyNotice


def notice_for(
    notices: Iterable[PrivacyNotice], programme: str, region: str
) -> PrivacyNotice | None:
    """Returns the notice for people of a region in a programme; None: there is none.

    That of their own region comes first, since whoever employs them informs them; then
    that of the programme, then that of all programmes.
    """
    fitting = [
        notice
        for notice in notices
        if notice.programme in (None, programme) and notice.region in (None, region)
    ]
    return max(fitting, key=_narrowness, default=None)


def _narrowness(notice: PrivacyNotice) -> int:
    return (notice.programme is not None) + (notice.region is not None)
