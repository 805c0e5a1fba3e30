"""Whether worker, gateway and commands can read one another's payloads, as `binome doctor` says it."""

from binome.doctor.asking import ask_store, not_found_out
from binome.doctor.diagnosis import Diagnosis
from binome.servers import ServerAddresses
from domain.runs.payload_keys import encrypting_keys, missing_keys
from schemas.records.payload_keys import KeyUse, PayloadKeyHolding
from workers.payload_keys import PayloadKeyRing

COMMAND = "command"
PARTS = ("worker", "gateway", COMMAND)


async def payload_keys(servers: ServerAddresses) -> Diagnosis:
    """Compare the keys that worker and gateway had at their last start with one another and with ours."""
    subject = "payload keys"
    announced = await ask_store(servers, lambda store: store.payload_keys.listing())
    if announced is None:
        return not_found_out(subject, "compared")
    holdings = [*announced, *_own(PayloadKeyRing.of(servers.settings))]
    if missing := missing_keys(holdings, PARTS):
        remedy = (
            "give worker, gateway and commands the same BINOME_PAYLOAD_KEYS, "
            "and start worker and gateway again; what waits for a key goes on by itself"
        )
        return Diagnosis(subject, False, "; ".join(missing), remedy)
    if encrypting := encrypting_keys(holdings):
        found = f"histories are encrypted with {' and '.join(encrypting)}"
        return Diagnosis(subject, True, f"{found}; everybody has every key")
    return Diagnosis(subject, True, "histories are not encrypted (BINOME_PAYLOAD_KEYS)")


def _own(ring: PayloadKeyRing) -> list[PayloadKeyHolding]:
    return [
        PayloadKeyHolding(
            part=COMMAND,
            key_id=key.id,
            use=KeyUse.ENCRYPTS if key == ring.first else KeyUse.DECRYPTS,
        )
        for key in ring.keys.values()
    ]
