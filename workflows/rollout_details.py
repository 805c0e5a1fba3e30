"""What the Web UI shows of a cohort and of a programme, and what a start is told about sessions that fit nowhere."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from activities.persistence.wording import duration
from schemas.cohort import CohortState, ProgrammeState
from schemas.effects import RefusedMessage
from schemas.matching import Unmatched
from schemas.programme import Problem
from schemas.stages import Health, Stage


def cohort_details(state: CohortState, refused: Sequence[RefusedMessage]) -> str:
    """Markdown for the tab *User Metadata*; codes, counts and times only."""
    counts, cohort = state.counts, state.start.plan.cohort
    lines = [
        f"## Cohort {cohort.region}, wave {cohort.wave}: *{state.phase}*",
        "",
        *(f"- **{stage.value}**: {counts.stages.get(stage, 0)} of {counts.pairs} pairs" for stage in Stage),
        f"- **Sessions held**: {counts.sessions_held}",
        f"- **At risk**: {counts.health.get(Health.AT_RISK, 0)}",
        f"- **Waiting**: {counts.ready_mentors} mentors, {counts.waiting_mentees} mentees",
    ]
    if counts.proposed:
        lines += [
            f"- **Waits for ops**: {counts.proposed} proposed matches, run {state.run}",
            "",
            "### How to act",
            "",
            'Look at them on the console; or approve all with the update `approve_matches` and `{"all": true}`.',
        ]
    return "\n".join(lines + _refused(refused))


def programme_details(state: ProgrammeState, refused: Sequence[RefusedMessage]) -> str:
    """Markdown for the tab *User Metadata*; codes, counts and times only."""
    lines = [f"## Programme {state.plan.programme}", ""]
    for region in state.regions:
        lacking = [n for n in region.plan.needs if n not in region.ticked]
        needed = f"; needed before it opens: {', '.join(lacking)}" if lacking else ""
        lines.append(f"- **{region.plan.cohort.region}**, wave {region.plan.cohort.wave}: {region.status}{needed}")
        if region.evidence:
            e = region.evidence
            lines.append(f"  - {e.completed} of {e.pairs} pairs completed, {e.sessions_held} sessions held")
            lines.append(f"  - {e.on_course:.0%} of matched pairs completed or on course")
    lines += [
        "",
        "### How to act",
        "",
        'Open a region: update `extend` with `{"region": "ouest", "reason": "agreed"}`. Hold one: update `hold`.',
        'Tick a need: update `tick_need` with `{"region": "ouest", "need": "works_council"}`.',
    ]
    return "\n".join(lines + _refused(refused))


def _refused(refused: Sequence[RefusedMessage]) -> list[str]:
    if not refused:
        return []
    return ["", "### Refused messages", "", *(f"- {m.at:%Y-%m-%d %H:%M} `{m.name}`: {m.reason}" for m in refused[-5:])]


def too_long(raw: Mapping[str, Any], region: int, left: Unmatched, link: str) -> Problem:
    """Sessions longer than any common window of some mentees; `raw` is the document, `region` a place in it."""
    own = "length" in raw["regions"][region].get("sessions", {})
    hint = (
        f"try {duration(timedelta(minutes=left.longest_minutes))}" if left.longest_minutes else "ask for more windows"
    )
    who = f"{left.too_long} mentee{'' if left.too_long == 1 else 's'}"
    return Problem(
        path=f"regions[{region}].sessions.length" if own else "sessions.length",
        what=f"fits no common window of {who}; {hint}, or see {link}",
    )
