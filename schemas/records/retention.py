"""How long what is kept is kept, and what a run of the clearing-out did."""

from datetime import timedelta

from schemas.base import LenientModel


class RetentionPolicy(LenientModel):
    """Wall times, of the whole installation."""

    archive_after: timedelta
    """After a pair closed, or an event was delivered."""
    keep_archive: timedelta
    """From the end of the month in which the pair closed, or the event was delivered; and who read or decided what."""
    keep_words: timedelta
    """Ideas, comments and calls for help, and marks that are in a release, after they came in."""
    keep_leavers: timedelta
    """After somebody left; then they are erased."""


class RetentionReport(LenientModel):
    """What one run did."""

    pairs_archived: int = 0
    events_archived: int = 0
    months_dropped: int = 0
    """Partitions of the archive."""
    readings_forgotten: int = 0
    """Lines about who read or decided what."""
    pulses_emptied: int = 0
    files_forgotten: int = 0
    """People files that were uploaded, and lost the workflow that would have forgotten them."""
    keys_rewrapped: int = 0
    """Data keys that an older secret wrapped, and the newest does now."""
    keys_unopened: int = 0
    """Data keys that no secret opens that the worker has."""
    people_erased: int = 0
    people_waiting: int = 0
    """To be erased, and a pair of theirs has not ended."""
