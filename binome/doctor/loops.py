"""Whether what should be delivered without end is, as `binome doctor` says it."""

from binome.doctor.asking import ask_store, not_found_out
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses
from domain.runs.loops import delivery_fault

SUBJECT = "delivery"


async def delivery(servers: ServerAddresses) -> Diagnosis:
    """Check that mails go out, and events to their pairs, when they are due."""
    overdue = await ask_store(servers, lambda store: store.installation.overdue())
    if overdue is None:
        return not_found_out(SUBJECT, "seen")
    fault = delivery_fault(overdue)
    if not fault:
        return Diagnosis(SUBJECT, True, "no mail or event has been due for long")
    remedy = (
        "mails: see the workers' logs and the runs delivery:mail… in the Temporal Web UI; "
        "events: see the gateway's log. Restart what stands still"
    )
    return Diagnosis(SUBJECT, False, fault, remedy)
