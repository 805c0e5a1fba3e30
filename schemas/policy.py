"""Every number of a programme: policy, not code. Each default names where it comes from."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import StrictModel
from schemas.ids import Code
from schemas.time.durations import Duration


class Approval(StrEnum):
    """The ways in which matches are approved: by ops after a review, or at once."""

    REVIEWED = "reviewed"
    AUTOMATIC = "automatic"


class Opening(StrEnum):
    """Who opens the next region: the sponsor, shown the evidence, or the engine when the evidence suffices."""

    PROPOSED = "proposed"
    AUTOMATIC = "automatic"


class Training(StrictModel):
    """What a mentor does before the first session (the readiness gate)."""

    modules: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    """Modules of the learning platform. Default none: each organisation has its own."""
    within: Duration = timedelta(weeks=3)
    """Time to be ready. Published programmes train mentors for two to four weeks; 3 weeks is their middle."""
    grace: Duration = timedelta(weeks=1)
    """Time after the deadline, with the supervisor notified, until a mentor waits for the
    next wave. Ours: a week of holiday."""
    reminder: Duration = timedelta(weeks=1)
    """How long before the deadline a mentor who is not ready is reminded. Ours: a week is enough for one module."""
    rehearsal: bool = True
    """A rehearsal with the supervisor: untrained mentors are thrown by the person they face (published programmes)."""


class Sessions(StrictModel):
    """One-to-one conversations of exactly two people."""

    count: Annotated[int, Field(ge=1, le=24)] = 6
    """Published programmes hold three to twelve sessions; six is the most common."""
    length: Annotated[
        Duration, Field(ge=timedelta(minutes=30), le=timedelta(minutes=120))
    ] = timedelta(hours=1)
    """Published programmes: 30 minutes to 2 hours; one hour is the most common."""
    every: Annotated[Duration, Field(ge=timedelta(days=1), le=timedelta(days=366))] = (
        timedelta(weeks=4)
    )
    """Published programmes meet monthly; four weeks keep the weekday."""
    notice: Duration = timedelta(days=3)
    """No session sooner than this after the invitation: executives' agendas are full two to three days ahead."""
    window: Duration = timedelta(weeks=3)
    """How far after its earliest day a session may be proposed. Ours: later, and the rhythm is lost."""
    answer_within: Duration = timedelta(hours=48)
    """Published programmes expect an answer in two days; weekends, holidays and closed periods do not count."""
    declines_a_week: Annotated[int, Field(ge=1, le=20)] = 3
    """Times of one session declined or cancelled in seven days, until somebody calls instead of proposing another by
    mail. Ours: whoever keeps agendas picks up the telephone after three; each proposal names up to four times."""
    reminder: Duration = timedelta(days=1)
    """The day before, as published programmes do."""
    half_hour: bool = True
    """An executive short of time may take half an hour instead (published programmes allow 30 minutes)."""


class Matching(StrictModel):
    """Who may be matched with whom, and how they agree."""

    approval: Approval = Approval.REVIEWED
    """Default reviewed: an opaque match is the most frequent complaint about mentoring tools."""
    minimum_levels: Annotated[int, Field(ge=0, le=10)] = 3
    """Levels between the two in any reporting line, dotted too; 0: any, but never manager and direct report.
    Published programmes ask for two to four."""
    different_team: bool = True
    """Nobody coaches somebody who has the same direct manager. Ours: there is no distance, and they meet anyway."""
    supervisor_outside: bool = True
    """The mentor's supervisor is outside the mentee's reporting line (published programmes): mentors must be able
    to speak freely about the conversations."""
    common_language: bool = True
    """Both speak one language: they talk alone, and nobody interprets."""
    common_hours: bool = True
    """Both are free together for `minimum_common` a week, a session in one piece: agendas are the hardest part."""
    same_site: bool = False
    """Only people of one site are matched, for programmes that meet in person. Whoever has no site in the people
    file, or the site `remote`, may meet anybody. Default false: a video call will do."""
    minimum_common: Duration = timedelta(hours=1)
    """Weekly availability in common, at least; raised to the length of a session where that is longer."""
    agree_within: Duration = timedelta(days=7)
    """Both agree within a week (ours), then the claim on the seat expires and others have their chance."""
    search_for: Duration = timedelta(weeks=4)
    """How long a ready mentor waits for a match after the training before the wave goes on without. Ours."""
    topics_weight: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 3.0
    """Weight of topics wanted and offered: mentees name topics first when asked (published programmes)."""
    function_weight: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 1.5
    """Weight of a different function: distance is what reverse mentoring is for."""
    availability_weight: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 1.0
    """Weight of common hours: agendas are the hardest part."""
    seniority_weight: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 1.0
    """Weight of the levels between their places in the organisation: the further apart, the more each can learn."""
    site_weight: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 0.5
    """Weight of the same site: the first conversation is better in person."""


