"""Clears out, once a day, what has been kept long enough. Nothing goes that guards against doing something twice."""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from temporalio import activity

from activities.redaction import redacted_failures
from activities.retention.ports import RetentionStore
from schemas.records.retention import RetentionPolicy, RetentionReport

REQUESTED_BY = "retention"
"""Who asked for an erasure that the policy asks for."""
PEOPLE_PER_RUN = 1000
"""People whose time is over are erased over several days, where they are many."""

log = structlog.get_logger(__name__)


class RetentionActivities:
    """The activity of retention. `digest` names a person on a receipt."""

    def __init__(
        self,
        store: RetentionStore,
        policy: RetentionPolicy,
        digest: Callable[[str], str],
    ) -> None:
        self._store = store
        self._policy = policy
        self._digest = digest

    @activity.defn
    @redacted_failures
    async def retain(self) -> RetentionReport:
        """Clear out what is older than the policy allows; cut short, the rest is left to the next run.

        An erasure that somebody began and nobody finished is finished here too.
        """
        now, policy = datetime.now(UTC), self._policy
        archived = await self._store.archive.move(now - policy.archive_after)
        dropped = await self._store.archive.drop_months(
            (now - policy.keep_archive).date()
        )
        forgotten = await self._store.access_trail.forget(now - policy.keep_archive)
        emptied = await self._store.erasures.empty_old_pulses(now - policy.keep_words)
        keys = await self._store.data_keys.rewrap()
        files = await self._store.people_files.forget_old()
        await self._begin_erasures(now - policy.keep_leavers)
        erased, waiting = await self._finish_erasures()
        report = RetentionReport(
            pairs_archived=archived.pairs,
            events_archived=archived.events,
            months_dropped=len(dropped),
            readings_forgotten=forgotten,
            pulses_emptied=emptied,
            files_forgotten=files,
            keys_rewrapped=keys.rewrapped,
            keys_unopened=keys.unopened,
            people_erased=erased,
            people_waiting=waiting,
        )
        log.info("retained", **report.model_dump())
        return report

    async def _begin_erasures(self, left_before: datetime) -> None:
        erasures = self._store.erasures
        for person, external_id in await erasures.leavers(left_before, PEOPLE_PER_RUN):
            await erasures.begin(person, self._digest(external_id), REQUESTED_BY)

    async def _finish_erasures(self) -> tuple[int, int]:
        """Returns how many were erased, and how many wait for a pair of theirs."""
        erased = waiting = 0
        for begun in await self._store.erasures.unfinished():
            person = await self._store.people.find(begun.person)
            assert person is not None  # the receipt refers to the person's row
            done = await self._store.erasures.carry_out(person)
            erased += done.finished_at is not None
            waiting += done.finished_at is None
        return erased, waiting
