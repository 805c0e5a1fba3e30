"""Texts for codes. A code without one is shown with its underscores as spaces."""

from collections import Counter
from collections.abc import Mapping

from schemas.records.reasons import PauseReason, RegionReason
from schemas.wording.counted import counted

NEXT_STEPS = {
    "training_reminder": "training under way",
    "training_due": "training ends",
    "training_grace": "grace after the training ends",
    "search_due": "waits for a match",
    "agree_reminder": "both are asked to agree",
    "agree_due": "both are asked to agree",
    "find_again": "looks for a time again",
    "call_about_times": "supervisor is asked to call about times",
    "answer_due": "invitation waits for an answer",
    "ask_mentor": "invitation waits for an answer",
    "proposal_lapses": "invitation waits for an answer",
    "held_reminder": "conversation, then word whether it was held",
    "held_escalates": "mentor is asked whether it was held",
    "held_lapses": "supervisor is asked whether it was held",
    "idle": "nothing is booked",
    "concern_due": "supervisor is asked to call",
    "decision_reminder": "supervisor decides whether they go on",
    "decision_due": "supervisor decides whether they go on",
    "wave_ends": "the wave ends",
    "feedback_due": "last pulses are awaited",
}
MATCH_STATES = {
    "claimed": "approved, both are being notified",
    "announced": "approved, both were notified",
    "lapsed": "no longer possible: one of the two has a partner or left",
}
"""What ops read of a match that is no longer theirs to decide; the others are called by their codes."""
OPS_DECISIONS = {
    "swapped": "exchanged mentees",
    "unpinned": "pin taken back",
    "banned": "kept apart",
    "unbanned": "no longer kept apart",
    "rerun": "the rest was matched again",
}
"""What ops read of their own decisions; the others are called by their codes."""
MATCH_CHANGES = {
    "new": "new",
    "gone": "no match now",
    "partner": "another mentor",
    "score": "score",
}
"""What changed about a match since the run before."""
AFTER_DECISION = {
    "all": "All are approved; both sides are asked to agree.",
    "approve": "Approved; both sides are asked to agree.",
    "refuse": "Refused, and the rest is matched again.",
    "swap": "Exchanged. The two new pairs are pinned, and wait for your approval.",
    "pin": "Pinned: the two are matched in every run in which both are free.",
    "unpin": "The pin is taken back.",
    "ban": "The two are kept apart.",
    "ban_proposed": "The two are kept apart, and the rest is matched again; reload this page in a moment.",
    "unban": "The two may be matched again.",
    "rerun": "Who is not approved is matched again; reload this page in a moment.",
}
"""What the review page says after each decision about matches."""
AFTER_DECISION_WHILE_PAUSED = {
    "all": "All are approved; both sides are asked when {region} goes on.",
    "approve": "Approved; both are asked when {region} goes on.",
    "refuse": "Refused; the rest is matched again when {region} goes on.",
    "ban_proposed": "The two are kept apart; the rest is matched again when {region} goes on.",
    "rerun": "Who is not approved is matched again when {region} goes on.",
}
"""The same while it is paused, where that makes a difference."""
LEDGER_LINES = {
    "started": "The pair begins; the mentor is invited",
    "volunteered": "The mentor takes part",
    "declined": "The mentor does not take part",
    "windows_given": "Weekly hours given",
    "module_completed": "A module was finished",
    "charter_signed": "The mentor signed the charter",
    "rehearsed": "Mentor and supervisor rehearsed",
    "signed_off": "The supervisor signed off",
    "waived": "Ops waived an item",
    "ready": "The readiness gate is open",
    "reminded": "Reminded",
    "training_late": "The training is late; the supervisor was notified",
    "deferred": "Deferred to the next wave",
    "matched": "A match was announced to both",
    "agreed": "Agreed to the match",
    "parted": "The two were parted",
    "match_approved": "Ops approved the match",
    "match_refused": "Ops refused a match",
    "match_swapped": "Ops gave this seat another mentee",
    "unmatched": "No match was found",
    "sessions_begin": "Both agreed: conversations begin",
    "looking": "Looks for a time",
    "no_common_time": "No common time was found",
    "proposed": "A time was proposed",
    "mentor_asked": "The mentor was asked, since no answer came",
    "agreed_time": "A time was agreed",
    "another_time": "Looks for another time",
    "call_about_times": "Declined again and again: the supervisor is asked to call",
    "cancelled": "An agreed time was given up",
    "over": "Its time has passed, and the mentor was reminded to say whether it was held",
    "held": "The conversation took place",
    "missed": "The conversation did not take place",
    "held_unknown": "The supervisor is asked whether it was held",
    "unknown": "Nobody said whether it was held",
    "check_in_asked": "The supervisor is asked for a check-in",
    "checked_in": "The supervisor talked with the mentor",
    "concern_raised": "The supervisor is asked to call",
    "concern_waits": "The call is still awaited",
    "nothing_booked": "Nothing is booked",
    "at_risk": "At risk; the supervisor was notified",
    "frozen": "Frozen: their reporting lines are too close now; the supervisor is asked to decide",
    "kept": "Somebody decided that they go on",
    "apart_again": "Their reporting lines are far enough apart again",
    "notice_failed": "A notice could not be delivered",
    "feedback_begins": "Last pulses are asked for",
    "feedback_over": "Last pulses are no longer waited for",
    "completed": "Completed; the mentor is recognised",
    "person_left": "Somebody left",
    "paused": "Paused",
    "resumed": "Resumed",
    "ended": "Ended by ops",
    "withdrawn": "The invitation was withdrawn",
    "closed": "The pair is closed",
    "restarted": "Its run was lost; it goes on from the record",
    "terminated": "A run that went on after the pair had closed was ended",
}
REGION_STATES = {
    "waiting": "waits for its turn",
    "proposed": "proposed to the sponsor",
    "held": "held back",
    "needs": "waits for its needs",
    "open": "open",
    "closed": "closed",
}
WAITING_FOR = {
    **NEXT_STEPS,
    "matches_to_review": "matches to review",
    "extension": "a region to open or hold",
    "guard_held": "pairs that a change of people would freeze",
    "refused_messages": "messages that no workflow could take",
}
DECISION_REASONS = {
    "address_refused": "the address is refused",
    "agendas": "the agendas leave no time",
    "agreed": "it was agreed",
    "asked": "it was asked for",
    "board": "the board decided so",
    "budget": "the budget",
    "busy": "a busy time",
    "cancelled": "its workflow was cancelled",
    "content_refused": "the mail is refused",
    "crisis": "something urgent elsewhere",
    "done_elsewhere": "done elsewhere",
    "evidence_seen": "the evidence was looked at",
    "gave_up": "the mail server took it at no time",
    "holidays": "holidays",
    "known": "known already",
    "leave": "long leave",
    "mistake": "a mistake",
    "moved": "a move to another place or post",
    "no_catcher": "a rehearsal has no mail catcher",
    "not_available": "it cannot be done now",
    "not_ready": "the region is not ready",
    "programme_ends": "the programme ends",
    "reorganised": "a reorganisation",
    "second_wave": "it was good, and is wanted again",
    "supervisor": "the supervisor decided so",
    "temporary": "it is for a while only",
    "unconfirmed": "it was sent, and no mail server said that it took it",
    "works_council": "talks with the works council",
    "wrong_feed": "the data about people were wrong",
}
"""Why somebody decided something; a code means the same in every list of `schemas/records/reasons.py`."""
PAUSE_REASONS = {each.value: DECISION_REASONS[each] for each in PauseReason}
REGION_REASONS = {each.value: DECISION_REASONS[each] for each in RegionReason}
LEDGER_REASONS = {
    **DECISION_REASONS,
    "scope_paused": "with its programme, region or wave, or with one of the two",
}
"""What the ledger of a pair says of a reason; other codes are shown as they are."""
EVENT_REASONS = {
    "no_pair_yet": "the person has no pair yet; delivered at the start",
    "no_live_pair": "the person has no live pair",
    "pair_closed": "the pair is closed",
    "no_such_module": "no programme has this module",
    "no_such_pair": "there is no such pair",
    "pair_not_started": "the pair is being started; tried again",
    "does_not_fit": "what it says of a person did not fit on its day, such as a circle; tried again each hour",
    "run_not_found": "PostgreSQL knows the pair and Temporal does not",
    "pair_restarted": "the pair's run was lost; delivered again",
    "temporal_unavailable": "Temporal does not answer; tried again",
}


def after_decision(done: str, paused: str) -> str:
    """Returns what the page says after a decision about matches.

    Args:
        paused: name of the region if it is paused, else empty.
    """
    return (
        AFTER_DECISION_WHILE_PAUSED.get(done, AFTER_DECISION[done]).format(
            region=paused
        )
        if paused
        else AFTER_DECISION[done]
    )


def word(code: object, table: dict[str, str] | None = None) -> str:
    text = str(code)
    return (table or {}).get(text, text.replace("_", " "))


def roles(count: int, role: str) -> str:
    """Returns a count of people in a role, such as `4 mentors`."""
    return counted(count, role, role if role == "ops" else None)


def counts_by_text(
    counts: Mapping[str, int], table: dict[str, str]
) -> list[tuple[str, int]]:
    """Returns (text, count), most first; codes with the same text count together."""
    total: Counter[str] = Counter()
    for code, count in counts.items():
        total[word(code, table)] += count
    return total.most_common()
