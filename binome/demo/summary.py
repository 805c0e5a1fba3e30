"""The last words of the demo: what happened, and where to look."""

from collections.abc import Mapping
from typing import Any

from binome.demo.progress import WAITS_FOR_PERSON, mean
from binome.demo.simulation import Simulation
from schemas.links import Question
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.stages import Outcome
from schemas.wording.counted import counted

_LOOK = [
    ("Console", "{gateway}/programmes/{programme}"),
    (
        "Every workflow",
        "{ui}/namespaces/{namespace}/workflows?query=ProgrammeId%3D%22{programme}%22",
    ),
    ("Mails", "{gateway}/mails"),
    ("Numbers", "{gateway}/api/programmes/{programme}/status"),
]
STACK_STOPS = (
    "The stack stops now. `binome up`, with the same --data, starts it again with all of this, and prints\n"
    "its addresses: those above, where it gets the same ports."
)


def summary(
    status: ProgrammeStatus, simulation: Simulation, stack: Mapping[str, Any]
) -> str:
    """Returns what happened in the demo and where to look at it, as a few lines of
    text.
    """
    lines = [
        "",
        f"Programme {status.programme} has run its course; it is {status.date_shown:%A %d %B %Y} there.",
        "",
    ]
    lines += [
        f"  {region.region:<8} {_region_result(region)}" for region in status.regions
    ]
    lines += ["", *_actions(simulation), "", "Where to look:"]
    lines += [
        f"  {title:<15} {text.format_map({**stack, 'programme': status.programme})}"
        for title, text in _LOOK
    ]
    return "\n".join(lines)


def _actions(simulation: Simulation) -> list[str]:
    """Returns lines on mails and answers; a demo that was over at its start has no
    answers.
    """
    answers = simulation.answered
    lines = [f"  {counted(len(simulation.mailbox), 'mail')} sent."]
    if answers:
        lines += [
            f"  Since this start, {counted(answers.total(), 'answer')} on pages, among them "
            f"{counted(answers[Question.ANSWER], 'invitation')}, "
            f"{counted(answers[Question.HELD], 'word')} whether it was held, "
            f"{counted(answers[Question.PULSE], 'pulse')}.",
            f"  {counted(simulation.left_open, 'page')} looked at and left; "
            f"{counted(simulation.not_taken, 'answer')} too late to count.",
        ]
    return lines


def _region_result(region: RegionStatus) -> str:
    if region.status in WAITS_FOR_PERSON:
        return f"{region.status}: waits for a person, on the console"
    if region.status != "closed":
        return f"{region.status}: never opened"
    outcomes = ", ".join(
        f"{region.outcomes[outcome]} {outcome.replace('_', ' ')}"
        for outcome in Outcome
        if region.outcomes.get(outcome)
    )
    pulse = (
        f"mean pulse {mean(region)} of {region.answers} people"
        if region.release
        else "too few pulses to release a mean"
    )
    return f"{counted(region.sessions_held, 'session')} held by {counted(region.pairs, 'pair')}: {outcomes}; {pulse}"
