"""What an event does, in words: the lifecycle is asked, and its codes are put into the words below."""

from datetime import datetime

from domain.pair.advance import advance
from domain.pair.refusals import refusal
from gateway.console.code_texts import LEDGER_LINES
from schemas.events import UPDATES, Event
from schemas.pair import PairState

IGNORED = {
    "already_agreed": "Both agreed before: a time is given up with `no`, and two people are parted by HR alone.",
    "already_known": "The pair knows it; the same fact twice is one.",
    "already_ready": "The mentor was ready by then: they may refuse a match, or have HR end the pair.",
    "all_sessions_held": "Every session with this mentee was held, and only the last pulses are awaited.",
    "another_match": "It names somebody who is not the pair's mentee now, or nobody is matched.",
    "another_session": "It is about a session that is not the live one, or that nobody was invited to.",
    "closed": "The pair is closed and stays as it closed.",
    "first_word_counts": "The opposite was said before, and the first word counts.",
    "kept": "Somebody decided that the two go on; it holds until their lines are apart again.",
    "newer_check": "A newer look at their reporting lines found something else, and that counts.",
    "newer_invite": "It answers an invitation that is not the newest; the newest one still stands.",
    "newer_request": "The supervisor was asked for a call since; only an answer to the newest request ends a concern.",
    "no_longer_asked": "The question is closed: the session has begun, or another time has taken its place.",
    "nobody_to_part": "Nobody is matched, or every session was held.",
    "not_a_module_of_this_programme": "The programme does not ask for this module.",
    "not_asked": "The supervisor was not asked for so many calls yet.",
    "not_frozen": "The pair is not frozen, so there is nothing to decide.",
    "not_held": "The mentor has not reported the session as held; a pulse counts for one that was.",
    "not_offered": "The time chosen is none of those offered, or half an hour is not allowed; the proposal stands.",
    "not_over_yet": "The session has not begun; the mentor is asked after its end.",
    "not_ready": "The mentor's readiness gate is not open yet.",
    "parted_before": "These two were parted; they are never matched again.",
    "seat_is_taken": "The mentor has another mentee on this seat.",
    "signed_with_the_agreement": "A mentee signs the charter with `agreed`, which names the match.",
    "stale": "The deadline or search behind it was met or dropped; only Binôme's own events come to this.",
    "the_mentee_is_asked": "The mentee is to answer; the mentor's yes counts once the mentee stayed silent.",
    "time_has_passed": "The time chosen was offered and has passed; the proposal stands.",
    "used_at_the_next_search": "Hours are kept in PostgreSQL, and the next search for a time reads them.",
}
"""Why an event changed nothing: every code that the lifecycle gives, and no other."""


def outcome(state: PairState, event: Event, now: datetime) -> str:
    """What `event` does to a pair at programme time `now`; an update is asked first whether it may."""
    if isinstance(event, UPDATES) and (why := refusal(state, event)):
        return f"refused: *{why}*"
    done = advance(state, event, now)
    if done.ignored:
        return f"nothing: `{done.ignored}`"
    new = done.state.outbox[len(state.outbox) :]
    return ". ".join(
        dict.fromkeys(
            LEDGER_LINES[line.what] for record in new for line in record.lines
        )
    )


def changes(text: str) -> bool:
    return not text.startswith(("refused", "nothing"))