class Feedback(StrictModel):
    """Pulses and what closes a pair."""

    pulse_after: Annotated[tuple[int, ...], Field(max_length=24)] = ()
    """Sessions followed by a pulse. Default empty: the first, the middle and the last, since six forms would
    kill the informality."""
    answer_within: Duration = timedelta(weeks=1)
    """How long the last pulse is waited for before the pair is closed without it. Ours."""
    low_score: Annotated[int, Field(ge=0, le=3)] = 2
    """A pulse at or below it counts as a call for help; 0: none does by its mark. Ours: 1 and 2 of 5. Where nobody is
    asked to call the mark was higher, so the more marks count as low, the more people a released mean has to be of;
    at 4, every other mark would be known to be a 5."""
    drawn_calls: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.1
    """Share of the other pulses, drawn by lot, after which the supervisor is asked to call too, so that being called
    names nobody as having asked for help. Ours: with six pulses a pair, about one such call
    for every two pairs."""


class Supervision(StrictModel):
    """How often the supervisor checks in, and when a pair is at risk."""

    check_in_every: Annotated[int, Field(ge=1, le=24)] = 3
    """Sessions between two check-ins (published programmes: once in the first half, once in the second)."""
    risk_after: Annotated[int, Field(ge=1, le=10)] = 2
    """Cancelled or missed sessions that put a pair at risk. Declining a proposed time never counts."""
    idle_after: Duration = timedelta(days=14)
    """Nothing booked this long after the last session: at risk (published programmes call after two weeks)."""
    decide_within: Duration = timedelta(days=7)
    """Open days in which the supervisor, or ops, may keep two people together whom a reorganisation brought too close;
    then they part by themselves. Ours: a week leaves time for a call, and no conversation takes place meanwhile."""
    guard_share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.05
    """A change of people that would leave more than this share of a cohort's live pairs frozen is put before ops first;
    pairs frozen already count, unless ops accepted that. Ours: a reorganisation touches a few; one in twenty looks
    like a broken feed."""
    guard_at_least: Annotated[int, Field(ge=1, le=1000)] = 3
    """Fewer pairs than this are frozen without a question, whatever their share: a small cohort has one in twenty soon.
    Ours."""


class Extension(StrictModel):
    """What must be true before the next region opens."""

    on_course: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.7
    """Share of pairs on course or completed. Published programmes went on at two thirds to three quarters."""
    mean_pulse: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)] = 4.0
    """Mean pulse, looked at only where enough people answered. Ours: 'good' on a five-point scale."""
    minimum_answers: Annotated[int, Field(ge=5, le=1000)] = 5
    """Fewer answers than this are never shown nor used; below five a person could be recognised."""
    next_wave_after: Duration = timedelta(days=182)
    """From the end of a region's wave to its next one; closed periods are skipped. Six months, as published
    programmes renew their waves."""
    waves: Annotated[int, Field(ge=1, le=10)] = 1
    """Waves of each region that the programme waits for before it ends. Default 1: a region closes once, and a
    further wave opens only if ops ask for it (`extend`)."""


class Timing(StrictModel):
    """How what falls due for many in one moment is done one after another."""

    spread: Annotated[Duration, Field(le=timedelta(hours=1))] = timedelta(minutes=10)
    """Deadlines that pass at one moment are acted on within so long after it, each pair at its own place; mails that
    waited for the opening hour leave likewise, each person's together. Never sooner, and calls for help at once. Ours:
    nobody notices ten minutes, and thousands of pairs do not queue; 0 minutes: all at once."""


class Policy(StrictModel):
    """All rules of one programme or, with a region's own values, of one cohort."""

    training: Training = Training()
    sessions: Sessions = Sessions()
    matching: Matching = Matching()
    feedback: Feedback = Feedback()
    supervision: Supervision = Supervision()
    extension: Extension = Extension()

    def pulse_sessions(self) -> tuple[int, ...]:
        """Numbers of the sessions that a pulse follows."""
        if self.feedback.pulse_after:
            return self.feedback.pulse_after
        return tuple(sorted({1, (self.sessions.count + 1) // 2, self.sessions.count}))
