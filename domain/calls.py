"""When a supervisor is asked to call a mentor, so that a call says of nobody that they wanted it.

Somebody asked for it or gave a low mark, or it was drawn by lot. Whoever reads all
histories sees when pulses, other answers and calls came in, so a call has to be possible
at any moment, and each has to look like one that was drawn.
"""

from datetime import timedelta

from schemas.policy import Feedback, Policy

LONGEST_DELAY = timedelta(hours=1)
"""Programme time within which a pair receives a concern.

At once, it would be in Temporal's history right behind the pulse of the side that raised
it. Ours: short beside the three days that a supervisor has for the call.
"""
OTHER_ANSWERS_SHARE = 0.1
"""How often an answer has a call drawn for a later moment, beside `drawn_calls`. Ours: a
pair gives about thirty answers, which makes it one such call for every three pairs.
"""
LEAST_DRAWN_CALLS = 0.05
"""With fewer calls by lot than this, a call would say that somebody wanted it. Ours."""
SHORTEST_COVER, LONGEST_COVER = timedelta(weeks=4), timedelta(weeks=12)


def raises_concern(
    rules: Feedback, score: int, *, wants_help: bool, lot: float
) -> bool:
    """Whether a pulse asks somebody to call the mentor; `lot` is drawn for it, 0 to 1.

    Some pulses do that say nothing of the kind, so that a call names nobody.
    """
    return wants_help or score <= rules.low_score or lot < rules.drawn_calls


def least_mark_uncalled(rules: Feedback) -> int:
    """The least mark after which it may be that nobody is asked to call."""
    return rules.low_score + 1


def concern_delay(lot: float) -> timedelta:
    """Programme time after which a pair receives a concern; `lot` is drawn for it, 0 to 1."""
    return LONGEST_DELAY * lot


def answer_draws_call(rules: Feedback, lot: float) -> bool:
    """Whether a call is asked for at some later moment, because of nothing that was said.

    A mentor may ask for help at any time, not only in a pulse. If no call was ever drawn
    far from pulses, one that comes there would be the mentor's.
    """
    return lot < rules.drawn_calls * OTHER_ANSWERS_SHARE


def drawn_call_delay(policy: Policy, lot: float) -> timedelta:
    """Programme time after an answer at which a call that it drew is asked for.

    Until the answers about the next conversation may draw others.
    """
    return min(max(policy.sessions.every, SHORTEST_COVER), LONGEST_COVER) * lot
