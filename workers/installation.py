"""Two installations never share a namespace: each would answer the other's starts from its own database.

The schedule of the reconciler is made once a namespace; its memo names the installation
that made it.
"""

from temporalio.client import Client, ScheduleDescription
from temporalio.service import RPCError, RPCStatusCode

from schemas.ids import RECONCILE_SCHEDULE

MEMO_KEY = "installation"


class OtherInstallation(Exception):
    """The namespace belongs to an installation with another database; the message says what to do."""

    def __init__(self, namespace: str) -> None:
        super().__init__(
            f"the Temporal namespace {namespace!r} belongs to another installation of Binôme, with another database, "
            "or one with a payload key that this one lacks; both would answer the same starts. Give this one a "
            "namespace of its own (TEMPORAL_NAMESPACE), or the other's database or key. If the other is gone for "
            f"good: delete the schedule {RECONCILE_SCHEDULE!r} in the Temporal Web UI, and start again"
        )


async def refuse_other_installation(client: Client, installation: str) -> None:
    """Check whose namespace it is; nobody's yet is as good as one's own.

    Raises:
        OtherInstallation: it belongs to another.
    """
    try:
        schedule = await client.get_schedule_handle(RECONCILE_SCHEDULE).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return
        raise
    if await _installation_of(schedule) != installation:
        raise OtherInstallation(client.namespace)


async def _installation_of(schedule: ScheduleDescription) -> object:
    """The installation that made a schedule; None: nobody of ours, or it cannot be read."""
    try:
        return await schedule.memo_value(MEMO_KEY, default=None)
    except (RuntimeError, KeyError):  # encrypted with a key that this process lacks
        return None
