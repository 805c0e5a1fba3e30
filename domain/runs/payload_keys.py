"""Whether the parts of an installation can read one another's payloads."""

from collections.abc import Iterable, Sequence

from schemas.records.payload_keys import KeyUse, PayloadKeyHolding


def missing_keys(
    holdings: Sequence[PayloadKeyHolding], parts: Iterable[str]
) -> list[str]:
    """Each key that one of the parts has and another has not, in words; empty where all have the same."""
    found = []
    for key_id in sorted({held.key_id for held in holdings if held.use}):
        uses = {held.part: held.use for held in holdings if held.key_id == key_id}
        without = [f"the {part}" for part in sorted(parts) if not uses.get(part)]
        having = [
            f"the {part} {use.value}" for part, use in sorted(uses.items()) if use
        ]
        if without:
            found.append(
                f"with key {key_id} {' and '.join(having)}, {' and '.join(without)} cannot"
            )
    return found


def encrypting_keys(holdings: Iterable[PayloadKeyHolding]) -> list[str]:
    """Keys with which new payloads are encrypted: one, or two while keys are rotated."""
    return sorted({held.key_id for held in holdings if held.use is KeyUse.ENCRYPTS})
