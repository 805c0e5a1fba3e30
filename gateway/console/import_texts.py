"""The progress of a people file, as text and in percent."""

from typing import NamedTuple

from schemas.people import ImportStep
from schemas.records.people_files import ImportStage, PeopleFile
from schemas.wording.counted import counted

STEP_ENDS_PERCENT = {
    False: {ImportStep.READ: 80, ImportStep.CHECKED: 90, ImportStep.COMPARED: 98},
    True: {
        ImportStep.READ: 50,
        ImportStep.CHECKED: 58,
        ImportStep.COMPARED: 68,
        ImportStep.WRITTEN: 96,
    },
}
"""Where each step ends, of 100: of a preview, and of an import. As measured with 100,000 lines."""
STEP_TEXTS = {
    ImportStep.READ: "Read every line",
    ImportStep.CHECKED: "Check the lines against each other",
    ImportStep.COMPARED: "Compare them with the people who are there",
    ImportStep.WRITTEN: "Write all of it, or nothing",
}


class ImportStepLine(NamedTuple):
    """A step in the list of an import's steps: its text, and whether it is done."""

    text: str
    done: bool
    now: bool


def percent(one: PeopleFile) -> int:
    if one.step is None:
        return 0
    end = STEP_ENDS_PERCENT[one.writes][one.step]
    return end * one.read // max(1, one.lines)


def steps(one: PeopleFile) -> list[ImportStepLine]:
    """Returns the steps of a preview or an import, and how far it is."""
    doing = _doing(one)
    return [
        ImportStepLine(STEP_TEXTS[step], place < doing, place == doing)
        for place, step in enumerate(STEP_ENDS_PERCENT[one.writes])
    ]


def _doing(one: PeopleFile) -> int:
    """Returns the place of the step that is under way; -1 before the first."""
    if one.step is None:
        return -1
    reads = one.step is ImportStep.READ and one.read < one.lines
    return 0 if reads else tuple(ImportStep).index(one.step) + 1


def progress_text(one: PeopleFile) -> str:
    """The text of an import's progress."""
    lines = counted(one.lines, "line")
    if one.unattended:
        return "It waits for a worker: none has reported anything about it for a while."
    match one.step:
        case None:
            return "It waits for its turn: one file or change at a time."
        case ImportStep.READ if one.read < one.lines:
            return f"{one.read:,} of {lines} read."
        case ImportStep.READ:
            return f"{lines} read; now they are checked against each other."
        case ImportStep.CHECKED:
            return (
                f"{lines} checked; now they are compared with the people who are there."
            )
        case ImportStep.COMPARED:
            return f"{lines} compared; now {'they are being written' if one.writes else 'the preview is made'}."
        case ImportStep.WRITTEN:
            return f"{lines} written, and kept all at once in a moment; this can no longer be stopped."


def headline(one: PeopleFile) -> str:
    """One line for the page of people, which links to it."""
    if one.under_way:
        when = "to be" if one.step is None else "being"
        return f"A file is {when} {'imported' if one.writes else 'previewed'}. {progress_text(one)}"
    if one.stage is ImportStage.FAILED:
        return f"The {'import' if one.writes else 'preview'} of a file failed."
    return "A preview waits for somebody to confirm it."
