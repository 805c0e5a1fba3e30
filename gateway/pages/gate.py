"""The readiness gate as a list to show: what it asks for, and what is met."""

from schemas.pair import PairState


def gate_items(state: PairState) -> list[tuple[str, bool]]:
    """(item, met) in the order in which they are usually met; a module's item is `module:CODE`."""
    gate, training = state.gate, state.policy.training
    items = [
        ("volunteer", gate.volunteered),
        ("windows", gate.windows),
        *((f"module:{m}", m in gate.modules) for m in training.modules),
        *([("rehearsal", gate.rehearsed)] if training.rehearsal else []),
        ("sign_off", gate.signed_off),
        ("charter", gate.charter),
    ]
    return [(item, met or item in gate.waived) for item, met in items]
