"""What waits for somebody in a programme, and where one acts on it."""

from collections.abc import Iterable
from typing import NamedTuple

from gateway.console import code_texts
from schemas.ids import CohortRef
from schemas.records.status import ProgrammeStatus, RegionStatus
from schemas.stages import Stage

STAGE_OF_STEP = {
    "training_reminder": Stage.TRAINING,
    "training_due": Stage.TRAINING,
    "training_grace": Stage.TRAINING,
    "search_due": Stage.MATCHING,
    "agree_reminder": Stage.MATCHING,
    "agree_due": Stage.MATCHING,
    "feedback_due": Stage.FEEDBACK,
}
"""The stage of a pair that waits for this step; every other step belongs to sessions."""


class WaitingPlace(NamedTuple):
    """A link to where one acts on it."""

    name: str
    path: str


class WaitingLine(NamedTuple):
    """A kind of thing that waits for somebody: its text, its number, and links to it."""

    text: str
    times: int
    places: tuple[WaitingPlace, ...]


def waiting(status: ProgrammeStatus) -> list[WaitingLine]:
    """Most first; codes with the same text count together, and lead to the same places."""
    places: dict[str, dict[WaitingPlace, None]] = {}
    for code in status.waiting_for:
        places.setdefault(code_texts.word(code, code_texts.WAITING_FOR), {}).update(
            dict.fromkeys(_places(code, status))
        )
    counted = code_texts.counts_by_text(status.waiting_for, code_texts.WAITING_FOR)
    return [
        WaitingLine(text, count, tuple(places[text]))
        for text, count in counted
        if count
    ]


def _places(code: str, status: ProgrammeStatus) -> Iterable[WaitingPlace]:
    if code == "refused_messages":
        return [WaitingPlace("Not delivered", "/refused")]
    if code == "extension":
        asked = [region for region in status.regions if region.status == "proposed"]
        return [
            WaitingPlace(_name(region), f"#r-{region.region}-{region.wave}")
            for region in asked
        ]
    opened = [region for region in status.regions if region.opened]
    if code == "guard_held":
        return [
            WaitingPlace(_name(r), _path(status, r)) for r in opened if r.guard_held
        ]
    if code == "matches_to_review":
        return [
            WaitingPlace(_name(r), _path(status, r) + "/matches")
            for r in opened
            if r.status == "open"
        ]
    stage = STAGE_OF_STEP.get(code, Stage.SESSIONS)
    return [
        WaitingPlace(_name(r), f"{_path(status, r)}?stage={stage}")
        for r in opened
        if r.stages.get(stage)
    ]


def _name(region: RegionStatus) -> str:
    return f"{region.region}, wave {region.wave}" if region.wave > 1 else region.region


def _path(status: ProgrammeStatus, region: RegionStatus) -> str:
    ref = CohortRef(programme=status.programme, region=region.region, wave=region.wave)
    return f"/cohorts/{ref.workflow_id}"
