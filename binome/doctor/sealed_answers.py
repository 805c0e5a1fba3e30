"""Whether sealed answers can be opened, and whether an older secret may go, as `binome doctor` says it."""

from collections.abc import Sequence

from activities.persistence.sealing.wrapping_keys import WrappingKey
from binome.doctor.asking import ask_store, not_found_out
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses
from schemas.records.sealing import DataKeyCount
from schemas.wording.counted import counted
from workers.secrets import DATA_KEYS, derived_keys

SUBJECT = "sealed answers"


async def sealed_answers(servers: ServerAddresses) -> Diagnosis:
    """Count the data keys by the secrets that protect them."""
    counts = await ask_store(servers, lambda store: store.data_keys.counts())
    if counts is None:
        return not_found_out(SUBJECT, "seen")
    ours = [WrappingKey.of(k).id for k in derived_keys(servers.settings, DATA_KEYS)]
    return diagnosis(counts, ours)


def diagnosis(counts: Sequence[DataKeyCount], ours: Sequence[str]) -> Diagnosis:
    """`ours` are the ids of our wrapping keys, that of BINOME_SECRET first."""
    keys = {each.wrapped_by: each.keys for each in counts}
    lost = sum(count for wrapped_by, count in keys.items() if wrapped_by not in ours)
    if lost:
        remedy = (
            "put the secret of that time into BINOME_OLDER_SECRETS of worker and gateway until none is left; "
            "without it what they sealed is lost"
        )
        found = f"{counted(lost, 'key')} wrapped by a secret that is not set here"
        return Diagnosis(SUBJECT, False, found, remedy)
    total, newest = sum(keys.values()), keys.get(ours[0], 0)
    if older := total - newest:
        found = (
            f"{counted(older, 'key')} of {total} still wrapped by an older secret, which is needed until the daily "
            "retention has wrapped them again"
        )
        return Diagnosis(SUBJECT, True, found)
    if not total:
        return Diagnosis(SUBJECT, True, "nothing is sealed yet")
    found = f"{counted(total, 'key')}, all wrapped by BINOME_SECRET; no older secret is needed for them"
    return Diagnosis(SUBJECT, True, found)
