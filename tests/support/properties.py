"""How property tests run: one profile for all of them, loaded before any of them is defined.

Each keeps its own `max_examples`; it is chosen so that the test takes at most a few
seconds of processor time.
"""

from hypothesis import HealthCheck, settings

PROFILE = "binome"


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
