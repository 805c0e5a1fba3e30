"""How a programme stands: the same numbers for the command line, the console and the demo."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from activities.persistence.database import Repository
from activities.persistence.programmes.cohorts import MINIMUM_ANSWERS
from schemas.clock import Clock
from schemas.programme import ProgrammePlan
from schemas.rollout import ProgrammeState, RegionState
from schemas.stages import Awaited, Stage
from schemas.status import ProgrammeStatus, RegionStatus

FOR_NOBODY = frozenset({Awaited.SEARCH_DUE, Awaited.FIND_AGAIN, Awaited.WAVE_ENDS})
"""Deadlines that pass by themselves; every other one waits for a person."""


class ProgrammeStatuses(Repository):
    """Counts; never a name, and no mean of a few."""

    async def find(self, programme: str) -> ProgrammeStatus | None:
        async with self._database.snapshot() as transaction:
            row = await transaction.row("programme_status", programme=programme)
            if row is None:
                return None
            cohorts = await transaction.rows("cohorts_of", programme=programme)
            pairs = await transaction.rows("status_pairs", programme=programme)
            pulses = await transaction.rows("status_pulses", programme=programme)
            steps = await transaction.rows("status_steps", programme=programme)
            extras = await transaction.row("status_extras", programme=programme)
            notices = await transaction.rows("notice_counts", programme=programme)
        clock = Clock(
            programme_epoch=row["programme_epoch"],
            wall_epoch=row["wall_epoch"],
            pace=row["pace"],
        )
        states = _region_states(row)
        regions = (
            *_opened(cohorts, states, pairs, pulses),
            *_not_opened(cohorts, states),
        )
        overall = _overall(row, regions, states)
        return ProgrammeStatus(
            programme=programme,
            status=overall,
            now=clock.programme(row["wall"]),
            closed_at=_closed_at(cohorts) if overall == "closed" else None,
            pace=clock.pace,
            regions=regions,
            notices={found["state"]: found["notices"] for found in notices},
            waiting_for=_waiting_for(
                steps,
                {**extras, "guard_held": sum(r.guard_held for r in regions)},
                states,
            ),
        )


def _region_states(row: Any) -> dict[str, RegionState]:
    """Region by region, in the order of the document."""
    if row["state"] is None:
        plan = ProgrammePlan.model_validate_json(row["plan"])
        return {
            cohort.cohort.region: RegionState(plan=cohort) for cohort in plan.cohorts
        }
    state = ProgrammeState.model_validate_json(row["state"])
    return {region.plan.cohort.region: region for region in state.regions}


def _opened(
    cohorts: Sequence[Any],
    states: Mapping[str, RegionState],
    pairs: Sequence[Any],
    pulses: Sequence[Any],
) -> Iterable[RegionStatus]:
    order = list(states)
    for cohort in sorted(cohorts, key=lambda c: (order.index(c["region"]), c["wave"])):
        key = (cohort["region"], cohort["wave"])
        own = [row for row in pairs if (row["region"], row["wave"]) == key]
        pulse = next(
            (row for row in pulses if (row["region"], row["wave"]) == key), None
        )
        people = pulse["people"] if pulse else 0
        newest = states[cohort["region"]]
        yield RegionStatus(
            region=cohort["region"],
            wave=cohort["wave"],
            status="closed" if cohort["closed_at"] else "open",
            next_wave_at=newest.next_wave_at
            if newest.plan.cohort.wave == cohort["wave"]
            else None,
            pairs=sum(row["pairs"] for row in own),
            stages=_sums(own, "stage"),
            outcomes=_sums(own, "outcome"),
            health=_sums(
                [row for row in own if row["stage"] != Stage.CLOSED], "health"
            ),
            sessions_held=sum(row["held"] for row in own),
            answers=people,
            mean_pulse=float(pulse["mean"])
            if pulse and people >= MINIMUM_ANSWERS
            else None,
            guard_held=cohort["guard_held"],
        )


def _not_opened(
    cohorts: Sequence[Any], states: Mapping[str, RegionState]
) -> Iterable[RegionStatus]:
    """Regions, and next waves of regions, that have a status and no pairs yet."""
    opened = {(cohort["region"], cohort["wave"]) for cohort in cohorts}
    for name, state in states.items():
        wave = state.plan.cohort.wave
        if (name, wave) not in opened:
            yield RegionStatus(
                region=name, wave=wave if wave > 1 else 0, status=state.status
            )


def _overall(
    row: Any, regions: Sequence[RegionStatus], states: Mapping[str, RegionState]
) -> str:
    if row["state"] is None:
        return "starting"
    closed = all(region.status == "closed" for region in regions)
    return (
        "closed"
        if closed and not any(map(_more_to_come, states.values()))
        else "running"
    )


def _more_to_come(region: RegionState) -> bool:
    """A next wave has its date, or gets it as soon as the programme hears that this one has closed."""
    running = (
        region.status in ("opening", "open")
        and region.plan.cohort.wave < region.plan.policy.extension.waves
    )
    return running or region.next_wave_at is not None


def _closed_at(cohorts: Sequence[Any]) -> datetime | None:
    return max(
        (cohort["closed_at"] for cohort in cohorts if cohort["closed_at"]), default=None
    )


def _waiting_for(
    steps: Sequence[Any], extras: Mapping[str, int], states: Mapping[str, RegionState]
) -> dict[str, int]:
    waiting = {
        row["next_step"]: row["pairs"]
        for row in steps
        if row["next_step"] not in FOR_NOBODY
    }
    waiting |= {
        **extras,
        "extension": sum(
            1 for region in states.values() if region.status == "proposed"
        ),
    }
    return {what: count for what, count in waiting.items() if count}


def _sums(rows: Sequence[Any], column: str) -> dict[Any, int]:
    sums: dict[Any, int] = {}
    for row in rows:
        if row[column] is not None:
            sums[row[column]] = sums.get(row[column], 0) + row["pairs"]
    return sums
