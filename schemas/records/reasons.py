"""Why somebody decided something: closed lists, one for each decision.

A reason stands in Temporal's history and in the ledger for good. A free one would sooner
or later name a person or an illness. `gateway/console/code_texts.py` has the words.
"""

from enum import StrEnum


class PauseReason(StrEnum):
    """Why a programme, a region, a cohort or a pair is paused."""

    ASKED = "asked"
    HOLIDAYS = "holidays"
    BUSY = "busy"
    REORGANISED = "reorganised"
    WORKS_COUNCIL = "works_council"
    CRISIS = "crisis"
    LEAVE = "leave"


class WaiveReason(StrEnum):
    """Why a mentor needs not do an item of the training."""

    ASKED = "asked"
    AGREED = "agreed"
    DONE_ELSEWHERE = "done_elsewhere"
    KNOWN = "known"
    NOT_AVAILABLE = "not_available"


class RematchReason(StrEnum):
    """Why two are parted."""

    ASKED = "asked"
    AGENDAS = "agendas"
    MISTAKE = "mistake"
    REORGANISED = "reorganised"
    SUPERVISOR = "supervisor"


class KeepReason(StrEnum):
    """Why two whose lines became too close go on."""

    ASKED = "asked"
    AGREED = "agreed"
    SUPERVISOR = "supervisor"
    TEMPORARY = "temporary"


class EndReason(StrEnum):
    """Why a pair ends early."""

    ASKED = "asked"
    AGENDAS = "agendas"
    CANCELLED = "cancelled"
    MISTAKE = "mistake"
    MOVED = "moved"
    PROGRAMME_ENDS = "programme_ends"
    REORGANISED = "reorganised"


class AcceptReason(StrEnum):
    """Why a change of people is right, which freezes pairs."""

    ASKED = "asked"
    REORGANISED = "reorganised"


class DismissReason(StrEnum):
    """Why pairs go on in spite of a change of people."""

    ASKED = "asked"
    TEMPORARY = "temporary"
    WRONG_FEED = "wrong_feed"


class RegionReason(StrEnum):
    """Why a region or its next wave opens, stays closed, or is not wanted any more."""

    ASKED = "asked"
    AGREED = "agreed"
    BOARD = "board"
    BUDGET = "budget"
    BUSY = "busy"
    EVIDENCE_SEEN = "evidence_seen"
    NOT_READY = "not_ready"
    REORGANISED = "reorganised"
    SECOND_WAVE = "second_wave"
    WORKS_COUNCIL = "works_council"


class DeliveryFailure(StrEnum):
    """Why a notice could not be delivered."""

    ADDRESS_REFUSED = "address_refused"
    CONTENT_REFUSED = "content_refused"
    GAVE_UP = "gave_up"
    NO_CATCHER = "no_catcher"
    UNCONFIRMED = "unconfirmed"
    """It was sent, and no server said that it took it or that it did not."""
