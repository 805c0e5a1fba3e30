"""What Temporal has to start by itself: is it scheduled, and when was it last started?"""

from datetime import UTC, datetime, timedelta

from temporalio.service import RPCError, RPCStatusCode

from binome.doctor.asking import ask_store
from binome.doctor.diagnosis import Diagnosis
from binome.errors import ServerNotReached
from binome.servers import ServerAddresses
from domain.runs.loops import is_late
from schemas.ids import RECONCILE_SCHEDULE, RETENTION_SCHEDULE
from workers.installation import OtherInstallation, refuse_other_installation
from workers.retention import retention_policy


async def reconciler(servers: ServerAddresses) -> Diagnosis:
    """Check the reconciler's schedule, which says whose the namespace is, too."""
    installation = await ask_store(servers, lambda store: store.installation.id())
    if installation is not None:
        try:
            await refuse_other_installation(await servers.client(), installation)
        except OtherInstallation as error:
            shared = "the namespace is that of another installation"
            return Diagnosis("reconciler", False, shared, str(error))
        except (ServerNotReached, RPCError):
            pass  # what follows says so
    return await _schedule(
        servers, "reconciler", RECONCILE_SCHEDULE, "lost runs stay lost"
    )


async def retention(servers: ServerAddresses) -> Diagnosis:
    """Check the daily clearing-out, and say what its policy is."""
    found = await _schedule(
        servers, "retention", RETENTION_SCHEDULE, "nothing is cleared out"
    )
    policy = retention_policy(servers.settings)
    words = (
        f"pairs are archived after {_days(policy.archive_after)}, the archive kept {_days(policy.keep_archive)},"
        f" words {_days(policy.keep_words)}, who left {_days(policy.keep_leavers)}"
    )
    return Diagnosis(
        found.subject, found.healthy, f"{found.found}; {words}", found.remedy
    )


def _days(span: timedelta) -> str:
    return f"{span.days} days"


async def _schedule(
    servers: ServerAddresses, subject: str, schedule_id: str, without: str
) -> Diagnosis:
    try:
        client = await servers.client()
        found = await client.get_schedule_handle(schedule_id).describe()
    except (ServerNotReached, RPCError) as error:
        if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
            none = "no schedule starts it; a worker makes it at its start"
            return Diagnosis(subject, False, none, "run: binome worker")
        unseen = "cannot be seen while Temporal does not answer"
        return Diagnosis(subject, False, unseen, "start Temporal first")
    if found.schedule.state.paused:
        paused = f"its schedule is paused; {without}"
        remedy = f"unpause the schedule {schedule_id} in the Temporal Web UI"
        return Diagnosis(subject, False, paused, remedy)
    started = [action.started_at for action in found.info.recent_actions]
    last = max(started, default=None)
    every = min(each.every for each in found.schedule.spec.intervals)
    if last and is_late(datetime.now(UTC) - last, every):
        late = f"its schedule was last started {last:%Y-%m-%d %H:%M} UTC; {without}"
        remedy = f"see in the Temporal Web UI what became of the last run of {schedule_id}, and the workers' logs"
        return Diagnosis(subject, False, late, remedy)
    ran = f"last started {last:%Y-%m-%d %H:%M} UTC" if last else "has not run yet"
    return Diagnosis(subject, True, ran)
