"""Whether services can go on sending, as `binome doctor` says it."""

from datetime import UTC, datetime

from activities.persistence.messages.sources import opened_secrets
from activities.persistence.store import Store
from binome.doctor.asking import ask_store
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses
from domain.sources.credentials import ENDING_SOON, ends_soon
from schemas.records.sources import SourceListing
from workers.secrets import SOURCES, derived_keys

SUBJECT = "sources"


async def sources(servers: ServerAddresses) -> list[Diagnosis]:
    """Name services whose token or secret ends soon, or is sealed with a key that is gone."""
    now = datetime.now(UTC)
    keys = derived_keys(servers.settings, SOURCES)

    async def listed(store: Store) -> tuple[list[SourceListing], list[str]]:
        all_of_them = await store.sources.listing()
        lost = [one.name for one in all_of_them if await _is_lost(store, one, keys)]
        return all_of_them, lost

    listing, lost = await ask_store(servers, listed) or ([], [])
    found: list[Diagnosis] = []
    if lost:
        what = f"the secret of {', '.join(lost)} cannot be read"
        remedy = "put the secret of that time into BINOME_OLDER_SECRETS, or run: binome sources rotate NAME"
        found.append(Diagnosis(SUBJECT, False, what, remedy))
    if ending := [each.name for each in listing if ends_soon(each, now)]:
        what = f"{', '.join(ending)} may send no more within {ENDING_SOON.days} days"
        found.append(Diagnosis(SUBJECT, False, what, "run: binome sources rotate NAME"))
    return found


async def _is_lost(
    store: Store, source: SourceListing, keys: tuple[bytes, ...]
) -> bool:
    if not source.signed or source.revoked_at is not None:
        return False
    return not list(opened_secrets(await store.sources.signed(source.name), keys))
