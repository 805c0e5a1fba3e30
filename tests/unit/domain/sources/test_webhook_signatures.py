"""Signatures of Standard Webhooks, by the example that the standard publishes."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.sources.webhook_signatures import (
    SignedHeaders,
    is_genuine,
    is_timely,
    read_secret,
    signature,
    written_secret,
)

PUBLISHED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, TIMESTAMP = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
SECRET = read_secret(PUBLISHED)
SIGNED_AT = datetime.fromtimestamp(int(TIMESTAMP), UTC)


def headers(signatures: str = SIGNATURE) -> SignedHeaders:
    return SignedHeaders(ID, TIMESTAMP, signatures)


def test_the_published_example_has_the_published_signature() -> None:
    assert signature(SECRET, ID, TIMESTAMP, BODY) == SIGNATURE
    assert is_genuine([SECRET], headers(), BODY)


@pytest.mark.parametrize(
    ("signatures", "genuine"),
    [
        (f"v1,AAAA {SIGNATURE}", True),  # the sender rotates its secret
        (f"v1a,AAAA {SIGNATURE}", True),  # other schemes are passed over
        (SIGNATURE[:-1], False),
        (SIGNATURE.replace("v1,", "v2,"), False),
        (SIGNATURE.removeprefix("v1,"), False),
        ("", False),
        ("é", False),
        (" ".join(["v1,AAAA"] * 5 + [SIGNATURE]), False),  # more than are looked at
    ],
)
def test_one_right_signature_is_enough(signatures: str, genuine: bool) -> None:
    assert is_genuine([SECRET], headers(signatures), BODY) is genuine


def test_either_secret_counts_during_a_rotation_and_none_other() -> None:
    other = b"x" * 32
    assert is_genuine([other, SECRET], headers(), BODY)
    assert not is_genuine([other], headers(), BODY)
    assert not is_genuine([], headers(), BODY)


@pytest.mark.parametrize(
    ("seconds", "timely"),
    [(0, True), (300, True), (301, False), (-300, True), (-301, False)],
)
def test_a_request_is_five_minutes_old_at_most_either_way(
    seconds: int, timely: bool
) -> None:
    assert is_timely(TIMESTAMP, SIGNED_AT + timedelta(seconds=seconds)) is timely


@pytest.mark.parametrize(
    "timestamp", ["", "-1", "1e9", "１６１４２６５３３０", "9" * 5000]
)
def test_what_is_no_time_is_never_timely(timestamp: str) -> None:
    assert not is_timely(timestamp, SIGNED_AT)


def test_a_secret_is_read_as_it_is_written() -> None:
    assert written_secret(read_secret(f" {PUBLISHED}\n")) == PUBLISHED


@pytest.mark.parametrize(
    "text",
    ["", "whsec_", "whsec_short", PUBLISHED.removeprefix("whsec_"), "whsec_" + "é" * 40,
     "whsec_" + "A" * 400],
)  # fmt: skip
def test_what_is_no_secret_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="allowed: whsec_") as refused:
        read_secret(text)
    assert len(text) < 10 or text not in str(refused.value)
