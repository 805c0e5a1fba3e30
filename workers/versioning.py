"""Which release a worker is, and when a workflow under way may go over to another one.

A workflow goes over at its next task (AUTO_UPGRADE), whichever type it is:

- A pair lives for months and sleeps for weeks. Pinned to its release, it would need that release's workers until it
  wakes, and with them gone it would make no progress; every release of half a year would have to be kept running.
- A cohort or a programme lives longer still, and one that only checks a document is the same type.
- A delivery has no end. Pinned, it would go on in its release's mail templates for up to a day.
- A people import lasts an hour at most. Pinned, a preview would need its release's workers until somebody confirms it.

So every release must be able to go on with the histories of those before it: `tests/replay/` holds it to that.
"""

from importlib.metadata import version

from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import WorkerDeploymentConfig

from workers.settings import Settings


def deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    """Returns the worker's deployment version; None: unversioned, as on one machine.

    There the one worker stops before the next one starts.
    """
    if settings.deployment_name is None or settings.build_id is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(settings.deployment_name, settings.build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


def unversioned_build() -> str:
    """What histories show as the build of an unversioned worker: the package's version.

    Without it the SDK reads the code of every loaded module from the disk for a digest.
    """
    return version("binome")
