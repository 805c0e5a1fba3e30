"""What the Web UI shows of a cohort and of a programme, and of sessions that no window holds."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from json import dumps
from typing import Any

from domain.wording import duration_in_words
from schemas.cohort import CohortState
from schemas.effects import RefusedMessage
from schemas.ids import programme_workflow_id, region_scope
from schemas.matches.matching import MenteesWithoutMentor
from schemas.policy import Opening
from schemas.programme import Problem
from schemas.rollout import ProgrammeState, RegionPhase, RegionState
from schemas.stages import Health, Stage
from schemas.wording.counted import counted
from workflows.pairs.pair_details import refused_lines


def cohort_details(state: CohortState, refused: Sequence[RefusedMessage]) -> str:
    """Markdown for the tab *User Metadata*; codes, counts and times only."""
    counts, cohort = state.counts, state.start.plan.cohort
    lines = [
        f"## Cohort {cohort.region}, wave {cohort.wave}: *{state.phase}*",
        "",
        *(
            f"- **{stage.value}**: {counts.stages.get(stage, 0)} of {counted(counts.pairs, 'pair')}"
            for stage in Stage
        ),
        f"- **Sessions held**: {counts.sessions_held}",
        f"- **At risk**: {counts.health.get(Health.AT_RISK, 0)}",
        *_paused(counts.paused),
        f"- **Waiting**: {counted(counts.ready_mentors, 'mentor')}, {counted(counts.waiting_mentees, 'mentee')}",
    ]
    if counts.guard_held:
        lines += _held(counts.guard_held)
    if counts.proposed:
        lines += [
            f"- **Waits for ops**: {counted(counts.proposed, 'proposed match', 'proposed matches')}, run {state.run}",
            "",
            "### How to act",
            "",
            'Look at them on the console; or approve all with the update `approve_matches` and `{"all": true}`.',
        ]
    return "\n".join(lines + refused_lines(refused))


def _held(pairs: int) -> list[str]:
    return [
        f"- **Held**: a change of people would freeze {counted(pairs, 'pair')}; nobody was notified yet",
        "",
        'Is it right? Update `accept_people_change` with `{"reason": "reorganised"}`. Is it not? '
        "Have the people corrected, or let these pairs go on with the update "
        '`dismiss_people_change` and `{"reason": "wrong_feed"}`.',
        "",
    ]


def programme_details(state: ProgrammeState, refused: Sequence[RefusedMessage]) -> str:
    """Markdown for the tab *User Metadata*; codes, counts and times only."""
    lines = [f"## Programme {state.plan.programme}", "", *_paused(state.paused)]
    if state.cancelled:
        lines += [
            "Cancelled: the pairs of open regions are being ended, and nothing more opens.",
            "",
        ]
    for region in state.regions:
        lacking = region.unticked_needs
        needed = f"; needed before it opens: {', '.join(lacking)}" if lacking else ""
        lines.append(
            f"- **{region.plan.cohort.region}**, wave {region.plan.cohort.wave}: {region.status}{needed}"
        )
        if region.next_wave_at:
            how = (
                "opens, or is proposed,"
                if region.plan.opening is Opening.AUTOMATIC
                else "is proposed"
            )
            lines.append(f"  - the next wave {how} on {region.next_wave_at:%Y-%m-%d}")
        if region.evidence:
            e = region.evidence
            held = counted(e.sessions_held, "session")
            lines.append(
                f"  - {e.completed} of {counted(e.pairs, 'pair')} completed, {held} held"
            )
            lines.append(
                f"  - {e.on_course:.0%} of matched pairs completed or on course"
            )
    if not state.cancelled:
        lines += ["", "### How to act", "", *_acts(state)]
    return "\n".join(lines + refused_lines(refused))


def _paused(scopes: Sequence[str]) -> list[str]:
    if not scopes:
        return []
    return [
        f"- **Paused**: {', '.join(scopes)}. Nothing is sent meanwhile; go on with the update `resume`."
    ]


def _acts(state: ProgrammeState) -> list[str]:
    """Examples that can be sent unchanged, with the programme's own regions and needs."""
    asks = (RegionPhase.WAITING, RegionPhase.PROPOSED, RegionPhase.HELD)
    opens = [
        r
        for r in state.regions
        if r.status in asks or (r.status is RegionPhase.NEEDS and not r.approved)
    ]
    waves = [r for r in state.regions if r.status is RegionPhase.CLOSED]
    needs = [(r, need) for r in state.regions for need in r.unticked_needs]
    lines = []
    if opens:
        lines.append(
            f"Open a region: update `extend` with `{_extend(opens[0])}`. Hold one: update `hold`."
        )
    elif waves:
        lines.append(
            f"Open the next wave of a region that has closed: update `extend` with `{_extend(waves[0])}`."
        )
    for region in _conclusible(state)[:1]:
        lines.append(
            f"No further wave of a region: update `conclude` with `{_extend(region)}`."
        )
    for region, need in needs[:1]:
        example = dumps({"region": region.plan.cohort.region, "need": need})
        lines.append(f"Tick a need: update `tick_need` with `{example}`.")
    return [
        *(lines or ["Every region is open; no decision is waited for."]),
        *_pauses(state),
    ]


def _pauses(state: ProgrammeState) -> list[str]:
    """Pausing what is not paused, and going on with what is."""
    programme = state.plan.programme
    scopes = {programme_workflow_id(programme): "{}"} | {
        region_scope(programme, name): dumps({"region": name})
        for name in (r.plan.cohort.region for r in state.regions if not r.done)
    }
    paused = [example for scope, example in scopes.items() if scope in state.paused]
    regions = [scope for scope in list(scopes)[1:] if scope not in state.paused]
    lines = [f"Go on: update `resume` with `{example}`." for example in paused[:1]]
    if programme_workflow_id(programme) in state.paused:
        return lines
    more = ""
    if regions:
        one = dumps({"region": regions[0].rpartition(":")[2], "reason": "holidays"})
        more = f"; one region alone with `{one}`"
    return [
        f'Pause everything: update `pause` with `{{"reason": "holidays"}}`{more}.',
        *lines,
    ]


def _conclusible(state: ProgrammeState) -> list[RegionState]:
    waits = (RegionPhase.PROPOSED, RegionPhase.HELD, RegionPhase.NEEDS)
    return [
        r
        for r in state.regions
        if r.next_wave_at or (r.plan.cohort.wave > 1 and r.status in waits)
    ]


def _extend(region: RegionState) -> str:
    return dumps({"region": region.plan.cohort.region, "reason": "agreed"})


def too_long(
    raw: Mapping[str, Any], region: int, left: MenteesWithoutMentor, link: str
) -> Problem:
    """Sessions longer than any common window of some mentees; `raw` is the document, `region` a place in it."""
    own = "length" in raw["regions"][region].get("sessions", {})
    hint = (
        f"try {duration_in_words(timedelta(minutes=left.longest_session_minutes))}"
        if left.longest_session_minutes
        else "ask for more windows"
    )
    return Problem(
        path=f"regions[{region}].sessions.length" if own else "sessions.length",
        what=f"fits no common window of {counted(left.without_long_window, 'mentee')}; {hint}, or see {link}",
    )
