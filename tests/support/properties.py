"""How property tests run: one profile for all of them, loaded before any of them is defined.

Each takes at most a few seconds of processor time: Hypothesis' own hundred examples, or
for those that need more or are dear, a `budget`.
"""

import os

from hypothesis import HealthCheck, settings

PROFILE = "binome"

LOCAL_SHARE = 0.5
"""How much of a budget is used where `CI` is not set: examples are new in each run, and add up."""


def budget(examples: int) -> int:
    """How many examples a property is tried with: all on CI, a share elsewhere."""
    return examples if os.environ.get("CI") else round(examples * LOCAL_SHARE)


def load_profile() -> None:
    """Let no property fail because the machine is slow or busy.

    Everything else is as Hypothesis chooses it: where `CI` is set, it draws the same
    examples in every run.
    """
    settings.register_profile(
        PROFILE,
        parent=settings(),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile(PROFILE)
