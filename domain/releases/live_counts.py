"""What may be counted or traced as it happens. Whatever a mark can be read from is published in releases instead."""

SECRET_KINDS = frozenset({"pulse_received", "concern_raised"})
"""Signals that say when somebody gave a mark, or asked for help."""
ABOUT_SESSIONS = frozenset({"windows_given", "answered", "held"}) | SECRET_KINDS
"""Counted together: one of them alone, or all but one, would give the number of pulses away."""
SESSIONS = "about sessions"


def counted_as(kind: str, event_type: str) -> str:
    """Returns the name under which an event may be counted live."""
    return SESSIONS if kind in ABOUT_SESSIONS else event_type


def may_be_traced(kind: str) -> bool:
    return kind not in SECRET_KINDS
