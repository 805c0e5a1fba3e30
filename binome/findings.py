"""What `binome doctor` answers with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `mend` says what to do about it, when it is not well."""

    what: str
    well: bool
    found: str
    mend: str = ""
