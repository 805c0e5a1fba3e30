"""The lives of pairs whose histories are kept: every stage, asleep in it; every outcome; every way out of the ordinary.

A story ends where its history ends: a pair that is open there is one that a release finds in flight.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from schemas.notices import Notice, Template
from schemas.pair import PairState
from schemas.stages import SessionStatus, Stage
from tests.replay.life import Life
from tests.support.played import MENTEE, willing

Story = Callable[[Life], Awaitable[None]]
Answer = tuple[str, dict[str, Any]] | None
WEEK = timedelta(weeks=1)


def in_stage(stage: Stage) -> Callable[[PairState], bool]:
    return lambda state: state.stage is stage


def session(status: SessionStatus, number: int = 1) -> Callable[[PairState], bool]:
    return lambda state: bool(
        state.current
        and state.current.number >= number
        and state.current.status is status
    )


def silent_about(*templates: Template) -> Callable[[Notice], Answer]:
    return lambda notice: None if notice.template in templates else willing(notice)


async def training_asleep(life: Life) -> None:
    await life.until(lambda state: state.gate.volunteered)


async def training_reminded_and_late(life: Life) -> None:
    await life.until(
        lambda state: "training_grace" in state.deadlines, lambda notice: None
    )


async def training_waived(life: Life) -> None:
    await life.until(lambda state: state.gate.volunteered)
    await life.decide("waive", item="module:listening", reason="done_elsewhere")


async def matching_waits(life: Life) -> None:
    await trained(life)
    await life.until(in_stage(Stage.MATCHING), silent_about(Template.READY))


async def matching_half_agreed(life: Life) -> None:
    await trained(life)

    def only_mentor(notice: Notice) -> Answer:
        return willing(notice) if notice.to.value == "mentor" else None

    await life.until(
        lambda state: bool(state.match and state.match.mentor_agreed), only_mentor
    )


async def matching_refused(life: Life) -> None:
    await trained(life)
    await life.until(
        lambda state: state.match is not None, silent_about(Template.MATCH_ANNOUNCED)
    )
    await life.say("refused", side="mentee", mentee=MENTEE)


async def sessions_proposed(life: Life) -> None:
    await trained(life)
    await life.until(
        session(SessionStatus.PROPOSED), silent_about(Template.SESSION_PROPOSED)
    )


async def sessions_declined(life: Life) -> None:
    await sessions_proposed(life)
    await life.say("answered", session=1, sequence=0, answer="no")


async def sessions_silent(life: Life) -> None:
    await trained(life)
    await life.until(
        lambda state: bool(state.current and state.current.mentor_asked),
        silent_about(*ANSWERS),
    )


async def sessions_without_a_time(life: Life) -> None:
    life.played.free = False
    await trained(life)
    await life.until(lambda state: bool(state.current and state.current.searches))


async def sessions_agreed(life: Life) -> None:
    await trained(life)
    await life.until(session(SessionStatus.AGREED))


async def sessions_rescheduled(life: Life) -> None:
    await sessions_agreed(life)
    await life.decide("reschedule", session=1)


async def sessions_over(life: Life) -> None:
    await trained(life)
    await life.until(session(SessionStatus.OVER), silent_about(Template.ASK_HELD))


async def sessions_missed(life: Life) -> None:
    await sessions_over(life)
    await life.say("held", session=1, held=False)


async def sessions_concern(life: Life) -> None:
    await sessions_agreed(life)
    await life.say("concern_raised", concern="concern-1")


async def sessions_rematched(life: Life) -> None:
    await sessions_agreed(life)
    await life.decide("rematch", reason="reorganised")


async def sessions_frozen(life: Life) -> None:
    await sessions_agreed(life)
    await life.say("too_close", mentee=MENTEE, check=7)


async def sessions_kept(life: Life) -> None:
    await sessions_frozen(life)
    await life.decide("keep", reason="agreed")


async def sessions_apart_again(life: Life) -> None:
    await sessions_frozen(life)
    await life.say("apart_again", mentee=MENTEE, check=8)


async def sessions_frozen_and_parted(life: Life) -> None:
    await sessions_frozen(life)
    await life.until(in_stage(Stage.MATCHING), silent_about(Template.READY))


async def sessions_partner_left(life: Life) -> None:
    await sessions_agreed(life)
    await life.say("person_left", side="mentee", mentee=MENTEE)


async def feedback_waits(life: Life) -> None:
    await trained(life)
    await life.until(in_stage(Stage.FEEDBACK), silent_about(Template.FINAL_PULSE))


async def paused(life: Life) -> None:
    await sessions_agreed(life)
    await life.decide("pause", reason="asked")


async def paused_and_resumed(life: Life) -> None:
    await paused(life)
    await life.go_by(2 * WEEK)
    await life.decide("resume")


async def paused_by_region(life: Life) -> None:
    await sessions_agreed(life)
    life.played.paused = True
    await life.say("directives_changed")


async def restored(life: Life) -> None:
    await sessions_agreed(life)
    await life.lose_the_run()
    await life.until(session(SessionStatus.OVER), silent_about(Template.ASK_HELD))


async def nonsense_kept(life: Life) -> None:
    await training_asleep(life)
    await life.say("answred", session=1)
    await life.say("answered", session="one")


async def suspended_and_resumed(life: Life) -> None:
    await training_asleep(life)
    life.played.broken = True
    await life.handle.signal("module_completed", {"module": "listening"})
    await life.until_shown("Suspended")
    life.played.broken = False
    await life.decide("resume")


async def closed_completed(life: Life) -> None:
    await trained(life)
    await life.until(in_stage(Stage.CLOSED), early_search=True)


async def closed_deferred(life: Life) -> None:
    await life.until(in_stage(Stage.CLOSED), lambda notice: None)


async def closed_unmatched(life: Life) -> None:
    await trained(life)
    await life.until(in_stage(Stage.CLOSED), silent_about(Template.READY))


async def closed_ended_early(life: Life) -> None:
    await sessions_agreed(life)
    await life.decide("end", reason="asked")


async def closed_declined(life: Life) -> None:
    await life.until(in_stage(Stage.CLOSED), lambda notice: ("declined", {}))


async def closed_left(life: Life) -> None:
    await sessions_agreed(life)
    await life.say("person_left", side="mentor")


async def closed_cancelled(life: Life) -> None:
    await sessions_proposed(life)
    await life.handle.cancel()


async def trained(life: Life) -> None:
    """The mentor volunteers and does the module; what comes next is the story's."""
    await life.until(lambda state: state.gate.volunteered)
    await life.say("module_completed", module="listening")


ANSWERS = (Template.SESSION_PROPOSED, Template.MENTEE_SILENT)
STORIES: dict[str, Story] = {
    story.__name__.replace("_", "-"): story
    for story in (
        training_asleep,
        training_reminded_and_late,
        training_waived,
        matching_waits,
        matching_half_agreed,
        matching_refused,
        sessions_proposed,
        sessions_declined,
        sessions_silent,
        sessions_without_a_time,
        sessions_agreed,
        sessions_rescheduled,
        sessions_over,
        sessions_missed,
        sessions_concern,
        sessions_rematched,
        sessions_frozen,
        sessions_kept,
        sessions_apart_again,
        sessions_frozen_and_parted,
        sessions_partner_left,
        feedback_waits,
        paused,
        paused_and_resumed,
        paused_by_region,
        restored,
        nonsense_kept,
        suspended_and_resumed,
        closed_completed,
        closed_deferred,
        closed_unmatched,
        closed_ended_early,
        closed_declined,
        closed_left,
        closed_cancelled,
    )
}
