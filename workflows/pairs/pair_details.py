"""What the Web UI shows of a pair: stage, next step and when, who is awaited, how to act."""

from collections.abc import Iterator, Sequence

from schemas.effects import Record, RefusedMessage
from schemas.pair import PairState
from schemas.stages import Awaited, Stage

WAITS_FOR = {
    Awaited.TRAINING_REMINDER: "the mentor (training)",
    Awaited.TRAINING_DUE: "the mentor (training)",
    Awaited.TRAINING_GRACE: "the mentor and the supervisor (training is late)",
    Awaited.SEARCH_DUE: "the cohort's matching",
    Awaited.AGREE_REMINDER: "both sides' agreement",
    Awaited.AGREE_DUE: "both sides' agreement",
    Awaited.FIND_AGAIN: "a time that suits both",
    Awaited.CALL_ABOUT_TIMES: "the supervisor's call about times",
    Awaited.ANSWER_DUE: "the mentee's answer",
    Awaited.ASK_MENTOR: "the mentee's answer",
    Awaited.PROPOSAL_LAPSES: "the mentee's or mentor's answer",
    Awaited.HELD_REMINDER: "the session; then the mentor: was it held?",
    Awaited.HELD_ESCALATES: "the mentor: was it held?",
    Awaited.HELD_LAPSES: "the supervisor: was it held?",
    Awaited.IDLE: "a booking",
    Awaited.CONCERN_DUE: "the supervisor's call",
    Awaited.DECISION_REMINDER: "the supervisor: do they go on, or part?",
    Awaited.DECISION_DUE: "the supervisor: do they go on, or part?",
    Awaited.WAVE_ENDS: "a booking",
    Awaited.FEEDBACK_DUE: "the last pulses",
}
HOW_TO_ACT = {
    Stage.TRAINING: 'Sign off: update `sign_off` with `{"rehearsed": true}`. Drop an item: update `waive` with '
    '`{"item": "rehearsal", "reason": "done_elsewhere"}`.',
    Stage.MATCHING: "Matches are reviewed on the console, or with the update `approve_matches` of the cohort. "
    'Stop for a while: update `pause` with `{"reason": "asked"}`. End it: update `end` with `{"reason": "asked"}`.',
    Stage.SESSIONS: 'Another time: update `reschedule` with `{"session": 1}`. Part them: update `rematch` with '
    '`{"reason": "reorganised"}`. Stop for a while: update `pause` with `{"reason": "asked"}`.',
    Stage.FEEDBACK: "Nothing to do: the pair closes when both pulses are in, or when their time is over.",
    Stage.CLOSED: "Nothing more can be done here.",
}
HOW_FROZEN = (
    'Go on: update `keep` with `{"reason": "agreed"}`. '
    'Part them: update `rematch` with `{"reason": "reorganised"}`.'
)


def pair_details(
    state: PairState, refused: Sequence[RefusedMessage], suspended: str | None
) -> str:
    """Markdown for the tab *User Metadata*; codes and times only."""
    return "\n".join(
        [
            f"## Pair in *{state.stage}*",
            "",
            f"- **Health**: {_words(state.health)}",
            f"- **Sessions held**: {state.held} of {state.last}",
            *([f"- **Suspended**: {suspended}"] if suspended else []),
            *_exceptions(state),
            *_next_steps(state),
            "",
            "### How to act",
            "",
            HOW_FROZEN if state.frozen else HOW_TO_ACT[state.stage],
            *refused_lines(refused),
        ]
    )


def _exceptions(state: PairState) -> Iterator[str]:
    """Lines about a pair that is suspended, paused, frozen or at risk."""
    if state.outcome:
        reason = _words(state.reason) if state.reason else "as planned"
        yield f"- **Outcome**: {state.outcome} ({reason})"
    if state.paused:
        by = ", ".join(state.paused_by)
        yield (
            f"- **Paused** by {by}: nothing is sent. Go on: update `resume` with `{{}}`."
        )
    if state.frozen:
        yield (
            "- **Frozen**: nothing is planned until somebody decides; "
            "at the deadline they part."
        )


def _next_steps(state: PairState) -> Iterator[str]:
    if state.current:
        s = state.current
        yield f"- **Session {s.number}**: {_words(s.status)}, {_at(s.start)}"
    if state.deadlines:
        step = min(state.deadlines, key=lambda k: state.deadlines[k])
        until = _at(state.deadlines[step])
        yield f"- **Waits for**: {WAITS_FOR[Awaited(step)]}, until {until}"


def refused_lines(refused: Sequence[RefusedMessage]) -> list[str]:
    """The newest messages that a workflow refused, as markdown."""
    if not refused:
        return []
    newest = (f"- {m.at:%Y-%m-%d %H:%M} `{m.name}`: {m.reason}" for m in refused[-5:])
    return ["", "### Refused messages", "", *newest]


def record_summary(records: Sequence[Record], refused: Sequence[RefusedMessage]) -> str:
    """A summary of a record; an empty record only reads the directives in force."""
    kept = ["what was refused"] if refused else []
    parts = dict.fromkeys([*(record.event for record in records), *kept])
    return ", ".join(parts) or "what is in force"


def _words(code: str) -> str:
    return code.replace("_", " ")


def _at(when: object) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else "no time yet"
