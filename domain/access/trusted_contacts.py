"""Who reads confidential comments; where nobody does, none is collected."""

from collections.abc import Iterable

from domain.access.permissions import Permission, Place, may
from schemas.records.access import Account


def trusted_contacts(
    accounts: Iterable[Account], programme: str, region: str
) -> tuple[str, ...]:
    """Returns the names of those who read the comments of a region, in order."""
    place = (Place(programme, region),)
    return tuple(
        sorted(
            account.name
            for account in accounts
            if account.revoked_at is None
            and may(account.grants, Permission.READ_COMMENTS, place)
        )
    )
