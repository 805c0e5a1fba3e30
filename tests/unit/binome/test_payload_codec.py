"""What the codec does to payloads, without a server."""

import pytest
from temporalio.api.common.v1 import Payload

from tests.support.encryption import (
    FIRST,
    FIRST_ID,
    SECOND,
    SECOND_ID,
    Registered,
    ring,
)
from workers.payload_codec import (
    ENCODING,
    KEY_ID,
    EncryptingCodec,
    PayloadKeyMissing,
)

PLAIN = Payload(
    metadata={"encoding": b"json/plain", "messageType": b"x"}, data=b'{"mentee":"p1"}'
)


async def encrypted(*keys: str) -> Payload:
    return (await EncryptingCodec(ring(*keys)).encode([PLAIN]))[0]


async def test_a_payload_comes_back_whole_and_shows_nothing_meanwhile() -> None:
    sealed = await encrypted(FIRST)
    assert dict(sealed.metadata) == {"encoding": ENCODING, KEY_ID: FIRST_ID.encode()}
    assert b"mentee" not in sealed.data and b"json" not in sealed.data
    assert await EncryptingCodec(ring(FIRST)).decode([sealed]) == [PLAIN]


async def test_the_same_payload_never_looks_the_same() -> None:
    assert (await encrypted(FIRST)).data != (await encrypted(FIRST)).data


async def test_the_first_key_encrypts_and_all_decrypt() -> None:
    old, new = await encrypted(FIRST), await encrypted(SECOND, FIRST)
    assert new.metadata[KEY_ID] == SECOND_ID.encode()
    assert await EncryptingCodec(ring(SECOND, FIRST)).decode([old, new]) == [PLAIN] * 2


async def test_behind_the_word_plain_keys_only_decrypt() -> None:
    codec = EncryptingCodec(ring("plain", FIRST))
    assert await codec.encode([PLAIN]) == [PLAIN]
    assert await codec.decode([await encrypted(FIRST)]) == [PLAIN]


async def test_what_was_never_encrypted_is_read_as_it_is() -> None:
    assert await EncryptingCodec(ring(FIRST)).decode([PLAIN]) == [PLAIN]


async def test_a_missing_key_of_ours_is_named_with_its_remedy() -> None:
    codec = EncryptingCodec(ring(SECOND), Registered(FIRST_ID))
    with pytest.raises(PayloadKeyMissing, match=f"{FIRST_ID}.*BINOME_PAYLOAD_KEYS"):
        await codec.decode([await encrypted(FIRST)])


async def test_without_a_registry_every_missing_key_is_one_of_ours() -> None:
    with pytest.raises(PayloadKeyMissing):
        await EncryptingCodec(ring()).decode([await encrypted(FIRST)])


async def test_a_payload_under_a_key_that_is_not_ours_is_handed_on() -> None:
    codec = EncryptingCodec(ring(SECOND), Registered(SECOND_ID))
    sealed = await encrypted(FIRST)
    assert await codec.decode([sealed]) == [sealed]


def changed(sealed: Payload, **metadata: bytes) -> Payload:
    copy = Payload(metadata=dict(sealed.metadata), data=sealed.data)
    for name, value in metadata.items():
        copy.metadata[name.replace("_", "-")] = value
    return copy


@pytest.mark.parametrize("length", [0, 1, 12, 27, 28, 40])
async def test_a_payload_cut_short_is_handed_on(length: int) -> None:
    sealed = await encrypted(FIRST)
    sealed.data = sealed.data[:length]
    assert await EncryptingCodec(ring(FIRST)).decode([sealed]) == [sealed]


async def test_a_payload_that_somebody_changed_is_handed_on() -> None:
    sealed = await encrypted(FIRST)
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    assert await EncryptingCodec(ring(FIRST)).decode([sealed]) == [sealed]


async def test_a_payload_under_the_id_of_another_key_is_handed_on() -> None:
    forged = changed(await encrypted(FIRST), encryption_key_id=SECOND_ID.encode())
    assert await EncryptingCodec(ring(FIRST, SECOND)).decode([forged]) == [forged]


@pytest.mark.parametrize("key_id", [b"", b"\xff" * 3, b"x" * 1000])
async def test_an_id_that_is_none_is_no_key_of_ours(key_id: bytes) -> None:
    forged = changed(await encrypted(FIRST), encryption_key_id=key_id)
    codec = EncryptingCodec(ring(FIRST), Registered(FIRST_ID))
    assert await codec.decode([forged]) == [forged]


def test_a_ring_shows_no_key() -> None:
    assert FIRST not in repr(ring(FIRST)) and "Cipher" not in repr(ring(FIRST))
