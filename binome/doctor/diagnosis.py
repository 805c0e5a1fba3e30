"""The diagnoses that `binome doctor` reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """The state of one subject of `binome doctor`. `remedy` says what to do when it is
    not healthy.
    """

    subject: str
    healthy: bool
    found: str
    remedy: str = ""
