"""Whether mails went out that no mail server confirmed, as `binome doctor` says it."""

from datetime import UTC, datetime, timedelta

from binome.doctor.asking import ask_store, not_found_out
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses
from schemas.wording.counted import counted

SUBJECT = "mails in doubt"
LOOKED_BACK = timedelta(days=7)
"""What is older was seen, or is of no more use to look for."""


async def mails_in_doubt(servers: ServerAddresses) -> Diagnosis:
    """Count the mails of which nobody knows whether they arrived."""
    since = datetime.now(UTC) - LOOKED_BACK
    counts = await ask_store(servers, lambda store: store.outbox.mails_in_doubt(since))
    return not_found_out(SUBJECT, "seen") if counts is None else diagnosis(*counts)


def diagnosis(waiting: int, given_up: int) -> Diagnosis:
    """`waiting` are sent now or once more; `given_up` are not sent again."""
    again = f"{counted(waiting, 'mail')} on the way or sent once more"
    if not given_up:
        found = again if waiting else "every mail was taken or refused by its server"
        return Diagnosis(SUBJECT, True, found)
    found = f"{counted(given_up, 'mail')} sent in the last week, not confirmed; {again}"
    remedy = (
        "look in the mail server's log for their Message-ID (table outbox, state "
        "unconfirmed), and why it breaks off or is silent after DATA; who waits for one "
        "finds the current links behind any older one"
    )
    return Diagnosis(SUBJECT, False, found, remedy)
