"""Whether people read a privacy notice of their organisation, as `binome doctor` says it."""

from activities.persistence.store import Store
from binome.doctor.asking import ask_store, not_found_out
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses
from domain.privacy.region_notices import region_notices

SUBJECT = "privacy notices"
REMEDY = "set one on the console's page of the programme, or run: binome privacy set --url URL"


async def privacy_notices(servers: ServerAddresses) -> Diagnosis:
    """Name the regions of running programmes without one.

    Nothing is wrong then: an organisation may inform people in another way.
    """
    lacking = await ask_store(servers, _lacking)
    if lacking is None:
        return not_found_out(SUBJECT, "looked for")
    if not lacking:
        return Diagnosis(
            SUBJECT,
            True,
            "every region of a running programme has one; rehearsals need none",
        )
    found = f"none in mails and on pages for {', '.join(lacking)}"
    return Diagnosis(SUBJECT, True, found, REMEDY)


async def _lacking(store: Store) -> list[str]:
    """Returns regions as PROGRAMME/REGION; rehearsals reach nobody and need none."""
    notices, lacking = await store.privacy_notices.shown(), list[str]()
    for code in await store.programmes.codes():
        plan = await store.programmes.plan(code)
        if (
            plan is None
            or plan.clock.pace != 1
            or await store.programmes.has_ended(code)
        ):
            continue
        lacking += [
            f"{code}/{region}"
            for region, notice in region_notices(plan, notices)
            if notice is None
        ]
    return lacking
