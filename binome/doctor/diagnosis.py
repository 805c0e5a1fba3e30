"""The diagnoses that `binome doctor` reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """One subject that was looked at. `remedy` says what to do when it is not healthy."""

    subject: str
    healthy: bool
    found: str
    remedy: str = ""
