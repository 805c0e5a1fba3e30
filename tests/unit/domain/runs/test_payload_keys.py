"""Whether the parts have the same keys, a row each."""

import pytest

from domain.runs.payload_keys import encrypting_keys, missing_keys
from schemas.records.payload_keys import KeyUse, PayloadKeyHolding

PARTS = ("worker", "gateway")
E, D, NO = KeyUse.ENCRYPTS, KeyUse.DECRYPTS, None


def held(part: str, **keys: KeyUse | None) -> list[PayloadKeyHolding]:
    return [
        PayloadKeyHolding(part=part, key_id=key_id, use=use)
        for key_id, use in keys.items()
    ]


@pytest.mark.parametrize(
    ("worker", "gateway", "words"),
    [
        ({}, {}, []),
        ({"a": E}, {"a": E}, []),
        ({"a": E, "b": D}, {"a": D, "b": E}, []),  # half-way through a rotation
        ({"a": E}, {}, ["with key a the worker encrypts, the gateway cannot"]),
        ({"a": NO}, {"a": E}, ["with key a the gateway encrypts, the worker cannot"]),
        ({"a": E, "b": D}, {"a": E}, ["with key b the worker decrypts, the gateway cannot"]),
        ({"a": NO, "b": E}, {"b": E}, []),  # a key that everybody gave up
    ],
)  # fmt: skip
def test_a_key_that_one_has_and_another_has_not_is_named(
    worker: dict[str, KeyUse | None],
    gateway: dict[str, KeyUse | None],
    words: list[str],
) -> None:
    holdings = [*held("worker", **worker), *held("gateway", **gateway)]
    assert missing_keys(holdings, PARTS) == words


def test_while_keys_are_rotated_two_encrypt() -> None:
    holdings = [*held("worker", a=E, b=D), *held("gateway", a=D, b=E)]
    assert encrypting_keys(holdings) == ["a", "b"]
