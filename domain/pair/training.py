"""Training: what a mentor does before the readiness gate opens.

The mentor volunteers, finishes modules, rehearses, is signed off and signs the charter.
"""

from domain.pair import closing, searching
from domain.pair.step import Step
from schemas.events import (
    CharterSigned,
    ModuleCompleted,
    Side,
    Volunteered,
    WindowsGiven,
)
from schemas.notices import Recipient, Template
from schemas.pair import PairState
from schemas.pair_updates import SignOffMentor, WaiveGateItem
from schemas.stages import Awaited, Outcome, Stage


def start(step: Step) -> None:
    if step.state.revision:
        return step.ignore("already_known")
    training = step.state.policy.training
    due = step.now + training.within
    step.deadline(Awaited.TRAINING_DUE, due, person=True)
    step.deadline(
        Awaited.TRAINING_REMINDER, max(step.now, due - training.reminder), person=True
    )
    step.add_line("started")
    return step.notice(
        Template.MENTOR_INVITATION, Recipient.MENTOR, useful_until=due + training.grace
    )


def gate_items(state: PairState) -> tuple[tuple[str, bool], ...]:
    """Returns (item, done) of the readiness gate, in the order in which they are usually done.

    A module's item is `module:CODE`; an item that ops waived is done.
    """
    gate, training = state.gate, state.policy.training
    items = {
        "volunteer": gate.volunteered,
        "windows": gate.windows,
        **{f"module:{m}": m in gate.modules for m in training.modules},
        **({"rehearsal": gate.rehearsed} if training.rehearsal else {}),
        "sign_off": gate.signed_off,
        "charter": gate.charter,
    }
    return tuple((item, done or item in gate.waived) for item, done in items.items())


def missing_gate_items(state: PairState) -> tuple[str, ...]:
    """The items of the readiness gate that are not done."""
    return tuple(item for item, done in gate_items(state) if not done)


def missing_before_sign_off(state: PairState) -> tuple[str, ...]:
    """The items that the mentor has to do before the supervisor is asked to sign off."""
    return tuple(
        item
        for item in missing_gate_items(state)
        if item in ("volunteer", "windows") or item.startswith("module:")
    )


def awaits_sign_off(state: PairState) -> bool:
    """Whether the supervisor's sign-off still makes a difference."""
    return state.stage is Stage.TRAINING and not state.gate.signed_off


def volunteered(step: Step, event: Volunteered) -> None:
    gate = step.state.gate
    _fulfil(
        step,
        "volunteered",
        volunteered=True,
        windows=gate.windows or event.windows,
        charter=gate.charter or event.charter,
    )


def declined(step: Step) -> None:
    """Close the pair of a mentor who does not volunteer; no reason is asked."""
    if step.state.stage is not Stage.TRAINING:
        return step.ignore("already_ready")
    step.add_line("declined")
    return closing.close(step, Outcome.LEFT, "declined")


def windows_given(step: Step, event: WindowsGiven) -> None:
    if step.state.current and Awaited.FIND_AGAIN in step.state.deadlines:
        step.add_line("windows_given", reason=event.side)
        return searching.look_again(step)
    if event.side is Side.MENTOR and step.state.stage is Stage.TRAINING:
        return _fulfil(step, "windows_given", windows=True)
    return step.ignore("used_at_the_next_search")


def module_completed(step: Step, event: ModuleCompleted) -> None:
    if event.module not in step.state.policy.training.modules:
        return step.ignore("not_a_module_of_this_programme")
    if event.module in step.state.gate.modules:
        return step.ignore("already_known")
    return _fulfil(
        step, "module_completed", modules=(*step.state.gate.modules, event.module)
    )


def charter_signed(step: Step, event: CharterSigned) -> None:
    if event.side is Side.MENTOR:
        return _fulfil(step, "charter_signed", charter=True)
    return step.ignore("signed_with_the_agreement")


def rehearsed(step: Step) -> None:
    _fulfil(step, "rehearsed", rehearsed=True)


def signed_off(step: Step, event: SignOffMentor) -> None:
    _fulfil(
        step,
        "signed_off",
        signed_off=True,
        rehearsed=step.state.gate.rehearsed or event.rehearsed,
    )


def waived(step: Step, event: WaiveGateItem) -> None:
    if event.item not in missing_gate_items(step.state):
        return step.ignore("already_known")
    return _fulfil(
        step,
        "waived",
        reason=event.reason,
        waived=(*step.state.gate.waived, event.item),
    )


def _fulfil(
    step: Step, what: str, *, reason: str | None = None, **changes: object
) -> None:
    gate = step.state.gate.model_copy(update=changes)
    if gate == step.state.gate:
        return step.ignore("already_known")
    step.set(gate=gate)
    step.add_line(what, reason=reason)
    if step.state.stage is Stage.TRAINING:
        check_gate(step)
    return None


def check_gate(step: Step) -> None:
    """Open the gate when nothing is missing; ask for the sign-off when only that is."""
    lacks = missing_gate_items(step.state)
    if not lacks:
        return open_gate(step)
    turn = "sign_off" in lacks and not missing_before_sign_off(step.state)
    if turn and not step.state.gate.asked_sign_off:
        step.set(gate=step.state.gate.model_copy(update={"asked_sign_off": True}))
        step.notice(Template.SIGN_OFF_REQUEST, Recipient.SUPERVISOR)
    return None


def open_gate(step: Step) -> None:
    step.drop_deadlines(
        Awaited.TRAINING_REMINDER, Awaited.TRAINING_DUE, Awaited.TRAINING_GRACE
    )
    step.set(stage=Stage.MATCHING)
    step.deadline(Awaited.SEARCH_DUE, step.now + step.state.policy.matching.search_for)
    step.add_line("ready")
    step.notice(Template.READY, Recipient.MENTOR)


def reminder_due(step: Step) -> None:
    """Remind a mentor who is not ready of what is missing."""
    step.add_line("reminded")
    step.notice(
        Template.TRAINING_REMINDER,
        Recipient.MENTOR,
        items=missing_gate_items(step.state),
        useful_until=step.state.deadlines.get(Awaited.TRAINING_DUE),
    )


def training_due(step: Step) -> None:
    """Notify the supervisor that the training is late; a period of grace begins."""
    step.add_line("training_late")
    step.notice(
        Template.TRAINING_LATE,
        Recipient.SUPERVISOR,
        items=missing_gate_items(step.state),
    )
    step.deadline(
        Awaited.TRAINING_GRACE, step.now + step.state.policy.training.grace, person=True
    )


def grace_over(step: Step) -> None:
    """Close the pair of a mentor who is still not ready; they come first in the next wave."""
    step.add_line("deferred")
    step.notice(Template.DEFERRED, Recipient.MENTOR)
    closing.close(step, Outcome.DEFERRED, "not_ready")
